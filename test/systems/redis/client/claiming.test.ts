import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../../src/run.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../../src/scenario/problem.ts'

type Document = Readonly<Record<string, unknown>>

function play(services: Document, faults: readonly Document[] = [], redis: Document = {}): Run {
  const document = {
    title: 'A group',
    seed: 'claiming',
    systems: { redis: { redis: { appendonly: true, streams: { orders: {}, dead: {} }, ...redis } } },
    services,
    faults,
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

/** The times at which a node was handed a message, in seconds. */
function handed({ history }: Run, node: string, message: string): readonly number[] {
  return [...history]
    .filter((fact) => fact.kind === 'delivered' && history.names.text(fact.node) === node)
    .filter((fact) => history.names.text(Number(fact['message'])) === message)
    .map(({ time }) => time / 1_000_000)
}

function fatesIn({ history }: Run, kind: string, message: string): number {
  return [...history].filter((fact) => fact.kind === kind && history.names.text(Number(fact['message'])) === message)
    .length
}

describe('XAUTOCLAIM goes on where the last one ended', () => {
  // Each looks at ten pending entries for the one that is wanted. Fifteen are in good hands, and the sixteenth is not.
  const shop = { sends: { to: 'redis/orders', messages: 16, rate: '100/s' } }
  const busy = {
    receives: { from: 'redis/orders', group: 'g', limit: 15, after: '1s' },
    consumer: { 'keep-claimed': '500ms' },
    handling: { takes: '20s' },
  }
  const dead = { receives: { from: 'redis/orders', group: 'g', after: '2s' }, handling: { takes: '1h' } }
  const heir = {
    receives: { from: 'redis/orders', group: 'g', after: '3s' },
    consumer: { 'min-idle-time': '4s', 'claim-interval': '1s' },
    handling: { takes: '1ms' },
  }
  const crashOf = (service: string, at: string): Document => ({ at, crash: service, for: '1h' })

  it('and so finds an idle entry behind many that are not', () => {
    const ran = play({ shop, busy, dead, heir }, [crashOf('dead', '2500ms')])
    expect(handed(ran, 'dead', 'order-15')).toHaveLength(1)
    const [claimed = Infinity] = handed(ran, 'heir', 'order-15')
    expect(claimed).toBeGreaterThan(6)
    expect(claimed).toBeLessThan(10)
    expect(handed(ran, 'heir', 'order-0')).toEqual([])
  })

  it('and begins anew at the end', () => {
    const ran = play({ shop, busy, dead, heir }, [crashOf('dead', '2500ms'), crashOf('busy', '12s')])
    for (const message of ['order-0', 'order-7', 'order-14']) {
      const [claimed = Infinity] = handed(ran, 'heir', message)
      expect(claimed).toBeGreaterThan(15)
      expect(claimed).toBeLessThan(35)
    }
  })
})

describe('an entry that was delivered too often is set aside', () => {
  const shop = { sends: { to: 'redis/orders', messages: 10, rate: '50/s' } }
  const handling = { takes: '1ms', fails: { messages: 'order-4' } }
  const limit = { 'max-deliveries': 3, 'dead-letter': 'dead' }

  it.each([
    ['by XAUTOCLAIM', { 'min-idle-time': '1s' }, 'requeue'],
    ['with the read', { 'min-idle-time': '1s', 'claim-with': 'CLAIM' }, 'crash'],
    ['out of the own history, after each crash', {}, 'crash'],
    ['out of the own history, each time', { 'read-pending': 'always' }, 'requeue'],
  ])('whether it comes %s', (_, consumer, onError) => {
    const billing = {
      receives: 'redis/orders',
      consumer: { ...limit, ...consumer },
      handling: { ...handling, 'on-error': onError },
    }
    const ran = play({ shop, billing })
    expect(handed(ran, 'billing', 'order-4')).toHaveLength(3)
    expect(fatesIn(ran, 'given-up', 'order-4')).toBe(1)
  })

  it('and stays pending where it cannot be put', () => {
    const billing = { receives: 'redis/orders', consumer: { ...limit, 'min-idle-time': '1s' }, handling }
    const full = { maxmemory: '4 KiB' }
    const ran = play({ shop: { ...shop, sends: { ...shop.sends, messages: 40 } }, billing }, [], full)
    expect(fatesIn(ran, 'given-up', 'order-4')).toBeGreaterThan(1)
    expect(fatesIn(ran, 'entry-acknowledged', 'order-4')).toBe(0)
  })
})

describe('a pop for several lists', () => {
  it('takes from a list when those before it are empty', () => {
    const redis = { streams: {}, lists: { first: {}, second: {} } }
    const fill = (name: string) => ({ sends: { to: `redis/${name}`, name, messages: 3, rate: '1000/s' } })
    const worker = {
      receives: { from: 'redis/first', after: '1s' },
      consumer: { 'and-then': ['second'] },
      handling: { takes: '1ms' },
    }
    const ran = play({ one: fill('first'), two: fill('second'), worker }, [], redis)
    const { history } = ran
    const order = [...history]
      .filter(({ kind }) => kind === 'delivered')
      .map((fact) => history.names.text(Number(fact['message'])))
    expect(order).toEqual(['first-0', 'first-1', 'first-2', 'second-0', 'second-1', 'second-2'])
    expect(ran.rows.find(({ guarantee, level }) => guarantee === 'no-loss' && level === 'delivery')?.verdict).toBe(
      'holds',
    )
  })
})
