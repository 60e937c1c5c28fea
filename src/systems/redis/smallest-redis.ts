import { millisecond } from '../../simulation/duration.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { SmallestSystem } from '../smallest-system.ts'

/** One stream with a group whose members take over what is pending for others for too long. */
export function smallestRedis(redeliveredAfter: Micros): SmallestSystem {
  const idle = Math.max(redeliveredAfter, 2 * millisecond)
  return {
    options: { appendonly: true, appendfsync: 'always', streams: { orders: {} } },
    address: 'orders',
    consumer: {
      start: '0',
      'min-idle-time': `${idle}us`,
      'claim-interval': `${Math.max(millisecond, Math.floor(idle / 2))}us`,
    },
    redeliveredAfter: idle,
    hasPositions: false,
  }
}
