import * as fc from 'fast-check'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'

/*
 * What the documentation promises, whatever the options inside the safe region and whatever the faults that the promise assumes. What breaks one of
 * these is a bug of the model.
 */

/** A scenario as plain data. */
export type Document = Readonly<Record<string, unknown>>

/** A promise, the scenarios in which it is made, and what would break it. */
export interface NegativeControl {
  readonly statement: string
  readonly scenarios: fc.Arbitrary<Document>
  /** Scenarios in which it is not made, some of which must break it: a control that cannot fail controls nothing. */
  readonly beyond: fc.Arbitrary<Document>
  /** `billing no-loss`, and so on. */
  readonly promises: readonly string[]
}

/** The promises that a run of the document breaks. */
export function brokenIn({ promises }: NegativeControl, document: Document): readonly string[] {
  const { rows } = ran(document)
  return rows
    .filter(({ service, guarantee, level, verdict }) => {
      const isPromised = [`${service} ${guarantee}`, `${service} ${guarantee}/${level}`].some((name) =>
        promises.includes(name),
      )
      return isPromised && verdict === 'violated'
    })
    .map(({ service, guarantee, level }) => `${service} ${guarantee}/${level}`)
}

function ran(document: Document): Run {
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

/* ------------------------------------------------------------------ what is drawn */

const seconds = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least * 10, max: most * 10 }).map((tenths) => `${tenths / 10}s`)

const server = fc.integer({ min: 1, max: 6 }).map((number) => `sqs-server-${number}`)
const strikes = { at: seconds(0, 4), for: seconds(1, 20) }
const ways = fc.constantFrom(['shop', 'sqs-endpoint'], ['billing', 'sqs-endpoint'])

/** Processes die and hang, hosts are lost, networks part, whoever it is. */
const fault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: fc.oneof(server, fc.constantFrom('sqs-endpoint', 'billing', 'shop')) }),
  fc.record({ ...strikes, pause: fc.oneof(server, fc.constantFrom('sqs-endpoint', 'billing', 'shop')) }),
  fc.record({ ...strikes, 'power-loss': fc.oneof(server, fc.constant('sqs-endpoint')) }),
  fc.record({ ...strikes, isolate: fc.oneof(server, fc.constantFrom('sqs-endpoint', 'billing', 'shop')) }),
  fc.record({ at: seconds(0, 4), 'reset-connections': ways }),
)

/** Faults that a FIFO queue bears without a duplicate: the answers of sends and of receives are lost, and servers that are not most of them. */
const mildFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: fc.constantFrom('sqs-server-1', 'sqs-server-2') }),
  fc.record({ at: seconds(0, 4), 'reset-connections': fc.constant(['shop', 'sqs-endpoint']) }),
  fc.record({ ...strikes, partition: fc.constant([['shop'], ['sqs-endpoint']]) }),
)

const sdk = { requestTimeout: '5s', connectionTimeout: '3s' }

const patientConsumer: fc.Arbitrary<Document> = fc.record({
  MaxNumberOfMessages: fc.constantFrom(1, 3, 10),
  WaitTimeSeconds: fc.constantFrom('0s', '2s'),
  'delete-batch-size': fc.constantFrom(1, 10),
  terminateVisibilityTimeout: fc.boolean(),
})

interface Plan {
  readonly queue: Document
  readonly fifo: boolean
  readonly producer: Document
  readonly consumer: Document
  readonly faults: readonly Document[]
  readonly seed: number
  readonly sends?: Document
}

function documentOf({ queue, fifo, producer, consumer, faults, seed, sends = {} }: Plan): Document {
  const name = fifo ? 'orders.fifo' : 'orders'
  return {
    title: 'A negative control',
    seed: `control-${seed}`,
    systems: { sqs: { sqs: { queues: { [name]: { FifoQueue: fifo, ...queue } } } } },
    services: {
      shop: {
        sends: { to: `sqs/${name}`, messages: 30, rate: '10/s', keys: 3, 'on-failure': 'send-again', ...sends },
        producer: { ...sdk, ...producer },
      },
      billing: { receives: `sqs/${name}`, consumer: { ...sdk, ...consumer }, handling: { takes: '20ms' } },
    },
    faults,
    settle: { bound: '12h' },
  }
}

const anyTimeout = fc.constantFrom('5s', '30s', '2 min')
const seed = fc.nat(1_000_000)
const noLoss = ['billing no-loss']

const atLeastOnce = fc
  .record({
    queue: fc.record({ VisibilityTimeout: anyTimeout, DelaySeconds: fc.constantFrom('0s', '3s') }),
    fifo: fc.boolean(),
    producer: fc.record({ 'batch-size': fc.constantFrom(1, 4) }),
    consumer: patientConsumer,
    faults: fc.array(fault, { minLength: 1, maxLength: 4 }),
    seed,
  })
  .map(documentOf)

const inTime = fc.record({
  queue: fc.constant({ VisibilityTimeout: '10 min' }),
  fifo: fc.constant(true),
  producer: fc.constant({}),
  consumer: patientConsumer,
  faults: fc.array(mildFault, { minLength: 1, maxLength: 3 }),
  seed,
})

const inOrder = inTime.map((plan) => documentOf({ ...plan, sends: { 'in-flight': 1 } }))

/** By name, each with what the documentation says. */
export const negativeControls: readonly NegativeControl[] = [
  {
    statement: 'what a send was confirmed for is received, whoever fails meanwhile',
    scenarios: atLeastOnce,
    promises: noLoss,
    beyond: fc.record({ queue: fc.constant({ 'purged-at': '1s' }), seed }).map(({ queue, seed: drawn }) =>
      documentOf({
        queue,
        fifo: false,
        producer: {},
        consumer: {},
        faults: [{ at: '0s', crash: 'billing', for: '60s' }],
        seed: drawn,
      }),
    ),
  },
  {
    statement:
      'a FIFO queue introduces no duplicate while sends are retried for less than five minutes and deletions are in time',
    scenarios: inTime.map(documentOf),
    promises: ['billing no-duplicates', 'billing no-loss'],
    beyond: inTime.map((plan) => documentOf({ ...plan, producer: { MessageDeduplicationId: 'call' } })),
  },
  {
    statement: 'a FIFO queue keeps the order of a group whose messages are sent one after the other',
    scenarios: inOrder,
    promises: ['billing ordered-per-key'],
    beyond: inTime.map((plan) => documentOf({ ...plan, fifo: false, sends: { 'in-flight': 1, rate: '100/s' } })),
  },
]
