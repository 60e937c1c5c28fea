import * as fc from 'fast-check'
import type { Arrival, ServiceSpec, TracedMessage, Workload } from '../../src/application/service.ts'
import { isSecretKey, looksSecret } from '../../src/scenario/secrets.ts'
import { settingsOf } from '../../src/scenario/settings.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { withFallbacks, type Fault } from '../../src/simulation/fault.ts'
import { faultKinds } from '../../src/simulation/faults/registry.ts'
import { linkProfiles, type LinkProfile } from '../../src/simulation/link-profile.ts'
import { plainStrategy } from '../../src/scenario/strategy-reader.ts'
import { fakeCatalogue, toy } from './fake-catalogue.ts'

/*
 * Scenarios as a parser or a search may make them, for the round trip through a document.
 */

const duration = fc.oneof(
  fc.nat(10_000_000),
  fc.nat(100).map((count) => count * 60_000_000),
  fc.nat({ max: 2 ** 45 }),
)
const positiveDuration = duration.map((micros) => micros + 1)
const probability = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }).map((share) => share + 0)
const rate = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0.001, max: 1e6, noNaN: true }))
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((value) => !looksSecret(value))
const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/).filter((value) => !isSecretKey(value))

const arrival: fc.Arbitrary<Arrival> = fc.oneof(
  rate.map((perSecond) => ({ kind: 'constant' as const, perSecond })),
  rate.map((perSecond) => ({ kind: 'poisson' as const, perSecond })),
  fc.record({ kind: fc.constant('burst' as const), size: fc.integer({ min: 1, max: 99 }), every: positiveDuration }),
)

const tracedMessage: fc.Arbitrary<TracedMessage> = fc.record({
  time: duration,
  key: word,
  size: fc.integer({ min: 1, max: 1_000_000 }),
  type: word,
  operation: fc.option(word, { nil: undefined }),
  body: fc.oneof(
    fc.constant(undefined),
    fc.dictionary(
      word,
      fc.oneof(fc.integer(), fc.boolean(), word, fc.constant(null), fc.array(fc.integer(), { maxLength: 2 })),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
  ),
})

function workloads(name: string): fc.Arbitrary<Workload> {
  const synthetic = fc.record({
    kind: fc.constant('synthetic' as const),
    messages: fc.integer({ min: 1, max: 1000 }),
    arrival,
    keys: fc.integer({ min: 1, max: 50 }),
    keyChoice: fc.constantFrom('in-turn', 'uniform', 'zipf'),
    size: fc.integer({ min: 1, max: 100_000 }),
    type: fc.oneof(fc.constant(name), text),
  })
  const trace = fc
    .array(tracedMessage, { minLength: 1, maxLength: 4 })
    .map((messages) => ({ kind: 'trace' as const, messages: messages.toSorted((one, other) => one.time - other.time) }))
  return fc.oneof({ weight: 3, arbitrary: synthetic }, { weight: 1, arbitrary: trace })
}

const producerSettings = fc
  .record({ confirm: fc.boolean(), 'linger.ms': duration }, { requiredKeys: [], noNullPrototype: true })
  .map((written) => settingsOf(toy.producerOptions, written))
const consumerSettings = fc
  .record({ lease: fc.integer({ min: 2, max: 1e9 }) }, { requiredKeys: [], noNullPrototype: true })
  .map((written) => settingsOf(toy.consumerOptions, written))

const queue = fc.record(
  {
    attempts: fc.integer({ min: 14, max: 99 }),
    'time.to.live.ms': fc.option(fc.integer({ min: 1000, max: 1e9 })),
    'dead-letter': fc.constantFrom(null, 'dead', '7'),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const systemSettings = fc
  .record(
    {
      queues: fc.record({ orders: queue, 'a.b': queue, replies: queue }, { noNullPrototype: true }),
      limits: fc.record(
        { memory: fc.nat(), share: probability, speed: rate, scale: fc.integer() },
        { requiredKeys: [], noNullPrototype: true },
      ),
      mode: fc.constantFrom('0', '1', 'all'),
      racks: fc.array(text, { maxLength: 3 }),
    },
    { requiredKeys: ['queues'], noNullPrototype: true },
  )
  .map((written) => settingsOf(toy.options, written))

const address = fc.constantFrom('orders', 'a.b', 'replies').map((path) => ({ system: 'events', path }))

const dedupTable = fakeCatalogue.strategies.find(({ name }) => name === 'dedup-table')

const strategyUse = fc.option(fc.nat(), { nil: undefined }).map((size) => ({
  name: 'dedup-table',
  settings: settingsOf(dedupTable?.options ?? {}, size === undefined ? {} : { size }),
  stores: {},
}))

const handling: fc.Arbitrary<ServiceSpec['handling']> = fc.record({
  takes: duration,
  varies: probability,
  strategy: strategyUse,
  store: fc.constantFrom(undefined, 'ledger'),
  effect: fc.oneof(
    fc.constant(undefined),
    word.filter((name) => name !== 'none'),
  ),
  concurrency: fc.integer({ min: 1, max: 9 }),
  acknowledge: fc.constantFrom('before', 'after', 'never'),
  fails: fc.option(
    fc.record({ messages: fc.array(word, { maxLength: 2 }), probability, attempts: fc.constantFrom(1, 3, Infinity) }),
    { nil: undefined },
  ),
  onError: fc.constantFrom('requeue', 'discard', 'swallow', 'crash'),
  knows: fc.option(fc.array(word, { maxLength: 2 }), { nil: undefined }),
  interleaving: fc.option(
    fc.record({
      order: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      freely: fc.subarray(['work', 'begin']),
      from: fc.integer({ min: 0, max: 5_000_000 }),
      every: fc.integer({ min: 0, max: 100_000 }),
    }),
    { nil: undefined },
  ),
  onUnknown: fc.constantFrom('acknowledge', 'discard', 'requeue'),
})

const shop: fc.Arbitrary<ServiceSpec> = fc.record({
  name: fc.constant('shop'),
  members: fc.integer({ min: 1, max: 3 }),
  zones: fc.array(word, { maxLength: 2 }),
  sends: fc
    .record({
      to: address,
      name: fc.constant('order'),
      workload: workloads('order'),
      after: duration,
      types: fc.dictionary(fc.constantFrom('order-0', 'order-1'), text, { noNullPrototype: true }),
      inFlight: fc.integer({ min: 1, max: 500 }),
      duplicates: fc.option(
        fc.record({
          messages: fc.array(fc.constantFrom('order-0', 'order-1'), { maxLength: 2 }),
          probability,
          after: duration,
          id: fc.constantFrom('new' as const, 'same' as const),
        }),
        { nil: undefined },
      ),
      onFailure: fc.constantFrom('give-up' as const, 'send-again' as const, 'send-as-new' as const),
      afterRestart: fc.constantFrom('continue' as const, 'unanswered' as const, 'replay' as const),
      settings: producerSettings,
    })
    .map((sends) => [sends]),
  receives: fc.constant([]),
  forwards: fc.constant([]),
  asks: fc.array(
    fc.record({
      requests: address,
      replies: address,
      name: fc.constant('request'),
      workload: workloads('request'),
      timeout: positiveDuration,
      registers: fc.constantFrom('before-send', 'after-send'),
      gap: duration,
      onTimeout: fc.constantFrom('give-up', 'ask-again'),
      correlation: fc.constantFrom('checked', 'unchecked'),
      inFlight: fc.integer({ min: 1, max: 2000 }),
      settings: producerSettings,
      replySettings: consumerSettings,
    }),
    { maxLength: 1 },
  ),
  replies: fc.constant(false),
  // A service that receives nothing handles nothing: what the parser fills in.
  handling: fc.constant({
    takes: 1000,
    varies: 0,
    strategy: plainStrategy,
    store: undefined,
    effect: 'shop',
    concurrency: 1,
    acknowledge: 'after',
    fails: undefined,
    onError: 'requeue',
    knows: undefined,
    interleaving: undefined,
    onUnknown: 'acknowledge',
  } as const),
})

const billing: fc.Arbitrary<ServiceSpec> = fc.record({
  name: fc.constantFrom('billing', 'τιμή', 'x7', 'true'),
  members: fc.integer({ min: 1, max: 3 }),
  zones: fc.constant([]),
  sends: fc.constant([]),
  receives: fc.array(
    fc.record({
      from: address,
      group: word,
      after: duration,
      limit: fc.integer({ min: 1, max: 9 }),
      settings: consumerSettings,
    }),
    { minLength: 1, maxLength: 2 },
  ),
  forwards: fc.array(
    fc.record({ to: address, name: word, count: fc.integer({ min: 1, max: 3 }), settings: producerSettings }),
    {
      maxLength: 2,
    },
  ),
  asks: fc.constant([]),
  replies: fc.boolean(),
  handling,
})

const target = fc.constantFrom('shop', 'billing', 'leader(events/orders/0)', 'any billing', 'consumer 2', '7')
const group = fc.array(target, { minLength: 1, maxLength: 2 })

const strikes: fc.Arbitrary<Fault['strikes']> = fc.oneof(
  duration.map((at) => ({ at })),
  fc.record({
    when: fc.record(
      {
        fact: fc.constant('appended'),
        at: target,
        values: fc.record(
          { message: fc.constant('order-0'), offset: fc.nat(), waited: duration, last: fc.boolean() },
          { requiredKeys: [], noNullPrototype: true },
        ),
        nth: fc.integer({ min: 1, max: 5 }),
      },
      { requiredKeys: ['fact', 'values', 'nth'], noNullPrototype: true },
    ),
    cut: fc.oneof(
      fc.constantFrom('before' as const, 'after-state' as const, 'after-step' as const),
      fc.nat(3).map((afterSends) => ({ afterSends })),
    ),
  }),
)

const lasting = fc.option(duration, { nil: undefined })

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    action: fc.constantFrom('crash', 'pause', 'corrupt-tail'),
    targets: group.map((nodes) => [nodes]),
    parameters: fc.constant({}),
    strikes,
    duration: lasting,
  }),
  fc.record({
    action: fc.constant('partition'),
    targets: fc.array(group, { minLength: 2, maxLength: 3 }),
    parameters: fc.record({ 'one-way': fc.boolean() }, { requiredKeys: [], noNullPrototype: true }),
    strikes,
    duration: lasting,
  }),
  fc.record({
    action: fc.constant('clock-skew'),
    targets: group.map((nodes) => [nodes]),
    parameters: fc.record({ offset: fc.integer(), drift: fc.integer() }, { requiredKeys: [], noNullPrototype: true }),
    strikes,
    duration: lasting,
  }),
  fc.record({
    action: fc.constant('lossy-link'),
    targets: fc.tuple(group, group),
    parameters: fc.record({ loss: probability }, { requiredKeys: [], noNullPrototype: true }),
    strikes,
    duration: lasting,
  }),
)

/** None that changes nothing, which a scenario is refused for. */
const fault = anyFault.filter(({ action, parameters, targets }) => {
  const kind = faultKinds.find(({ name }) => name === action)
  const isOneSide = action === 'partition' && new Set(targets.map((side) => [...side].sort().join())).size === 1
  return kind !== undefined && !isOneSide && kind.lacks?.(withFallbacks(kind, parameters)) === undefined
})

const linkProfile: fc.Arbitrary<LinkProfile> = fc.oneof(
  fc.constantFrom<LinkProfile>(...Object.values(linkProfiles)),
  fc.record({
    latency: fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }).map((values) => {
      const [least = 0, median = 0, high = 0, most = 0] = values.toSorted((one, other) => one - other)
      return [
        [0, least],
        [0.5, median],
        [0.999, high],
        [1, most],
      ] as const
    }),
    bandwidth: fc.constantFrom(1, 125, 1_250_000_000, Infinity),
    loss: probability,
    duplication: probability,
  }),
)

/** Any scenario of the fake catalogue that the parser could have made. */
export const arbitraryScenario: fc.Arbitrary<Scenario> = fc.record({
  name: fc.constant('saved'),
  title: fc.oneof(fc.constant(''), text),
  question: fc.oneof(fc.constant(''), text),
  predict: fc.option(
    fc.record({
      ask: text,
      choices: fc.constant(['yes', '1', 'null']),
      usual: fc.constantFrom('yes', '1'),
      answer: fc.constant('null'),
    }),
    { nil: undefined },
  ),
  why: fc.oneof(fc.constant(''), text),
  seed: fc.oneof(text, fc.constantFrom('0007', '1e3', 'null', 'true', ' ', '~', '-', '0x10')),
  systems: fc.record(
    {
      events: fc.record({
        kind: fc.constant('toy'),
        version: fc.constantFrom('1.9', '1.10'),
        settings: systemSettings,
      }),
    },
    { noNullPrototype: true },
  ),
  stores: fc.constant({
    ledger: {
      kind: 'ledger',
      settings: settingsOf({ rows: { type: 'count', fallback: 10, summary: '' } }, { rows: 3 }),
    },
  }),
  services: fc.tuple(shop, billing),
  network: fc.record({
    everywhere: linkProfile,
    betweenZones: fc.option(linkProfile, { nil: undefined }),
    links: fc.array(fc.record({ between: fc.constant(['shop', 'events'] as const), profile: linkProfile }), {
      maxLength: 2,
    }),
  }),
  faults: fc.array(fault, { maxLength: 4 }),
  nemesis: fc.option(fc.record({ profile: fc.constant('production-day'), duration: positiveDuration }), {
    nil: undefined,
  }),
  settling: fc.record({
    healAfter: duration,
    heal: fc.oneof(fc.constant('all' as const), fc.array(target, { maxLength: 2 })),
    bound: positiveDuration,
  }),
  expectations: fc.constant([
    { service: 'shop', guarantee: 'no-loss', level: undefined, verdict: 'holds' as const },
    { service: 'shop', guarantee: 'no-loss', level: 'effect' as const, verdict: 'violated' as const },
    { service: 'run', guarantee: 'accounted', level: undefined, verdict: 'unknown' as const },
  ]),
  otherwise: fc.constantFrom('anything', 'not-violated'),
  thresholds: fc.constant([
    {
      metric: 'effectLatency.p99',
      service: 'shop',
      relation: '<' as const,
      value: 50_000,
      text: 'effect latency p99 < 50 ms',
    },
  ]),
  variant: fc.constant(''),
})
