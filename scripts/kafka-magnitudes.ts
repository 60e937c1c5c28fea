/**
 * `npm run magnitudes:kafka`: orders of magnitude of the Kafka model beside those that are documented. They depend on service times that nobody
 * measured on your machines, so nothing is judged: look at the relations.
 */
import { plainFactOf, type PlainFact } from '../src/history/plain-fact.ts'
import { neutralFacts } from '../src/history/facts.ts'
import type { FactKind } from '../src/history/fact.ts'
import { catalogue } from '../src/pipeline/catalogue.ts'
import type { Run } from '../src/run.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import { problemText } from '../src/scenario/problem.ts'
import { kafkaFacts } from '../src/systems/kafka/facts.ts'

interface Setting {
  readonly producer?: Readonly<Record<string, unknown>>
  readonly topic?: Readonly<Record<string, unknown>>
  readonly brokers?: number
  readonly disk?: string
  readonly faults?: readonly Readonly<Record<string, unknown>>[]
  readonly messages?: number
  readonly rate?: string
  readonly members?: number
}

function runOf({
  producer = {},
  topic = {},
  brokers = 3,
  disk = 'ssd',
  faults = [],
  messages = 400,
  rate = '50/s',
  members = 1,
}: Setting): Run {
  const parsed = parseScenario(
    JSON.stringify({
      seed: 'magnitudes',
      systems: {
        events: {
          kafka: { brokers, disk, topics: { orders: { partitions: 1, 'replication.factor': brokers, ...topic } } },
        },
      },
      services: {
        shop: { sends: { to: 'events/orders', messages, rate, after: '10s' }, producer },
        billing: { receives: { from: 'events/orders', consumer: { 'auto.offset.reset': 'earliest' } }, members },
      },
      faults,
    }),
    catalogue,
  )
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

const kinds = new Map<string, FactKind>([...neutralFacts, ...kafkaFacts].map((kind) => [kind.name, kind]))

function factsOf({ history }: Run): readonly PlainFact[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index)).flatMap((fact) => {
    const kind = kinds.get(fact.kind)
    return kind === undefined ? [] : [plainFactOf(fact, kind, history.names)]
  })
}

/** Seconds from the first fact that is like `begins` to the first one after it that is like `ends`. */
function secondsBetween(
  facts: readonly PlainFact[],
  begins: (fact: PlainFact) => boolean,
  ends: (fact: PlainFact) => boolean,
): string {
  const from = facts.find(begins)
  const to = from === undefined ? undefined : facts.find((fact) => fact.at > from.at && ends(fact))
  return from === undefined || to === undefined ? 'never' : `${((to.at - from.at) / 1_000_000).toFixed(2)} s`
}

function milliseconds(micros: number | undefined): string {
  return micros === undefined ? '-' : `${(micros / 1000).toFixed(2)} ms`
}

const rows: (readonly [what: string, modelled: string, documented: string])[] = []

function latencies(what: string, result: Run, documented: string): void {
  const shop = result.metrics.services.find(({ service }) => service === 'shop')?.confirmLatency
  const billing = result.metrics.services.find(({ service }) => service === 'billing')?.deliveryLatency
  const answered = `answered p50 ${milliseconds(shop?.p50)}, p99 ${milliseconds(shop?.p99)}`
  rows.push([what, `${answered}; delivered p50 ${milliseconds(billing?.p50)}`, documented])
}

const plain = { 'enable.idempotence': false, 'linger.ms': 0 }
latencies('acks=0', runOf({ producer: { ...plain, acks: '0' } }), 'the answer is immediate; delivery as with acks=all')
latencies('acks=1', runOf({ producer: { ...plain, acks: '1' } }), 'one round trip; delivery as with acks=all')
latencies(
  'acks=all',
  runOf({ producer: { acks: 'all', 'linger.ms': 0 } }),
  'the order of 10 ms to be committed; median 2 ms end to end measured in 2014',
)
for (const disk of ['nvme', 'hdd']) {
  latencies(
    `acks=all, fsync of every message, ${disk}`,
    runOf({ disk, topic: { 'flush.messages': 1 }, producer: { acks: 'all', 'linger.ms': 0 } }),
    'two to three orders of magnitude slower than leaving it to the page cache',
  )
}

const evicted = factsOf(
  runOf({ faults: [{ at: '12s', pause: 'follower(events/orders/0)', for: '60s' }], messages: 2000 }),
)
rows.push([
  'a follower hangs: out of the in-sync set after',
  secondsBetween(
    evicted,
    ({ fact }) => fact === 'node-paused',
    ({ fact, partition }) => fact === 'isr-changed' && partition === 'events/orders/0',
  ),
  '9 s session in KRaft, else 30 to 45 s after it last caught up',
])
const parted = factsOf(
  runOf({
    faults: [{ at: '12s', partition: [['follower(events/orders/0)'], ['leader(events/orders/0)']], for: '90s' }],
    messages: 4000,
  }),
)
rows.push([
  'a follower cannot reach its leader: out of the in-sync set after',
  secondsBetween(
    parted,
    ({ fact }) => fact === 'fault-struck',
    ({ fact, partition }) => fact === 'isr-changed' && partition === 'events/orders/0',
  ),
  '30 to 45 s after it last caught up',
])
const failover = factsOf(
  runOf({ faults: [{ at: '12s', crash: 'leader(events/orders/0)', for: '60s' }], messages: 1500 }),
)
rows.push([
  'the leader dies: another one elected after',
  secondsBetween(
    failover,
    ({ fact }) => fact === 'node-crashed',
    ({ fact, partition, election }) =>
      fact === 'leader-elected' && partition === 'events/orders/0' && election !== 'offline',
  ),
  'up to 9 s (broker.session.timeout.ms), then milliseconds to seconds',
])
rows.push([
  'the leader dies: the next send is confirmed after',
  secondsBetween(
    failover,
    ({ fact }) => fact === 'node-crashed',
    ({ fact, outcome }) => fact === 'answered' && outcome === 'confirmed',
  ),
  'the election and a refresh of metadata',
])
const silent = factsOf(
  runOf({ faults: [{ at: '12s', crash: 'any billing', for: '120s' }], messages: 4000, members: 2 }),
)
rows.push([
  'a consumer dies: out of its group after',
  secondsBetween(
    silent,
    ({ fact }) => fact === 'node-crashed',
    ({ fact }) => fact === 'member-removed',
  ),
  '45 s (session.timeout.ms); 10 s before 3.0',
])
rows.push([
  'a new group: its first generation after',
  secondsBetween(
    silent,
    ({ fact }) => fact === 'rebalance-began',
    ({ fact }) => fact === 'generation-began',
  ),
  '3 s or more (group.initial.rebalance.delay.ms)',
])

const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
for (const [what, modelled, documented] of rows)
  process.stdout.write(
    `${what.padEnd(widths[0] ?? 0)}  ${modelled.padEnd(widths[1] ?? 0)}  documented: ${documented}\n`,
  )
