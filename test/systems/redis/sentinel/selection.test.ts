import { expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import type { ServerInformation } from '../../../../src/systems/redis/protocol.ts'
import { bestReplica } from '../../../../src/systems/redis/sentinel/selection.ts'
import type { Candidate } from '../../../../src/systems/redis/sentinel/selection.ts'

const now = 100 * second
const longestCut = 50 * second

function replica(name: string, told: Partial<ServerInformation> = {}, change: Partial<Candidate> = {}): Candidate {
  const information: ServerInformation = {
    type: 'info',
    role: 'replica',
    master: 'redis-1',
    linkUp: false,
    linkDownFor: 6 * second,
    offset: 1000,
    priority: 100,
    runId: name,
    ...told,
  }
  return { name, isConnected: true, informedAt: now - second, information, ...change }
}

const chosen = (...replicas: readonly Candidate[]): string | undefined => bestReplica(replicas, longestCut, now)?.name

it('the priority decides before the offset, and that before the run id', () => {
  expect(chosen(replica('a', { offset: 2000 }), replica('b', { priority: 10 }))).toBe('b')
  expect(chosen(replica('a'), replica('b', { offset: 2000 }))).toBe('b')
  expect(chosen(replica('b'), replica('a'))).toBe('a')
})

it('nobody is chosen who has priority 0, does not answer, or was cut off for too long', () => {
  expect(chosen(replica('a', { priority: 0 }))).toBeUndefined()
  expect(chosen(replica('a', {}, { isConnected: false }))).toBeUndefined()
  expect(chosen(replica('a', {}, { informedAt: now - 6 * second }))).toBeUndefined()
  expect(chosen(replica('a', { linkDownFor: 50 * second }))).toBe('a')
  expect(chosen(replica('a', { linkDownFor: 50 * second + 1 }))).toBeUndefined()
  expect(chosen()).toBeUndefined()
})
