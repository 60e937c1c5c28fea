import { describe, expect, it } from 'vitest'
import type { Program } from '../../../src/application/program.ts'
import { sleep } from '../../../src/application/program.ts'
import { cache } from '../../../src/application/stores/cache/cache.ts'
import type { CacheClient, CacheOutcome } from '../../../src/application/stores/cache/cache-client.ts'
import { isCacheClient } from '../../../src/application/stores/cache/cache-client.ts'
import { Keyspace } from '../../../src/application/stores/cache/keyspace.ts'
import type { Fault } from '../../../src/simulation/fault.ts'
import type { StoreRun } from './store-world.ts'
import { runOn, seconds, strike } from './store-world.ts'

function text<T>(outcome: CacheOutcome<T>): string {
  return outcome.kind === 'answered' ? String(outcome.value) : outcome.reason
}

function on(
  program: (client: CacheClient, tell: (text: string) => void) => Program,
  options: Readonly<Record<string, unknown>> = {},
  faults: readonly Fault[] = [],
): StoreRun {
  return runOn(cache, options, isCacheClient, [{ name: 'ann', program }], faults)
}

describe('a key', () => {
  it('is set once by whoever sets it if it is absent, until its time is over', () => {
    const { log } = on(function* program(client, tell) {
      tell(text(yield* client.setIfAbsent('a', '1', 2 * seconds)))
      tell(text(yield* client.setIfAbsent('a', '2', 2 * seconds)))
      tell(text(yield* client.get('a')))
      yield* sleep(2 * seconds)
      tell(text(yield* client.get('a')))
      tell(text(yield* client.setIfAbsent('a', '3', undefined)))
    })
    expect(log).toEqual(['true', 'false', '1', 'undefined', 'true'])
  })

  it('is gone after a restart, unless there is a log', () => {
    const program = function* program(client: CacheClient, tell: (text: string) => void): Program {
      yield* client.set('a', '1', undefined)
      yield* sleep(10 * seconds)
      tell(text(yield* client.get('a')))
    }
    const crash = [strike('crash', 'store', 5 * seconds, seconds)]
    expect(on(program, { replica: false }, crash).log).toEqual(['undefined'])
    expect(on(program, { replica: false, 'append-only-file': 'everysec' }, crash).log).toEqual(['1'])
  })
})

it('a set forgets all its members at once, and every expire puts that off for all of them', () => {
  const keys = new Keyspace()
  const has = (member: string, now: number): boolean => {
    const { result } = keys.execute({ kind: 'has', key: 'seen', member }, now)
    return result.kind === 'done' && result.done
  }
  for (const now of [0, 8]) {
    keys.execute({ kind: 'add', key: 'seen', member: `at-${now}` }, now)
    keys.execute({ kind: 'expire', key: 'seen', lives: 10 }, now)
  }
  expect(has('at-0', 17)).toBe(true)
  expect(has('at-8', 18)).toBe(false)
})

describe('a failover', () => {
  const written = function* program(client: CacheClient, tell: (text: string) => void): Program {
    yield* sleep(seconds)
    tell(text(yield* client.set('early', '1', undefined)))
    yield* sleep(seconds)
    tell(text(yield* client.set('late', '1', undefined)))
    yield* sleep(40 * seconds)
    tell(text(yield* client.get('early')))
    tell(text(yield* client.get('late')))
  }
  const cutThenCrash = [
    strike('partition', [['store-1'], ['store-2']], 1_500_000, 30 * seconds),
    strike('crash', 'store-1', 3_400_000, 20 * seconds),
  ]

  it('forgets what the replica did not have yet, although it was confirmed', () => {
    const { log, facts } = on(written, { 'down-after': 2 * seconds }, cutThenCrash)
    expect(log).toEqual(['true', 'true', '1', 'undefined'])
    expect(facts.filter(({ kind }) => kind === 'failed-over')).toHaveLength(1)
  })

  it('forgets nothing that the replica has', () => {
    const crash = [strike('crash', 'store-1', 3 * seconds, 20 * seconds)]
    expect(on(written, { 'down-after': 2 * seconds }, crash).log).toEqual(['true', 'true', '1', '1'])
  })

  it('still forgets what a writer gave up waiting for', () => {
    const options = { 'down-after': 2 * seconds, 'wait-for-replica': true }
    expect(on(written, options, cutThenCrash).log).toEqual(['true', 'true', '1', 'undefined'])
  })
})

it('a primary that was cut off steps back when it hears of a newer one', () => {
  const { log } = on(
    function* program(client, tell) {
      yield* sleep(seconds)
      tell(text(yield* client.set('a', 'before', undefined)))
      yield* sleep(10 * seconds)
      tell(text(yield* client.set('a', 'to the old primary', undefined)))
      yield* sleep(40 * seconds)
      tell(text(yield* client.get('a')))
    },
    { 'down-after': 2 * seconds },
    [strike('partition', [['store-1'], ['store-2']], 2 * seconds, 20 * seconds)],
  )
  expect(log).toEqual(['true', 'true', 'before'])
})
