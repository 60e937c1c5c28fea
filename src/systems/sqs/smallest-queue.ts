import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { SmallestSystem } from '../smallest-system.ts'

/** One standard queue with long polls, whose visibility timeout is what gives up a silent consumer. */
export function smallestQueue(redeliveredAfter: Micros): SmallestSystem {
  const timeout = Math.max(second, redeliveredAfter)
  return {
    options: {
      queues: { orders: { VisibilityTimeout: `${timeout}us`, ReceiveMessageWaitTimeSeconds: '20s' } },
    },
    address: 'orders',
    consumer: { terminateVisibilityTimeout: true },
    redeliveredAfter: timeout,
    hasPositions: false,
  }
}
