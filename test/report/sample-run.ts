import type { Witness } from '../../src/checks/check.ts'
import type { AnyFact } from '../../src/history/fact.ts'
import * as facts from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'
import { measure } from '../../src/metrics/metrics.ts'
import type { JudgedRow, Run } from '../../src/run.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import { memoryOptions } from '../../src/systems/memory/options.ts'

/** Names that try to leave the text that they stand in. */
export const hostile = `<script>alert("1")</script>'&\u001b[31m`

/**
 * A run as it comes out of the pipeline, written by hand: of two orders one is billed twice, because billing-1 crashes between the
 * effect and the acknowledgement.
 */
export function sampleRun(changes: Partial<Run> = {}, names: { readonly shop?: string } = {}): Run {
  const shop = names.shop ?? 'shop'
  const history = sampleHistory(shop)
  const at = (index: number): AnyFact => history.at(index)
  return {
    scenario: sampleScenario(shop),
    fingerprint: '00c0ffee00c0ffee',
    events: 1234,
    simulatedMicros: 4_000_000,
    ending: 'settled',
    waitingFor: '',
    history,
    rows: sampleRows(at),
    thresholds: [
      {
        metric: 'effectLatency.p99',
        service: 'billing',
        relation: '<',
        value: 50_000,
        text: 'effect latency p99 < 50 ms',
        measured: 41_200,
        met: true,
      },
    ],
    metrics: measure(history),
    faults: [
      {
        fault: {
          action: 'crash',
          targets: [['billing-1']],
          parameters: {},
          strikes: {
            when: { fact: 'effect-applied', at: 'billing-1', values: { message: 'order-1' }, nth: 1 },
            cut: 'after-state',
          },
          duration: 2_000_000,
        },
        state: 'over',
      },
    ],
    systems: [
      {
        name: 'mail',
        kind: 'sample',
        title: 'A broker for samples',
        version: '1.0',
        options: memoryOptions,
        settings: {
          values: {
            queues: {
              orders: {
                attempts: 5,
                'dead-letter': null,
                'visibility-timeout': 30_000_000,
                requeue: 'tail',
                capacity: null,
                'redrive-after': null,
              },
            },
            topics: {},
            'time-per-request': 0,
          },
          explicit: ['queues.orders', 'queues.orders.attempts'],
        },
        clients: [],
        facts: [],
        rules: [],
        claims: [
          {
            service: 'billing',
            role: 'consumer',
            guarantee: 'no-loss',
            level: 'effect',
            holds: true,
            under: ['crash'],
            statement: 'Every confirmed message is handled at least once.',
            page: 'https://example.org/guide',
          },
          {
            service: 'billing',
            role: 'consumer',
            guarantee: 'no-duplicates',
            level: 'effect',
            holds: false,
            under: [],
            statement: 'Messages may be handed over more than once.',
            page: 'javascript:alert(1)',
          },
        ],
        omissions: ['It has no disk: what it holds is gone when it stops.'],
      },
    ],
    parts: { stores: [], strategies: [] },
    notes: [],
    conclusion: 'as-expected',
    ...changes,
  }
}

export function sampleScenario(shop = 'shop'): Run['scenario'] {
  const settings = { values: {}, explicit: [] }
  const handling = {
    takes: 5_000,
    varies: 0.2,
    strategy: { name: 'none', settings, stores: {} },
    store: 'ledger',
    effect: 'bill',
    concurrency: 1,
    acknowledge: 'after',
    fails: undefined,
    onError: 'requeue',
    knows: undefined,
    interleaving: undefined,
    onUnknown: 'acknowledge',
  } as const
  const nothing = { zones: [], sends: [], receives: [], forwards: [], asks: [], replies: false, handling }
  return {
    name: '01-delivery/at-least-once',
    title: 'Acknowledging after the work handles some messages twice',
    question: 'The consumer acknowledges when it is done. Is every order billed once?',
    predict: {
      ask: 'How often is each order billed?',
      choices: ['once', 'some twice', 'some never'],
      usual: 'once',
      answer: 'some twice',
    },
    why: 'Between the effect and the acknowledgement there is a moment in which only the store knows.',
    seed: 'lesson 7',
    systems: { mail: { kind: 'sample', version: '1.0', settings } },
    stores: { ledger: { kind: 'database', settings: { ...settings, values: { unique: 'none' } } } },
    services: [
      {
        ...nothing,
        name: shop,
        members: 1,
        sends: [
          {
            to: { system: 'mail', path: 'orders' },
            name: 'order',
            workload: {
              kind: 'synthetic',
              messages: 2,
              arrival: { kind: 'constant', perSecond: 100 },
              keys: 1,
              keyChoice: 'in-turn',
              size: 512,
              type: 'order',
            },
            after: 0,
            types: {},
            inFlight: 1,
            duplicates: undefined,
            onFailure: 'give-up',
            afterRestart: 'continue',
            settings,
          },
        ],
      },
      {
        ...nothing,
        name: 'billing',
        members: 2,
        receives: [{ from: { system: 'mail', path: 'orders' }, group: 'billing', after: 0, limit: 1, settings }],
      },
    ],
    network: { everywhere: linkProfiles.lan, betweenZones: undefined, links: [] },
    faults: [],
    nemesis: undefined,
    settling: { healAfter: 10_000_000, heal: 'all', bound: 3_600_000_000 },
    expectations: [{ service: 'billing', guarantee: 'no-duplicates', level: undefined, verdict: 'violated' }],
    otherwise: 'anything',
    thresholds: [],
    variant: '',
  }
}

function sampleHistory(shop: string): History {
  const history = new History()
  const { names } = history
  const producer = names.intern(shop)
  const first = names.intern('billing-1')
  const second = names.intern('billing-2')
  const broker = names.intern('mail-broker')
  const run = names.intern('run')
  const one = { message: 'order-1', service: 'billing', attempt: 1 } as const
  const two = { ...one, attempt: 2 }
  const sent = { operation: 'order-1', key: 'k', sequence: 1, version: 1, channel: 'mail/orders', size: 512 }
  const handed = { channel: 'mail/orders', partition: '', position: 1 }
  const bill = { operation: 'order-1', effect: 'bill', store: 'ledger', key: 'k', version: 1, value: 1 }
  const copy = { copy: 0, message: 'order-1', place: 'mail/orders' }
  const submitted = history.record(facts.submitted, 1_000_000, producer, { ...sent, message: 'order-1', service: shop })
  const stored = history.record(facts.copyStored, 1_000_400, broker, copy, submitted)
  history.record(
    facts.answered,
    1_000_900,
    producer,
    { message: 'order-1', service: shop, outcome: 'confirmed', reason: '' },
    stored,
  )
  const delivered = history.record(facts.delivered, 1_001_000, first, { ...one, ...handed, redelivered: false }, stored)
  history.record(
    facts.effectApplied,
    1_006_000,
    names.intern('ledger'),
    { ...one, ...bill, consumer: 'billing-1' },
    delivered,
  )
  const crash = { fault: 0, action: 'crash', target: 'billing-1' }
  const struck = history.record(facts.faultStruck, 1_006_000, run, crash)
  const crashed = history.record(facts.nodeCrashed, 1_006_000, first, { incarnation: 0 }, struck)
  const again = history.record(
    facts.delivered,
    1_406_000,
    second,
    { ...two, ...handed, redelivered: true },
    stored,
    crashed,
  )
  history.record(
    facts.effectApplied,
    1_411_000,
    names.intern('ledger'),
    { ...two, ...bill, consumer: 'billing-2' },
    again,
  )
  const handled = history.record(facts.handled, 1_411_000, second, two, again)
  const acknowledged = history.record(facts.acknowledged, 1_411_100, second, two, handled)
  history.record(facts.copyEnded, 1_411_500, broker, { ...copy, fate: 'acknowledged', reason: '' }, acknowledged)
  history.record(facts.faultEnded, 3_006_000, run, crash)
  history.record(facts.runEnded, 4_000_000, run, { ending: 'settled', waitingFor: '' })
  return history
}

function sampleRows(at: (index: number) => AnyFact): readonly JudgedRow[] {
  const none = { violations: 0, witnesses: [] } as const
  const billing = { service: 'billing', judged: 2, counts: {} }
  const twice: Witness = {
    item: 'order-1',
    sentence: 'order-1 had its effect 2 times in billing',
    evidence: [at(4), at(8)],
  }
  return [
    { ...billing, ...none, guarantee: 'no-loss', level: 'effect', verdict: 'holds', expected: 'holds', met: true },
    {
      ...billing,
      guarantee: 'no-duplicates',
      level: 'effect',
      verdict: 'violated',
      violations: 1,
      witnesses: [twice],
      expected: 'violated',
      met: true,
    },
    {
      ...billing,
      guarantee: 'exactly-once',
      level: 'effect',
      verdict: 'violated',
      violations: 3,
      witnesses: [twice],
      expected: undefined,
      met: true,
    },
    {
      ...billing,
      ...none,
      guarantee: 'ordered-per-key',
      level: 'delivery',
      judged: 0,
      verdict: 'unknown',
      reason: 'no key has two messages',
      expected: undefined,
      met: true,
    },
  ]
}
