import type { Micros } from '../../simulation/duration.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { QueueSettings } from './options.ts'
import { memoryOptions } from './options.ts'
import type { QueueRules } from './queue.ts'

/** A queue as its broker sets it up. */
export interface QueuePlan {
  readonly name: string
  readonly rules: QueueRules
  /** The queue that takes what this one gives up; without one, that is dropped. */
  readonly deadLetterQueue: string | undefined
  readonly visibilityTimeout: Micros | undefined
  /** The time of the run at which its dead letters are moved back. */
  readonly redriveAt: Micros | undefined
}

/** The queues and topics of a broker. */
export interface Topology {
  readonly queues: ReadonlyMap<string, QueuePlan>
  readonly topics: readonly string[]
  /** Queues that take dead letters. */
  readonly deadLetterQueues: ReadonlySet<string>
}

/** What the options declare, and the dead-letter queues that come of themselves. */
export function topologyOf(settings: Settings): Topology {
  const { queues, topics } = valuesOf(memoryOptions, settings)
  const isSet = (name: string, option: string): boolean => settings.explicit.includes(`queues.${name}.${option}`)
  const targetOf = (name: string, queue: QueueSettings): string | undefined =>
    queue['dead-letter'] ?? (isSet(name, 'dead-letter') ? undefined : `${name}.dead`)
  const targets = Object.entries(queues).map(([name, queue]) => targetOf(name, queue))

  const plans = new Map<string, QueuePlan>()
  for (const [name, queue] of Object.entries(queues)) {
    // The defaults of a queue give way where another one puts its dead letters into it.
    const isTarget = targets.includes(name)
    const attempts = isTarget && !isSet(name, 'attempts') ? 0 : queue.attempts
    const target = isTarget ? (queue['dead-letter'] ?? undefined) : targetOf(name, queue)
    plans.set(name, queuePlan(name, { ...queue, attempts }, target))
  }
  const deadLetterQueues = new Set([...plans.values()].flatMap((plan) => plan.deadLetterQueue ?? []))
  for (const name of deadLetterQueues) if (!plans.has(name)) plans.set(name, deadLetterPlan(name))
  return { queues: plans, topics: Object.keys(topics), deadLetterQueues }
}

function queuePlan(name: string, queue: QueueSettings, deadLetterQueue: string | undefined): QueuePlan {
  const { attempts, requeue, capacity } = queue
  return {
    name,
    rules: { attempts, requeue, capacity },
    deadLetterQueue,
    visibilityTimeout: queue['visibility-timeout'] ?? undefined,
    redriveAt: queue['redrive-after'] ?? undefined,
  }
}

/** Nothing gives up a dead letter. */
function deadLetterPlan(name: string): QueuePlan {
  return {
    name,
    rules: { attempts: 0, requeue: 'tail', capacity: null },
    deadLetterQueue: undefined,
    visibilityTimeout: undefined,
    redriveAt: undefined,
  }
}
