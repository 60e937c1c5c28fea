import type { Micros } from '../../simulation/duration.ts'
import { millisecond, second } from '../../simulation/duration.ts'
import type { SmallestSystem } from '../smallest-system.ts'

/** The least that `group.min.session.timeout.ms` allows by default. */
const leastSession: Micros = 6 * second

/** One broker and one partition, whose consumers lose it when they are silent, or do not poll, for so long. */
export function smallestCluster(redeliveredAfter: Micros): SmallestSystem {
  const silence = Math.max(leastSession, redeliveredAfter)
  const timeout = Math.floor(silence / millisecond)
  return {
    options: { brokers: 1, topics: { orders: { partitions: 1, 'replication.factor': 1 } } },
    address: 'orders',
    consumer: {
      'auto.offset.reset': 'earliest',
      'session.timeout.ms': timeout,
      'max.poll.interval.ms': timeout,
      'max.poll.records': 1,
      'enable.auto.commit': false,
    },
    redeliveredAfter: silence,
    hasPositions: true,
  }
}
