import { expect, it } from 'vitest'
import { millisecond } from '../../../../src/simulation/duration.ts'
import { ExponentialBackOff, quorumReconnect } from '../../../../src/systems/kafka/server/exponential-back-off.ts'

it('whoever asks the quorum in vain waits twice as long each time, up to half a second, and after an answer as at first', () => {
  const backOff = new ExponentialBackOff(quorumReconnect)
  const waits = Array.from({ length: 6 }, () => backOff.next() / millisecond)
  expect(waits).toEqual([50, 100, 200, 400, 500, 500])
  backOff.reset()
  expect(backOff.next()).toBe(50 * millisecond)
})
