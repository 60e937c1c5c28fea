import type { Micros } from '../../../../simulation/duration.ts'
import { second } from '../../../../simulation/duration.ts'
import type { QueuePlan } from '../../../../systems/sqs/options/queue-plan.ts'
import type { QueueCounts } from '../../../../systems/sqs/protocol.ts'
import { arnOf, urlOf } from '../../sqs/message.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered, callService } from './call-of-code.ts'

export interface GetQueueUrlAnswer extends Answered {
  readonly QueueUrl: string
}

export async function getQueueUrl(of: CallOfCode): Promise<GetQueueUrlAnswer> {
  const queue = of.input.text('QueueName')
  // Where it sends to is there already, and who only sends has no client to ask with.
  if (of.inside.context.outbound(queue) === undefined)
    await callService(of, { type: 'GetQueueUrl', queue }, () => undefined)
  return { ...answered(of), QueueUrl: urlOf(queue) }
}

export interface GetQueueAttributesAnswer extends Answered {
  readonly Attributes?: Record<string, string>
}

export async function getQueueAttributes(of: CallOfCode): Promise<GetQueueAttributesAnswer> {
  const { input } = of
  const queue = input.queue()
  const asked = input.texts('AttributeNames')
  const all = await callService(of, { type: 'GetQueueAttributes', queue }, (answer) =>
    answer.type === 'queue' ? attributesOf(answer.plan, answer.counts) : {},
  )
  const named = asked.includes('All') ? Object.keys(all) : asked
  const unknown = named.find((name) => !known.has(name))
  if (unknown !== undefined) throw input.refused('InvalidAttributeName', `Unknown attribute ${unknown}.`)
  const attributes = Object.entries(all).filter(([name]) => named.includes(name))
  return { ...answered(of), ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }) }
}

/** As the service writes them: all of them texts, times in seconds. */
function attributesOf(plan: QueuePlan, counts: QueueCounts): Record<string, string> {
  const { name, rules, deadLetterQueue, isFifo } = plan
  return {
    QueueArn: arnOf(name),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: secondsOf(rules.visibilityTimeout),
    MessageRetentionPeriod: secondsOf(rules.retention),
    DelaySeconds: secondsOf(rules.delay),
    ReceiveMessageWaitTimeSeconds: secondsOf(plan.waitTime),
    MaximumMessageSize: String(plan.largestMessage),
    ...(deadLetterQueue === undefined ? {} : { RedrivePolicy: policyOf(deadLetterQueue, rules.maxReceiveCount) }),
    ...(isFifo ? { FifoQueue: 'true', ContentBasedDeduplication: String(plan.usesContent) } : {}),
  }
}

function policyOf(target: string, maxReceiveCount: number | undefined): string {
  return JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount })
}

/** Attributes that are in a check; there are others, of access and encryption. */
const known: ReadonlySet<string> = new Set([
  ...['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  ...['ApproximateNumberOfMessagesDelayed', 'VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds'],
  ...['ReceiveMessageWaitTimeSeconds', 'MaximumMessageSize', 'RedrivePolicy', 'FifoQueue', 'ContentBasedDeduplication'],
])

function secondsOf(time: Micros): string {
  return String(Math.floor(time / second))
}
