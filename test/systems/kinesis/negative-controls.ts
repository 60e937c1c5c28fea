import * as fc from 'fast-check'
import type { FactKind } from '../../../src/history/fact.ts'
import { neutralFacts } from '../../../src/history/facts.ts'
import type { PlainFact } from '../../../src/history/plain-fact.ts'
import { plainFactOf } from '../../../src/history/plain-fact.ts'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'
import { kinesisFacts } from '../../../src/systems/kinesis/facts.ts'

/*
 * What Kinesis and its client library promise, whatever the options inside the safe region and whatever the faults that the promise assumes. What
 * breaks one of these is a bug of the model.
 */

/** A scenario as plain data. */
export type Document = Readonly<Record<string, unknown>>

/** A promise, the scenarios in which it is made, and what would break it. */
export interface NegativeControl {
  readonly statement: string
  readonly scenarios: fc.Arbitrary<Document>
  /** Scenarios in which it is not made, some of which must break it: a control that cannot fail controls nothing. */
  readonly beyond: fc.Arbitrary<Document> | undefined
  /** What of the promise was not kept, a sentence each. */
  broken(run: Run): readonly string[]
}

export function breaksOf(control: NegativeControl, document: Document): readonly string[] {
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return control.broken(run(parsed.scenario))
}

/* ------------------------------------------------------------------ what is drawn */

const milliseconds = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((count) => `${count}ms`)

const retrieval: fc.Arbitrary<Document> = fc.oneof(
  fc.constant({ retrievalMode: 'FANOUT' }),
  fc.record({
    retrievalMode: fc.constant('POLLING'),
    maxRecords: fc.constantFrom(1, 7, 10_000),
    idleTimeBetweenReadsInMillis: fc.constantFrom(200, 1500),
  }),
)

const safeCheckpoints: fc.Arbitrary<Document> = fc.oneof(
  fc.constant({ checkpoint: 'after-batch' }),
  fc.record({ checkpoint: fc.constant('interval'), 'checkpoint-interval': milliseconds(0, 20_000) }),
)

const safeConsumer: fc.Arbitrary<Document> = fc
  .tuple(retrieval, safeCheckpoints, fc.constantFrom(1000, 3000, 10_000))
  .map(([reading, checkpoints, failoverTimeMillis]) => ({
    initialPositionInStream: 'TRIM_HORIZON',
    'on-exception': 'retry',
    failoverTimeMillis,
    ...reading,
    ...checkpoints,
  }))

const unsafeConsumer: fc.Arbitrary<Document> = fc.constantFrom<Document>(
  { initialPositionInStream: 'TRIM_HORIZON', checkpoint: 'before-batch', retrievalMode: 'POLLING' },
  { initialPositionInStream: 'LATEST' },
  { initialPositionInStream: 'TRIM_HORIZON', retrievalMode: 'POLLING' },
)

const anyProducer: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ max_attempts: fc.integer({ min: 1, max: 5 }), SequenceNumberForOrdering: fc.boolean() }),
  fc.record({ api: fc.constant('PutRecords'), linger: milliseconds(0, 300), entries: fc.constantFrom(1, 5, 500) }),
  fc.record({ api: fc.constant('KPL'), RecordTtl: milliseconds(500, 30_000) }),
)

const strikes = { at: milliseconds(1_000, 12_000), for: milliseconds(50, 40_000) }
const worker = fc.constantFrom('billing-1', 'billing-2', 'owner(events/orders/shardId-000000000000)')

const workerFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: worker }),
  fc.record({ ...strikes, 'power-loss': worker }),
  fc.record({ ...strikes, restart: worker }),
  fc.record({ ...strikes, pause: worker }),
  fc.record({ ...strikes, isolate: worker }),
  fc.record({
    ...strikes,
    partition: fc.tuple(
      worker.map((one) => [one]),
      fc.constant(['events-dynamodb']),
    ),
  }),
)

const serviceFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: fc.constantFrom('events-kinesis', 'events-dynamodb', 'shop') }),
  fc.record({ ...strikes, pause: fc.constantFrom('events-kinesis', 'events-dynamodb', 'shop') }),
  fc.record({ ...strikes, isolate: fc.constantFrom('events-kinesis', 'events-dynamodb') }),
  fc.record({ at: strikes.at, 'reset-connections': fc.constant(['shop', 'events-kinesis']) }),
  fc.record({ ...strikes, 'lossy-link': fc.constant(['shop', 'events-kinesis']), loss: fc.constant('30%') }),
)

const shardChanges: fc.Arbitrary<Document> = fc.oneof(
  fc.constant({}),
  fc.record({
    split: fc.record({ at: milliseconds(500, 8_000), split: fc.constant('shardId-000000000000') }),
    merge: fc.record({
      at: milliseconds(8_001, 12_000),
      merge: fc.constant(['shardId-000000000001', 'shardId-000000000003']),
    }),
  }),
)

interface Parts {
  readonly producer: fc.Arbitrary<Document>
  readonly consumer: fc.Arbitrary<Document>
  readonly fault: fc.Arbitrary<Document>
}

function scenarios({ producer, consumer, fault }: Parts): fc.Arbitrary<Document> {
  const drawn = fc.record({
    seed: fc.nat(10_000),
    producer,
    consumer,
    reshard: shardChanges,
    faults: fc.array(fault, { maxLength: 3 }),
    fails: fc.boolean(),
  })
  return drawn.map(({ seed, producer: sending, consumer: reading, reshard, faults, fails }) => ({
    title: 'a control',
    seed: String(seed),
    systems: { events: { kinesis: { streams: { orders: { ShardCount: 2, reshard } } } } },
    services: {
      shop: { sends: { to: 'events/orders', messages: 60, rate: '6/s', keys: 6 }, producer: sending },
      billing: {
        receives: 'events/orders',
        members: 2,
        consumer: reading,
        handling: {
          takes: '20ms',
          effect: 'billed',
          ...(fails ? { fails: { messages: ['order-9', 'order-40'], attempts: 1 } } : {}),
        },
      },
    },
    faults,
  }))
}

/* ------------------------------------------------------------------ what is promised */

const retried: Parts = { producer: anyProducer, consumer: safeConsumer, fault: fc.oneof(workerFault, serviceFault) }
const ordered = fc.constant<Document>({ SequenceNumberForOrdering: true })

export const negativeControls: Readonly<Record<string, NegativeControl>> = {
  'at-least-once': {
    statement:
      'What was confirmed is processed, whatever dies, hangs or is cut off, where an application begins at the trim horizon and checkpoints what it has done',
    scenarios: scenarios(retried),
    beyond: scenarios({ ...retried, consumer: unsafeConsumer }),
    broken: ({ rows }) =>
      rows
        .filter(({ guarantee, verdict }) => guarantee === 'no-loss' && verdict !== 'holds')
        .map(({ level, verdict, service }) => `no-loss of ${service} (${level}) is ${verdict}`),
  },
  'order-of-a-key': {
    statement:
      'What is put with SequenceNumberForOrdering is first processed in its order, through resharding and whatever happens to workers',
    scenarios: scenarios({ producer: ordered, consumer: safeConsumer, fault: workerFault }),
    beyond: scenarios({
      producer: ordered,
      consumer: safeConsumer.map((options) => ({ ...options, 'parents-first': false })),
      fault: workerFault,
    }),
    broken: ({ rows }) =>
      rows
        .filter(({ guarantee, level, verdict }) => {
          return guarantee === 'ordered-per-key' && level === 'effect' && verdict === 'violated'
        })
        .map(({ service }) => `the order of ${service} is broken`),
  },
  'checkpoints-go-forward': {
    statement: 'The checkpoint of a shard never goes back, whoever pauses and comes back',
    scenarios: scenarios(retried),
    beyond: undefined,
    broken: (result) => backwardsIn(result),
  },
  'parents-first': {
    statement: 'No record of a shard is handed out before every record of its parents was',
    scenarios: scenarios(retried),
    beyond: scenarios({
      ...retried,
      consumer: safeConsumer.map((options) => ({ ...options, 'parents-first': false })),
    }),
    broken: (result) => tooEarlyIn(result),
  },
}

const kinds = new Map<string, FactKind>([...neutralFacts, ...kinesisFacts].map((kind) => [kind.name, kind]))

function factsOf({ history }: Run, ...wanted: readonly string[]): readonly PlainFact[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index)).flatMap((fact) => {
    const kind = wanted.includes(fact.kind) ? kinds.get(fact.kind) : undefined
    return kind === undefined ? [] : [plainFactOf(fact, kind, history.names)]
  })
}

function backwardsIn(result: Run): readonly string[] {
  const reached = new Map<string, number>()
  return factsOf(result, 'checkpointed').flatMap(({ partition, checkpoint }) => {
    const place = String(partition)
    const now = checkpoint === 'SHARD_END' ? Infinity : Number(checkpoint)
    const before = reached.get(place) ?? -1
    reached.set(place, now)
    return now < before ? [`${place} went back from ${before} to ${now}`] : []
  })
}

function tooEarlyIn(result: Run): readonly string[] {
  const parents = new Map<string, string[]>()
  for (const { partition, children } of factsOf(result, 'shard-closed'))
    for (const child of String(children).split(', '))
      parents.set(child, [...(parents.get(child) ?? []), String(partition).split('/').at(-1) ?? ''])
  const left = new Map<string, Set<string>>()
  for (const { partition, message } of factsOf(result, 'record-put')) {
    const shard = String(partition).split('/').at(-1) ?? ''
    left.set(shard, (left.get(shard) ?? new Set()).add(String(message)))
  }
  return factsOf(result, 'delivered').flatMap(({ partition, message }) => {
    const shard = String(partition)
    left.get(shard)?.delete(String(message))
    const open = (parents.get(shard) ?? []).filter((parent) => (left.get(parent)?.size ?? 0) > 0)
    return open.map((parent) => `${String(message)} of ${shard} was handed out before all of ${parent}`)
  })
}
