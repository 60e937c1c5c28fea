import * as fc from 'fast-check'
import type { PlainFact } from '../../../src/history/plain-fact.ts'
import { plainFactOf } from '../../../src/history/plain-fact.ts'
import type { FactKind } from '../../../src/history/fact.ts'
import { neutralFacts } from '../../../src/history/facts.ts'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'
import type { Cluster } from '../../../src/systems/kafka/cluster.ts'
import { committed, isrChanged, kafkaFacts, leaderElected, truncated } from '../../../src/systems/kafka/facts.ts'
import { KafkaSystem } from '../../../src/systems/kafka/kafka-system.ts'
import { ReplicationWatch } from './server/invariants.ts'

/*
 * What Kafka promises, whatever the options inside the safe region and whatever the faults that the promise assumes. What breaks one of these is a
 * bug of the model.
 */

/** A promise, the scenarios in which it is made, and what would break it. */
export interface NegativeControl {
  readonly statement: string
  readonly scenarios: fc.Arbitrary<Document>
  /** Scenarios in which it is not made, some of which must break it: a control that cannot fail controls nothing. */
  readonly beyond: fc.Arbitrary<Document>
  /** What of the promise was not kept, a sentence each. */
  broken(run: Run, logs: Logs): readonly string[]
}

/** A scenario as plain data. */
export type Document = Readonly<Record<string, unknown>>

/** The log of each partition as its leader has it when all is over: messages in the order of their offsets. */
export type Logs = ReadonlyMap<string, readonly string[]>

/** Runs a document and says what of the promise, and of what must always be true of replicas, was not kept. */
export function breaksOf(control: NegativeControl, document: Document): readonly string[] {
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  let cluster: Cluster | undefined
  const wrong: string[] = []
  const result = run(parsed.scenario, {
    watch: ({ systems, world }) => {
      const system = systems.get('events')
      if (!(system instanceof KafkaSystem)) throw new Error('The scenario has no cluster named events.')
      cluster = system.cluster
      const watch = new ReplicationWatch(system.cluster)
      for (const kind of [leaderElected, committed, truncated, isrChanged])
        world.history.listen(kind, () => void wrong.push(...watch.look()))
    },
  })
  if (cluster === undefined) throw new Error('The run was not watched.')
  const logs = logsOf(result, cluster)
  return [...wrong, ...new ReplicationWatch(cluster).differences(), ...control.broken(result, logs)]
}

const topic = 'orders'

function logsOf({ history }: Run, cluster: Cluster): Logs {
  const partitions = Array.from({ length: cluster.partitionCount(topic) }, (_, partition) => partition)
  return new Map(
    partitions.map((partition) => {
      const { leader } = cluster.view.image.partition({ topic, partition }) ?? { leader: -1 }
      const batches = cluster.replicas({ topic, partition }).get(leader)?.log.allBatches ?? []
      const messages = batches.flatMap((batch) =>
        Array.from(batch.messages, (record) => history.names.text(cluster.records.content(record).message)),
      )
      return [`${topic}/${partition}`, messages] as const
    }),
  )
}

/* ------------------------------------------------------------------ what is drawn */

const milliseconds = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((count) => `${count}ms`)

/** Within the safe region of an idempotent producer: it may be impatient, but it is one session. */
const idempotentProducer: fc.Arbitrary<Document> = fc
  .record({
    'linger.ms': fc.constantFrom(0, 5, 50),
    'batch.size': fc.constantFrom(0, 600, 16_384),
    'max.in.flight.requests.per.connection': fc.integer({ min: 1, max: 5 }),
    'request.timeout.ms': fc.constantFrom(300, 2_000, 30_000),
    'retry.backoff.ms': fc.constantFrom(20, 100),
    delivery: fc.constantFrom(5_000, 20_000, 120_000),
  })
  .map(({ delivery, ...options }) => ({
    ...options,
    acks: 'all',
    'enable.idempotence': true,
    'delivery.timeout.ms': Math.max(delivery, options['request.timeout.ms'] + options['linger.ms']),
  }))

const anyAllProducer: fc.Arbitrary<Document> = fc
  .tuple(idempotentProducer, fc.boolean())
  .map(([options, idempotent]) => ({ ...options, 'enable.idempotence': idempotent }))

const consumerOptions: fc.Arbitrary<Document> = fc.record({
  'auto.offset.reset': fc.constant('earliest'),
  'max.poll.records': fc.constantFrom(1, 7, 500),
  'session.timeout.ms': fc.constantFrom(6_000, 45_000),
})

const broker = fc.integer({ min: 1, max: 3 }).map((number) => `events-${number}`)
const leader = fc.constantFrom('leader(events/orders/0)', 'leader(events/orders/1)')
const anyBroker = fc.oneof(broker, leader)
const strikes = { at: milliseconds(8_000, 16_000), for: milliseconds(50, 25_000) }

/** A process dies, stops or hangs; what it wrote stays. */
const brokerFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: anyBroker }),
  fc.record({ ...strikes, restart: anyBroker }),
  fc.record({ ...strikes, pause: anyBroker }),
)

/** The network parts, delays, loses packets or resets connections. */
const networkFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, isolate: anyBroker }),
  fc.record({
    ...strikes,
    partition: fc
      .tuple(anyBroker, fc.constantFrom('shop', 'billing', 'controller'))
      .map(([one, other]) => [[one], [other]]),
  }),
  fc.record({
    ...strikes,
    partition: fc.constantFrom([
      ['leader(events/orders/0)', 'shop'],
      ['follower(events/orders/0)', 'controller'],
    ]),
  }),
  fc.record({ ...strikes, 'lossy-link': fc.tuple(fc.constant('shop'), broker), loss: fc.constantFrom('20%', '60%') }),
  fc.record({ ...strikes, 'slow-link': fc.tuple(fc.constant('shop'), broker), delay: milliseconds(10, 1_500) }),
  fc.record({ at: strikes.at, 'reset-connections': fc.tuple(fc.constantFrom('shop', 'billing'), broker) }),
)

const consumerFault: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ ...strikes, crash: fc.constant('any billing') }),
  fc.record({ ...strikes, pause: fc.constant('any billing') }),
)

const powerLoss: fc.Arbitrary<Document> = fc.record({ ...strikes, 'power-loss': anyBroker })

const uncleanAndAlone: fc.Arbitrary<Document> = fc.constant({
  'replication.factor': 2,
  'min.insync.replicas': 1,
  'unclean.leader.election.enable': true,
})

interface Shape {
  readonly producer: fc.Arbitrary<Document>
  readonly faults: fc.Arbitrary<Document>
  readonly brokers?: number
  readonly topicOptions?: fc.Arbitrary<Document>
  readonly members?: fc.Arbitrary<number>
}

const replicated = fc.record({
  'replication.factor': fc.constant(3),
  'min.insync.replicas': fc.constant(2),
  'unclean.leader.election.enable': fc.constant(false),
})

function scenarios({
  producer,
  faults,
  brokers = 3,
  topicOptions = replicated,
  members = fc.constant(1),
}: Shape): fc.Arbitrary<Document> {
  return fc
    .record({
      seed: fc.integer({ min: 0, max: 1_000_000 }).map((seed) => `control ${seed}`),
      producer,
      consumer: consumerOptions,
      topic: topicOptions,
      controllers: fc.constantFrom(1, 3),
      faults: fc.array(faults, { minLength: 1, maxLength: 4 }),
      members,
      rate: fc.constantFrom('5/s', '20/s', '100/s'),
    })
    .map(
      ({ seed, producer: options, consumer, topic: ofTopic, controllers, faults: schedule, members: count, rate }) => ({
        seed,
        systems: { events: { kafka: { brokers, controllers, topics: { [topic]: { partitions: 2, ...ofTopic } } } } },
        services: {
          shop: { sends: { to: `events/${topic}`, messages: 40, rate, keys: 4, after: '8s' }, producer: options },
          billing: {
            receives: { from: `events/${topic}`, consumer },
            members: count,
            handling: { takes: '2ms', effect: 'billed' },
          },
        },
        faults: schedule,
      }),
    )
}

/* ------------------------------------------------------------------ the promises */

export const negativeControls: Readonly<Record<string, NegativeControl>> = {
  'idempotent-producer': {
    statement:
      'An idempotent producer, within one session, writes nothing twice, and nothing out of order from what a partition took first of it',
    scenarios: scenarios({ producer: idempotentProducer, faults: fc.oneof(brokerFault, networkFault) }),
    beyond: scenarios({
      producer: idempotentProducer.map((options) => ({ ...options, 'enable.idempotence': false })),
      faults: fc.oneof(brokerFault, networkFault),
    }),
    broken: (_, logs) =>
      [...logs].flatMap(([place, messages]) => [...twiceIn(place, messages), ...disorderIn(place, messages)]),
  },
  'acknowledged-by-all': {
    statement:
      'What acks=all acknowledged with two in-sync replicas is handled, as long as no disk forgets and elections are clean',
    scenarios: scenarios({
      producer: anyAllProducer,
      faults: fc.oneof(brokerFault, networkFault, consumerFault),
      members: fc.integer({ min: 1, max: 2 }),
    }),
    beyond: scenarios({ producer: fc.constant({ acks: '1', 'enable.idempotence': false }), faults: brokerFault }),
    broken: (result, logs) => [...lossesIn(result), ...notIn(logs, result)],
  },
  'visible-for-good': {
    statement: 'What a consumer was handed is at that offset for good, so it never read beyond the high watermark',
    scenarios: scenarios({
      producer: anyAllProducer,
      faults: fc.oneof(brokerFault, networkFault),
      members: fc.integer({ min: 1, max: 2 }),
    }),
    beyond: scenarios({
      producer: fc.constant({ acks: '1', 'enable.idempotence': false }),
      faults: fc.oneof(brokerFault, networkFault, powerLoss),
      topicOptions: uncleanAndAlone,
    }),
    broken: (result, logs) => replacedIn(result, logs),
  },
  'killed-not-unplugged': {
    statement: 'A broker that is killed while its machine lives loses nothing that it appended, even without replicas',
    scenarios: scenarios({
      brokers: 1,
      topicOptions: fc.constant({ 'replication.factor': 1 }),
      producer: fc.record({
        acks: fc.constantFrom('1', 'all'),
        'linger.ms': fc.constantFrom(0, 20),
        'enable.idempotence': fc.constant(false),
      }),
      faults: fc.record({ ...strikes, crash: fc.constant('events-1') }),
    }),
    beyond: scenarios({
      brokers: 1,
      topicOptions: fc.constant({ 'replication.factor': 1 }),
      producer: fc.constant({ acks: '1', 'enable.idempotence': false }),
      faults: fc.record({ ...strikes, 'power-loss': fc.constant('events-1') }),
    }),
    broken: (result, logs) => [...lossesIn(result), ...notIn(logs, result)],
  },
  'clean-elections': {
    statement:
      'Without unclean elections only an in-sync replica is ever made leader, whatever happens, power losses included',
    scenarios: scenarios({
      producer: anyAllProducer,
      faults: fc.oneof(brokerFault, networkFault, powerLoss),
      topicOptions: fc.record({
        'replication.factor': fc.constantFrom(2, 3),
        'min.insync.replicas': fc.constant(1),
        'unclean.leader.election.enable': fc.constant(false),
      }),
    }),
    beyond: scenarios({
      producer: anyAllProducer,
      faults: fc.oneof(brokerFault, networkFault, powerLoss),
      topicOptions: uncleanAndAlone,
    }),
    broken: (result) => oddElectionsIn(result),
  },
}

function twiceIn(place: string, messages: readonly string[]): readonly string[] {
  return messages
    .filter((message, index) => messages.indexOf(message) !== index)
    .map((message) => `${message} is in ${place} twice`)
}

/** Messages of one producer stand in a partition as they were sent, whatever their keys. */
function disorderIn(place: string, messages: readonly string[]): readonly string[] {
  const [first = 0, ...others] = messages.map((message) => Number(message.slice(message.indexOf('-') + 1)))
  // A leader that knows nothing of a producer takes any number: what was sent before that one may come behind it.
  const numbers = [first, ...others.filter((number) => number > first)]
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1] ?? -1
    return before > number ? [`order-${number} stands behind order-${before} in ${place}`] : []
  })
}

function lossesIn({ rows }: Run): readonly string[] {
  return rows
    .filter(({ guarantee, verdict }) => guarantee === 'no-loss' && verdict === 'violated')
    .map(({ service, level }) => `${service} lost messages (${level})`)
}

const kinds = new Map<string, FactKind>([...neutralFacts, ...kafkaFacts].map((kind) => [kind.name, kind]))

function factsOf({ history }: Run, ...wanted: readonly string[]): readonly PlainFact[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index)).flatMap((fact) => {
    const kind = wanted.includes(fact.kind) ? kinds.get(fact.kind) : undefined
    return kind === undefined ? [] : [plainFactOf(fact, kind, history.names)]
  })
}

/** Confirmed messages that no log has. */
function notIn(logs: Logs, result: Run): readonly string[] {
  const kept = new Set([...logs.values()].flat())
  return factsOf(result, 'answered')
    .filter(({ outcome, message }) => outcome === 'confirmed' && !kept.has(String(message)))
    .map(({ message }) => `${String(message)} was confirmed and is in no log`)
}

function replacedIn(result: Run, logs: Logs): readonly string[] {
  return factsOf(result, 'delivered').flatMap(({ message, partition, position }) => {
    const place = `${topic}/${String(partition).split('/').at(-1) ?? ''}`
    const there = logs.get(place)?.[Number(position)]
    return there === message
      ? []
      : [`${String(message)} was handed out at ${place}@${String(position)}, where ${there ?? 'nothing'} is`]
  })
}

function oddElectionsIn(result: Run): readonly string[] {
  const inSync = new Map<string, readonly string[]>()
  const odd: string[] = []
  for (const { fact, partition, isr, leader: elected, election } of factsOf(result, 'isr-changed', 'leader-elected')) {
    const place = String(partition)
    // An empty set leaves its last member eligible.
    if (fact === 'isr-changed' && isr === '') continue
    if (fact === 'isr-changed')
      inSync.set(
        place,
        String(isr)
          .split(',')
          .map((id) => `events-${id.trim()}`),
      )
    else if (election !== 'offline') {
      const known = inSync.get(place)
      if (election === 'unclean' || known?.includes(String(elected)) === false)
        odd.push(
          `${String(elected)} was elected leader of ${place} (${String(election)}) with ${String(known)} in sync`,
        )
    }
  }
  return odd
}
