import type { Micros } from '../../simulation/duration.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { QueueSettings } from './options.ts'
import { memoryOptions, noDeadLetters } from './options.ts'
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
  const targets = Object.entries(queues).map(([name, queue]) => queue['dead-letter'] ?? `${name}.dead`)
  const plans = new Map<string, QueuePlan>()
  for (const [name, queue] of Object.entries(queues)) {
    const capSet = settings.explicit.includes(`queues.${name}.attempts`)
    plans.set(name, targets.includes(name) ? declaredDeadLetterPlan(name, queue, capSet) : queuePlan(name, queue))
  }
  const deadLetterQueues = new Set([...plans.values()].flatMap((plan) => plan.deadLetterQueue ?? []))
  for (const name of deadLetterQueues) if (!plans.has(name)) plans.set(name, deadLetterPlan(name))
  return { queues: plans, topics: Object.keys(topics), deadLetterQueues }
}

function queuePlan(name: string, queue: QueueSettings): QueuePlan {
  const { attempts, requeue, capacity } = queue
  return {
    name,
    rules: { attempts, requeue, capacity },
    deadLetterQueue: queue['dead-letter'] === noDeadLetters ? undefined : (queue['dead-letter'] ?? `${name}.dead`),
    visibilityTimeout: queue['visibility-timeout'] ?? undefined,
    redriveAt: queue['redrive-after'] ?? undefined,
  }
}

/** The defaults of a queue give way where another one puts its dead letters into it. */
function declaredDeadLetterPlan(name: string, queue: QueueSettings, capSet: boolean): QueuePlan {
  return queuePlan(name, {
    ...queue,
    attempts: capSet ? queue.attempts : 0,
    'dead-letter': queue['dead-letter'] ?? noDeadLetters,
  })
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
