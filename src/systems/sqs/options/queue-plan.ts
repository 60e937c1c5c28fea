import type { Micros } from '../../../simulation/duration.ts'
import type { OptionValues, Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import type { QueueRules, Storage } from '../core/queue-core.ts'
import { serviceTable } from './service-table.ts'

/** What an operator does with a queue, and when. */
export interface OperatorActs {
  readonly purgedAt: Micros | undefined
  readonly deletedAt: Micros | undefined
  readonly delaySet: { readonly at: Micros; readonly delay: Micros } | undefined
  readonly redrive: { readonly at: Micros; readonly perSecond: number } | undefined
}

/** A queue as the service sets it up. */
export interface QueuePlan {
  readonly name: string
  readonly isFifo: boolean
  readonly rules: QueueRules
  readonly deadLetterQueue: string | undefined
  readonly waitTime: Micros
  readonly largestMessage: number
  readonly usesContent: boolean
  /** Calls of each action in a second, and what they are counted for; nothing for a standard queue. */
  readonly throttle: { readonly perSecond: number; readonly per: 'queue' | 'group' } | undefined
  readonly acts: OperatorActs
}

export interface ServicePlan {
  readonly queues: ReadonlyMap<string, QueuePlan>
  readonly storage: Storage
  readonly internalErrors: number
  readonly timePerRequest: Micros
}

type QueueValues = OptionValues<typeof serviceTable>['queues'][string]

/** How fast a redrive is whose speed the service decides. */
const systemOptimised = 500

export function servicePlanOf(settings: Settings): ServicePlan {
  const values = valuesOf(serviceTable, settings)
  const plans = Object.entries(values.queues).map(([name, queue]) => queuePlan(name, queue))
  return {
    queues: new Map(plans.map((plan) => [plan.name, plan])),
    storage: {
      servers: values.servers,
      copies: values.copies,
      shortPollServers: values['short-poll-servers'],
      repairWithin: values['repair-within'],
      oldHandleDeletes: values['old-handle-deletes'],
    },
    internalErrors: values['internal-errors'],
    timePerRequest: values['time-per-request'],
  }
}

function queuePlan(name: string, queue: QueueValues): QueuePlan {
  const { RedrivePolicy: policy, FifoQueue: isFifo } = queue
  const target = policy.deadLetterTargetArn
  const per = queue.FifoThroughputLimit === 'perQueue' ? 'queue' : 'group'
  return {
    name,
    isFifo,
    rules: {
      visibilityTimeout: queue.VisibilityTimeout,
      retention: queue.MessageRetentionPeriod,
      delay: queue.DelaySeconds,
      maxReceiveCount: target === null ? undefined : policy.maxReceiveCount,
      inFlightLimit: queue['in-flight-limit'],
      scanWindow: queue['scan-window'],
      deduplicationScope: queue.DeduplicationScope,
    },
    deadLetterQueue: target === null ? undefined : queueNameOf(target),
    waitTime: queue.ReceiveMessageWaitTimeSeconds,
    largestMessage: queue.MaximumMessageSize,
    usesContent: queue.ContentBasedDeduplication,
    throttle: isFifo ? { perSecond: queue['calls-per-second'], per } : undefined,
    acts: actsOf(queue),
  }
}

function actsOf(queue: QueueValues): OperatorActs {
  const [setAt, delay, redrivenAt] = [queue['attributes-set-at'], queue['new-DelaySeconds'], queue['redriven-at']]
  const perSecond = queue.MaxNumberOfMessagesPerSecond ?? systemOptimised
  return {
    purgedAt: queue['purged-at'] ?? undefined,
    deletedAt: queue['deleted-at'] ?? undefined,
    delaySet: setAt === null || delay === null ? undefined : { at: setAt, delay },
    redrive: redrivenAt === null ? undefined : { at: redrivenAt, perSecond },
  }
}

/** `orders`, or `arn:aws:sqs:eu-central-1:123456789012:orders`. */
export function queueNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}
