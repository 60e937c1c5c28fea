import { second } from '../../simulation/duration.ts'
import type { SmallestSystem } from '../smallest-system.ts'

/** One queue, whose consumers are given up at once when they die, and after two to three missed heartbeats when they are silent. */
export function smallestBroker(): SmallestSystem {
  return {
    options: { queues: { orders: {} } },
    address: 'orders',
    consumer: { prefetch: 1, requestedHeartbeat: 1 },
    redeliveredAfter: 3 * second,
    hasPositions: false,
  }
}
