import { describe, expect, it } from 'vitest'
import { isApiClient } from '../../../src/application/stores/external-api/api-client.ts'
import { externalApi } from '../../../src/application/stores/external-api/external-api.ts'
import type { StoreRun } from './store-world.ts'
import { billed, countOf, runOn, seconds, strike } from './store-world.ts'

type Call = readonly [at: number, operation: number, key: string | undefined]

/** Makes these calls, each from a process of its own. */
function calls(all: readonly Call[], options = {}, faults: Parameters<typeof runOn>[4] = []): StoreRun {
  const actors = all.map(([at, operation, key], index) => ({
    name: `caller-${index}`,
    at,
    *program(client: Parameters<typeof isApiClient>[0], log: (text: string) => void) {
      if (!isApiClient(client)) return
      const outcome = yield* client.call(billed(operation), key)
      log('replayed' in outcome && outcome.replayed ? `${outcome.kind} again` : outcome.kind)
    },
  }))
  return runOn(externalApi, options, isApiClient, actors, faults)
}

const charged = ({ facts }: StoreRun): number => countOf(facts, 'effect-applied')

describe('an API', () => {
  it('charges twice for two calls without a key', () => {
    const run = calls([
      [0, 1, undefined],
      [seconds, 1, undefined],
    ])
    expect(run.log).toEqual(['executed', 'executed'])
    expect(charged(run)).toBe(2)
  })

  it('charges once for two calls with the same key, and answers both alike', () => {
    const run = calls([
      [0, 1, 'a'],
      [seconds, 1, 'a'],
    ])
    expect(run.log).toEqual(['executed', 'executed again'])
    expect(charged(run)).toBe(1)
  })

  it('ignores keys that it does not know', () => {
    const twice: readonly Call[] = [
      [0, 1, 'a'],
      [seconds, 1, 'a'],
    ]
    expect(charged(calls(twice, { 'idempotency-keys': false }))).toBe(2)
  })

  it('refuses a key that is in use at this moment, and one that came with something else', () => {
    const run = calls([
      [0, 1, 'a'],
      [5_000, 1, 'a'],
      [seconds, 2, 'a'],
    ])
    expect(run.log).toEqual(['conflict', 'executed', 'mismatch'])
    expect(charged(run)).toBe(1)
  })

  it('forgets keys when their time is over', () => {
    const run = calls(
      [
        [0, 1, 'a'],
        [3 * seconds, 1, 'a'],
      ],
      { 'keeps-keys': 2 * seconds },
    )
    expect(charged(run)).toBe(2)
  })
})

describe('an API that ends in an error', () => {
  const twice: readonly Call[] = [
    [0, 1, 'a'],
    [seconds, 1, 'a'],
  ]

  it('keeps it as the result of the key', () => {
    expect(calls(twice, { errors: 1 }).log).toEqual(['error', 'error again'])
  })

  it('executes the next call anew where it keeps no errors', () => {
    expect(calls(twice, { errors: 1, 'keeps-errors': false }).log).toEqual(['error', 'error'])
  })
})

it('remembers keys and effects after a crash, also what it could not answer any more', () => {
  const crash = { ...strike('crash', 'store', 0, seconds), strikes: { at: 20_150 } }
  const run = calls(
    [
      [0, 1, 'a'],
      [3 * seconds, 1, 'a'],
    ],
    {},
    [crash],
  )
  expect(run.log).toEqual(['unknown', 'executed again'])
  expect(charged(run)).toBe(1)
})

it('finds what was done, after a while', () => {
  const find = (name: string, at: number) => ({
    name,
    at,
    *program(client: Parameters<typeof isApiClient>[0], log: (text: string) => void) {
      if (isApiClient(client)) log(`${name} ${String(yield* client.find(billed(1)))}`)
    },
  })
  const charge = {
    name: 'caller',
    *program(client: Parameters<typeof isApiClient>[0]) {
      yield* client.apply(billed(1))
    },
  }
  const { log } = runOn(externalApi, { 'found-after': 2 * seconds }, isApiClient, [
    charge,
    find('early', seconds),
    find('late', 3 * seconds),
  ])
  expect(log).toEqual(['early false', 'late true'])
})
