import { describe, expect, it } from 'vitest'
import type { LockClient } from '../../../src/application/stores/lock/lock-client.ts'
import { isLockClient } from '../../../src/application/stores/lock/lock-client.ts'
import { lockService } from '../../../src/application/stores/lock/lock-service.ts'
import { sleep } from '../../../src/application/program.ts'
import type { Actor, StoreRun } from './store-world.ts'
import { runOn, seconds, strike } from './store-world.ts'

/** Takes the lock for two seconds, works for one, and gives it back. */
function worker(name: string, at: number): Actor<LockClient> {
  return {
    name,
    at,
    *program(client, log) {
      const grant = yield* client.acquire('order', 2 * seconds)
      if (grant.kind === 'unknown') return log(`${name} got no lock: ${grant.reason}`)
      log(`${name} begins with ${grant.token}`)
      yield* sleep(seconds)
      log(`${name} ends`)
      log(`${name} ${(yield* client.release('order', grant.token)) ? 'still held it' : 'had lost it'}`)
    },
  }
}

const lock = (actors: readonly Actor<LockClient>[], options = {}, faults: Parameters<typeof runOn>[4] = []): StoreRun =>
  runOn(lockService, options, isLockClient, actors, faults)

describe('a lock', () => {
  it('is held by one at a time, with a higher token each time', () => {
    expect(lock([worker('ann', 0), worker('bob', 1000)]).log).toEqual([
      'ann begins with 1',
      'ann ends',
      'ann still held it',
      'bob begins with 2',
      'bob ends',
      'bob still held it',
    ])
  })

  it('is free again when the lease of a dead holder is over', () => {
    const { log, facts } = lock([worker('ann', 0), worker('bob', 1000)], {}, [
      strike('crash', 'ann', 500_000, 59 * seconds),
    ])
    expect(log.slice(1)).toEqual(['bob begins with 2', 'bob ends', 'bob still held it'])
    const granted = facts.filter(({ kind }) => kind === 'lock-granted').map(({ time }) => time)
    expect((granted[1] ?? 0) - (granted[0] ?? 0)).toBeGreaterThanOrEqual(2 * seconds - 1000)
  })

  it('is lost by a holder that is paused for longer than its lease, who goes on all the same', () => {
    const { log } = lock([worker('ann', 0), worker('bob', 1000)], {}, [strike('pause', 'ann', 500_000, 3 * seconds)])
    expect(log).toContain('ann had lost it')
    expect(log.indexOf('ann ends')).toBeGreaterThan(log.indexOf('bob begins with 2'))
  })

  it('goes on for as long as it is renewed', () => {
    const renewing: Actor<LockClient> = {
      name: 'ann',
      *program(client, log) {
        const grant = yield* client.acquire('order', 2 * seconds)
        for (let round = 0; round < 3 && grant.kind === 'granted'; round++) {
          yield* sleep(seconds)
          log(`renewed: ${yield* client.renew('order', grant.token)}`)
        }
      },
    }
    const { log } = lock([renewing, worker('bob', 1000)], { timeout: 10 * seconds })
    expect(log.slice(0, 4)).toEqual(['renewed: true', 'renewed: true', 'renewed: true', 'bob begins with 2'])
  })
})

describe('a lock service that crashes', () => {
  const crash = [strike('crash', 'store', 5 * seconds, seconds)]
  const tokens = (options: Readonly<Record<string, unknown>>): readonly string[] =>
    lock([worker('ann', 0), worker('bob', 10 * seconds)], options, crash).log.filter((line) => line.includes('begins'))

  it('goes on counting where it is', () => {
    expect(tokens({})).toEqual(['ann begins with 1', 'bob begins with 2'])
  })

  it('gives the same token twice where it keeps nothing', () => {
    expect(tokens({ keeps: 'nothing' })).toEqual(['ann begins with 1', 'bob begins with 1'])
  })
})
