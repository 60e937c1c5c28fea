import * as fc from 'fast-check'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'
import { writePostponed } from '../../../src/systems/redis/facts-of-servers.ts'
import { redis } from '../../../src/systems/redis/redis.ts'
import type { SystemKind } from '../../../src/systems/system.ts'

/*
 * What Redis promises, whatever the options inside the safe region and whatever the faults that the promise assumes. What breaks one of these is a
 * bug of the model.
 */

export type Document = Readonly<Record<string, unknown>>

/** A promise, the scenarios in which it is made, and a Redis with a planted bug that breaks it. */
export interface NegativeControl {
  readonly statement: string
  readonly scenarios: fc.Arbitrary<Document>
  readonly guarantees: readonly string[]
  /** What a run shows in which it is not made. */
  readonly unless?: (run: Run) => boolean
  readonly canary: SystemKind
}

/** Guarantees of a document that do not hold, with the first witness of each. */
export function breaksOf(
  { guarantees, unless }: NegativeControl,
  document: Document,
  kind: SystemKind = redis,
): readonly string[] {
  const kinds = catalogue.kinds.map((known) => (known.name === kind.name ? kind : known))
  const parsed = parseScenario(JSON.stringify(document), { ...catalogue, kinds })
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  const result: Run = run(parsed.scenario, { products: kinds })
  if (unless?.(result) === true) return []
  const wrong = result.rows.filter(({ guarantee, verdict }) => guarantees.includes(guarantee) && verdict === 'violated')
  return wrong.map(({ guarantee, level, witnesses }) => `${guarantee} (${level}): ${witnesses[0]?.sentence ?? ''}`)
}

/* ------------------------------------------------------------------ what is drawn */

const milliseconds = (low: number, high: number): fc.Arbitrary<string> =>
  fc.integer({ min: low, max: high }).map((ms) => `${ms}ms`)

function struck(action: string, target: string, longest: number): fc.Arbitrary<Document> {
  return fc.record({ at: milliseconds(20, 900), [action]: fc.constant(target), for: milliseconds(20, longest) })
}

const ofServer = (...actions: readonly string[]): fc.Arbitrary<Document> =>
  fc.oneof(...actions.map((action) => struck(action, 'redis', 1500)))
const ofConsumer = fc.oneof(struck('crash', 'any billing', 500), struck('pause', 'any billing', 500))
const ofLinks = fc.oneof(
  fc.record({
    at: milliseconds(20, 900),
    'reset-connections': fc.constantFrom(['billing', 'redis'], ['shop', 'redis']),
  }),
  fc.record({
    at: milliseconds(20, 900),
    'slow-link': fc.constant(['shop', 'redis']),
    delay: milliseconds(1, 80),
    for: milliseconds(50, 500),
  }),
)
const schedule = (...faults: readonly fc.Arbitrary<Document>[]): fc.Arbitrary<readonly Document[]> =>
  fc.array(fc.oneof(...faults), { minLength: 1, maxLength: 3 })

// Those whose connections notice a host that was without power, as node-redis' do by keep-alive probes.
const client = fc.constant('node-redis')
const seed = fc.integer({ min: 0, max: 1_000_000 }).map((number) => `controls/${number}`)

function streams(
  server: Document,
  producer: Document,
  faults: fc.Arbitrary<readonly Document[]>,
): fc.Arbitrary<Document> {
  return fc
    .record({
      seed,
      client,
      members: fc.integer({ min: 1, max: 3 }),
      faults,
      pending: fc.constantFrom('at-start', 'never'),
    })
    .map((drawn) => ({
      title: 'a control',
      seed: drawn.seed,
      systems: { redis: { redis: { ...server, streams: { orders: {} } } } },
      stores: { bills: { ledger: { unique: 'operation' } } },
      services: {
        shop: {
          sends: { to: 'redis/orders', messages: 40, rate: '50/s', 'on-failure': 'send-again' },
          producer: { client: drawn.client, ...producer },
        },
        billing: {
          receives: 'redis/orders',
          members: drawn.members,
          consumer: {
            client: drawn.client,
            'min-idle-time': '3s',
            'read-pending': drawn.pending,
            'group-gone': 'create',
          },
          // So slow that something always waits in the stream.
          handling: { takes: '60ms', store: 'bills' },
        },
      },
      faults: drawn.faults,
    }))
}

const lists: fc.Arbitrary<Document> = fc
  .record({
    seed,
    members: fc.integer({ min: 1, max: 3 }),
    claims: fc.constantFrom('time', 'token'),
    faults: schedule(ofConsumer, ofServer('crash', 'restart')),
  })
  .map(({ members, claims, faults, seed: named }) => ({
    title: 'a control',
    seed: named,
    systems: { redis: { redis: { appendonly: true, appendfsync: 'always', lists: { jobs: {} } } } },
    stores: { results: { ledger: { unique: 'operation' } } },
    services: {
      shop: {
        sends: { to: 'redis/jobs', messages: 40, rate: '50/s', 'on-failure': 'send-again' },
        producer: { client: 'node-redis', enqueue: 'script' },
      },
      billing: {
        receives: 'redis/jobs',
        members,
        consumer: { client: 'node-redis', take: 'BLMOVE', claims, visibility_ms: '3s', 'reap-interval': '1s' },
        handling: { takes: '2ms', store: 'results' },
      },
    },
    faults,
  }))

/** Redis with something that it does otherwise than it is told. */
function tampered(options: Document, tamper: (settings: Record<string, unknown>) => void): SystemKind {
  return {
    ...redis,
    build: (setup) => {
      const values = { ...setup.settings.values, ...options }
      const uses = setup.uses.map((use) => {
        const changed = { ...use.settings.values }
        tamper(changed)
        return { ...use, settings: { ...use.settings, values: changed } }
      })
      const system = redis.build({ ...setup, uses, settings: { ...setup.settings, values } })
      const useOf = (service: string, role: string) => uses.find((use) => use.service === service && use.role === role)
      return {
        name: system.name,
        parkingPlaces: system.parkingPlaces,
        patience: system.patience,
        sourcesOf: (address) => system.sourcesOf(address),
        waitingFor: () => system.waitingFor(),
        takeInventory: () => system.takeInventory(),
        producer: (process, use) => system.producer(process, useOf(use.service, use.role) ?? use),
        consumer: (process, use) => system.consumer(process, useOf(use.service, use.role) ?? use),
      }
    },
  }
}

const keep = (): void => {}

/** An answer left though its write had to wait for the disk, which was at work: until then it is in the memory of the process alone. */
const someWriteWaited = ({ history }: Run): boolean => history.countOf(writePostponed.name) > 0

export const negativeControls: readonly NegativeControl[] = [
  {
    statement:
      'with appendfsync always, nothing that was answered is lost, whatever happens to one server and its clients',
    scenarios: streams(
      { appendonly: true, appendfsync: 'always' },
      {},
      schedule(ofServer('crash', 'power-loss', 'restart', 'pause'), ofConsumer, ofLinks),
    ),
    guarantees: ['no-loss', 'accounted'],
    canary: tampered({ appendfsync: 'no' }, keep),
  },
  {
    statement: 'with everysec, a process that dies loses nothing that was answered, if no write waits for the disk',
    scenarios: streams({ appendonly: true }, {}, schedule(ofServer('crash', 'restart', 'pause'), ofConsumer)),
    guarantees: ['no-loss', 'accounted'],
    unless: someWriteWaited,
    canary: tampered({ appendonly: false, save: '' }, keep),
  },
  {
    statement: 'an entry that comes again under the same id of its producer is not added again',
    scenarios: streams(
      { appendonly: true, appendfsync: 'always' },
      { client: 'ioredis', idempotency: 'IDMP' },
      schedule(fc.record({ at: milliseconds(20, 900), 'reset-connections': fc.constant(['shop', 'redis']) })),
    ),
    guarantees: ['no-duplicates', 'no-loss', 'accounted'],
    canary: tampered({}, (values) => {
      if ('idempotency' in values) values['idempotency'] = 'none'
    }),
  },
  {
    statement:
      'an element that is moved and put back by a reaper in one step is lost by no worker and no process that dies',
    scenarios: lists,
    guarantees: ['no-loss', 'accounted'],
    canary: tampered({}, (values) => {
      if ('take' in values) values['take'] = 'BRPOP'
    }),
  },
]
