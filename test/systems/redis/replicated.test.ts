import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'

interface Play {
  readonly redis: Readonly<Record<string, unknown>>
  readonly producer?: Readonly<Record<string, unknown>>
  readonly faults?: readonly Readonly<Record<string, unknown>>[]
  readonly messages?: number
}

/** A shop sends ten orders a second into a stream from 8 s on. */
function play({ redis, producer = {}, faults = [], messages = 50 }: Play): Run {
  const document = {
    title: 'A replicated Redis',
    seed: 'replicated',
    systems: { redis: { redis: { appendonly: true, streams: { orders: {} }, ...redis } } },
    services: {
      shop: { sends: { to: 'redis/orders', messages, rate: '10/s', after: '8s' }, producer },
      billing: { receives: 'redis/orders', handling: { takes: '1ms', effect: 'billed' } },
    },
    faults,
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

function factsOf({ history }: Run, kind: string) {
  return [...history].filter((fact) => fact.kind === kind)
}

function outcomesOf(ran: Run): readonly string[] {
  return factsOf(ran, 'answered').map(({ outcome }) => ran.history.names.text(Number(outcome)))
}

describe('waiting for copies', () => {
  const waits = { 'wait.numreplicas': 1, 'wait.timeout': '3s' }

  it('WAIT is content with a replica that has the write, WAITAOF with one that has it on its disk', () => {
    const slowDisk = [{ at: '1s', 'slow-disk': 'redis-2', factor: 100_000, for: '1h' }]
    const redis = { replicas: 1, appendfsync: 'always' }
    const forMemory = play({ redis, producer: waits, faults: slowDisk, messages: 5 })
    expect(outcomesOf(forMemory)).toEqual(Array<string>(5).fill('confirmed'))
    const forDisks = play({ redis, producer: { ...waits, 'waitaof.numlocal': 1 }, faults: slowDisk, messages: 5 })
    expect(outcomesOf(forDisks)).not.toContain('confirmed')
    const unharmed = play({ redis, producer: { ...waits, 'waitaof.numlocal': 1 }, messages: 5 })
    expect(outcomesOf(unharmed)).toEqual(Array<string>(5).fill('confirmed'))
  })

  it('a lag of 0 means that nobody looks how many replicas are well', () => {
    const cut = [{ at: '1s', isolate: 'redis-2', for: '5min' }]
    const least = { replicas: 1, 'min-replicas-to-write': 1 }
    const looked = play({ redis: { ...least, 'min-replicas-max-lag': '2s' }, faults: cut, messages: 5 })
    expect(outcomesOf(looked)).not.toContain('confirmed')
    const unlooked = play({ redis: { ...least, 'min-replicas-max-lag': 0 }, faults: cut, messages: 5 })
    expect(outcomesOf(unlooked)).toEqual(Array<string>(5).fill('confirmed'))
  })
})

describe('after a failover', () => {
  const redis = { replicas: 2, sentinels: 3, 'down-after-milliseconds': '5s' }

  it('the old master goes on as one for eight seconds after it can be reached again', () => {
    const apart = {
      partition: [['redis-1'], ['redis-2', 'redis-3', 'sentinel', 'shop', 'billing']],
      at: '9s',
      for: '20s',
    }
    const changes = factsOf(play({ redis, faults: [apart], messages: 200 }), 'role-changed')
    const demoted = changes.at(-1)?.time ?? 0
    expect(demoted).toBeGreaterThan(37_000_000)
    expect(demoted).toBeLessThan(42_000_000)
  })

  it.each(['80s', '80.3s', '80.6s', '80.9s'])('a Sentinel that was not there for %s is told of it', (lasts) => {
    const faults = [
      { at: '9.2s', crash: 'redis-sentinel-1', for: lasts },
      { at: '9s', crash: 'redis-1', for: '10s' },
    ]
    const ran = play({ redis: { ...redis, replicas: 1 }, faults, messages: 12 })
    const { names } = ran.history
    const switched = factsOf(ran, 'master-switched').map(({ node }) => names.text(node))
    expect(switched.toSorted()).toEqual(['redis-sentinel-1', 'redis-sentinel-2', 'redis-sentinel-3'])
    expect(factsOf(ran, 'run-ended').map(({ ending }) => names.text(Number(ending)))).toEqual(['settled'])
  })

  it('a master that says for long that it is a replica counts as down, so that there is one again', () => {
    const faults = [
      { at: '4s', crash: 'redis-1', for: '6s' },
      ...[1, 2, 3].map((number) => ({
        when: { fact: 'master-switched', at: `redis-sentinel-${number}` },
        cut: 'after-state',
        crash: `redis-sentinel-${number}`,
        for: '10s',
      })),
    ]
    const ran = play({ redis: { ...redis, replicas: 1 }, faults, messages: 12 })
    const { names } = ran.history
    const roles = factsOf(ran, 'role-changed').map(
      ({ node, role }) => `${names.text(node)} ${names.text(Number(role))}`,
    )
    expect(roles).toContain('redis-2 a replica of')
    expect(factsOf(ran, 'run-ended').map(({ ending }) => names.text(Number(ending)))).toEqual(['settled'])
  })

  it('a client that reaches no Sentinel tries again', () => {
    const faults = [{ at: '1ms', isolate: 'sentinel', for: '20s' }]
    const outcomes = outcomesOf(play({ redis, producer: { maxRetriesPerRequest: 1000 }, faults, messages: 5 }))
    expect(outcomes).toEqual(Array<string>(5).fill('confirmed'))
  })
})
