import type { Micros } from '../../simulation/duration.ts'
import { millisecond, second } from '../../simulation/duration.ts'
import type { SmallestSystem } from '../smallest-system.ts'

/** A stream of two shards. A lease is over after the fail-over time, which is found within twice that. */
export function smallestStream(redeliveredAfter: Micros): SmallestSystem {
  const failover = Math.max(second, Math.floor(redeliveredAfter / 4))
  return {
    options: { streams: { orders: { ShardCount: 2 } } },
    address: 'orders',
    consumer: {
      initialPositionInStream: 'TRIM_HORIZON',
      failoverTimeMillis: Math.floor(failover / millisecond),
      'on-exception': 'retry',
    },
    redeliveredAfter: 4 * failover + second,
    hasPositions: true,
  }
}
