import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { checkTargets } from '../../src/scenario/target-places.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import { parse, problemsIn, scenarioOf, simple } from './fake-catalogue.ts'

/** The simple scenario with more at its end, in place of what it expects. */
function withSection(section: string): Scenario {
  return scenarioOf(`${simple.slice(0, simple.indexOf('expect:'))}${section}`)
}

/** The first thing that the shop sends, described like this. */
function sending(description: string): Scenario['services'][number]['sends'][number] | undefined {
  return scenarioOf(simple.replace('messages: 50', description)).services[0]?.sends[0]
}

describe('a scenario of ten lines', () => {
  const scenario = scenarioOf(simple)

  it('is complete', () => {
    expect(simple.trim().split('\n')).toHaveLength(10)
    expect(scenario).toEqual({
      name: 'shop',
      title: 'The simplest thing',
      question: '',
      predict: undefined,
      why: '',
      seed: '1',
      systems: {
        events: {
          kind: 'toy',
          version: '1.10',
          settings: {
            values: {
              queues: { orders: { attempts: 3, 'time.to.live.ms': null, 'dead-letter': null } },
              heartbeat: 60_000_000,
              'x-expires': null,
              limits: { memory: 1024, share: 0.5, speed: 100, scale: 1 },
              mode: 'all',
              racks: [],
              'security.tokens': 0,
            },
            explicit: ['queues.orders'],
          },
        },
      },
      stores: {},
      services: [expect.objectContaining({ name: 'shop' }), expect.objectContaining({ name: 'billing' })],
      network: { everywhere: linkProfiles.lan, betweenZones: undefined, links: [] },
      faults: [
        { action: 'crash', targets: [['billing']], parameters: {}, strikes: { at: 1_000_000 }, duration: 2_000_000 },
      ],
      nemesis: undefined,
      settling: settlingDefaults,
      expectations: [{ service: 'billing', guarantee: 'no-loss', level: undefined, verdict: 'holds' }],
      otherwise: 'anything',
      thresholds: [],
      variant: '',
    })
  })

  it('has services with defaults', () => {
    expect(scenario.services[0]).toMatchObject({
      members: 1,
      zones: [],
      receives: [],
      replies: false,
      sends: [
        {
          to: { system: 'events', path: 'orders' },
          name: 'order',
          workload: {
            kind: 'synthetic',
            messages: 50,
            arrival: { kind: 'constant', perSecond: 100 },
            keys: 10,
            keyChoice: 'in-turn',
            size: 256,
            type: 'order',
          },
          inFlight: 100,
          duplicates: undefined,
          onFailure: 'give-up',
          afterRestart: 'continue',
          settings: { values: { confirm: true, 'linger.ms': 0 }, explicit: [] },
        },
      ],
    })
    expect(scenario.services[1]).toMatchObject({
      sends: [],
      receives: [{ from: { system: 'events', path: 'orders' }, group: 'billing', limit: 1, after: 0 }],
      handling: {
        strategy: { name: 'none' },
        effect: 'billing',
        acknowledge: 'after',
        store: undefined,
        fails: undefined,
      },
    })
  })

  it('is named after its folder and file', () => {
    expect(scenarioOf(simple, { file: 'scenarios/01-delivery/at-most-once.yaml' }).name).toBe(
      '01-delivery/at-most-once',
    )
    expect(scenarioOf(simple, { name: 'found-3' }).name).toBe('found-3')
  })
})

describe('texts stay texts', () => {
  it.each([
    ['0007', '0007'],
    ['7', '7'],
    ['lesson-7', 'lesson-7'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['"x y"', 'x y'],
  ])('seed: %s is the seed %s', (written, seed) => {
    expect(scenarioOf(`seed: ${written}\n${simple}`).seed).toBe(seed)
  })

  it('as do versions: 1.10 is not 1.1', () => {
    const text = simple.replace('{ toy: {', '{ toy: { version: 1.10,')
    expect(scenarioOf(text).systems['events']?.version).toBe('1.10')
  })

  it('and choices that look like numbers', () => {
    const text = simple.replace('orders: {} }', 'orders: {} }, mode: 1')
    expect(scenarioOf(text).systems['events']?.settings.values['mode']).toBe('1')
  })

  it('another seed takes their place', () => {
    expect(scenarioOf(`seed: a\n${simple}`, { seed: '0007' }).seed).toBe('0007')
  })
})

describe('options', () => {
  it('tell what was set from what is a default, and none from nothing', () => {
    const queues = '{ orders: { dead-letter: none, attempts: }, late: }'
    const text = simple
      .replace('{ orders: {} }', queues)
      .replace('toy: {', 'toy: { limits: { memory: 1 KiB, share: 5% }, racks: a, ')
    const settings = scenarioOf(text).systems['events']?.settings
    expect(settings?.explicit).toEqual([
      'queues.orders',
      'queues.orders.dead-letter',
      'queues.late',
      'limits.memory',
      'limits.share',
      'racks',
    ])
    expect(settings?.values['limits']).toEqual({ memory: 1024, share: 0.05, speed: 100, scale: 1 })
    expect(settings?.values['racks']).toEqual(['a'])
  })

  it('count bare numbers in the unit of their own name', () => {
    const text = simple.replace('orders: {}', 'orders: { time.to.live.ms: 30 }')
    expect(scenarioOf(text).systems['events']?.settings.values['queues']).toMatchObject({
      orders: { 'time.to.live.ms': 30_000 },
    })
  })

  it('count bare numbers in the unit that the product counts in, where the name says nothing', () => {
    const valuesOf = (options: string): unknown =>
      scenarioOf(simple.replace('queues: { orders: {} }', `queues: { orders: {} }, ${options}`)).systems['events']
        ?.settings.values
    expect(valuesOf('heartbeat: 5, x-expires: 60000')).toMatchObject({ heartbeat: 5_000_000, 'x-expires': 60_000_000 })
    expect(valuesOf('heartbeat: 2min, x-expires: 1h')).toMatchObject({
      heartbeat: 120_000_000,
      'x-expires': 3_600_000_000,
    })
  })

  it('of a service hold for all that it sends, and those of a part go before them', () => {
    const shop =
      'shop: { sends: [events/orders, { to: events/orders, name: refund, producer: { confirm: true } }], producer: { confirm: false, linger.ms: 5 } }'
    const sends = scenarioOf(simple.replace(/shop: .*/, shop)).services[0]?.sends ?? []
    expect(sends.map(({ settings }) => settings)).toEqual([
      { values: { confirm: false, 'linger.ms': 5_000 }, explicit: ['confirm', 'linger.ms'] },
      { values: { confirm: true, 'linger.ms': 5_000 }, explicit: ['confirm', 'linger.ms'] },
    ])
  })
})

describe('what is sent', () => {
  it.each([
    ['rate: 6000/min', { kind: 'constant', perSecond: 100 }],
    ['arrival: { poisson: 50/s }', { kind: 'poisson', perSecond: 50 }],
    ['arrival: { burst: 50, every: 1s }', { kind: 'burst', size: 50, every: 1_000_000 }],
  ])('%s arrives like that', (description, arrival) => {
    expect(sending(description)?.workload).toMatchObject({ arrival })
  })

  it('has keys and sizes', () => {
    expect(sending('keys: { count: 3, choice: zipf }, size: 1 KiB')?.workload).toMatchObject({
      keys: 3,
      keyChoice: 'zipf',
      size: 1024,
    })
  })

  it('goes to an address of the only system where none is named', () => {
    const short = simple
      .replace('to: events/orders', 'to: orders')
      .replace('receives: events/orders', 'receives: orders')
    expect(scenarioOf(short)).toEqual(scenarioOf(simple))
  })
})

describe('a service', () => {
  it('may ask, forward, reply, and fail', () => {
    const { services } = scenarioOf(`
systems: { events: { toy: { queues: { orders: , replies: } } } }
stores: { ledger: ledger }
services:
  web: { asks: { requests: events/orders, replies: events/replies, messages: 3, timeout: 2s, registers: after-send, consumer: { lease: 1s } } }
  billing:
    members: 3
    zones: [a, b]
    receives: { from: events/orders, group: g, limit: 5, consumer: { lease: 2s } }
    handling: { takes: 5ms, varies: 20%, strategy: dedup-table, store: ledger, effect: none, acknowledge: before, knows: [request],
      fails: { messages: request-1, attempts: 2 }, on-error: swallow, on-unknown: discard, concurrency: 4 }
    forwards: [events/orders]
    replies: true
`)
    expect(services[0]?.asks).toEqual([
      {
        requests: { system: 'events', path: 'orders' },
        replies: { system: 'events', path: 'replies' },
        name: 'request',
        workload: expect.objectContaining({ messages: 3, type: 'request' }),
        timeout: 2_000_000,
        registers: 'after-send',
        gap: 1_000,
        onTimeout: 'give-up',
        correlation: 'checked',
        inFlight: 1000,
        settings: { values: { confirm: true, 'linger.ms': 0 }, explicit: [] },
        replySettings: { values: { lease: 1_000_000 }, explicit: ['lease'] },
      },
    ])
    expect(services[1]).toMatchObject({
      members: 3,
      zones: ['a', 'b'],
      receives: [{ group: 'g', limit: 5, settings: { explicit: ['lease'] } }],
      forwards: [{ name: 'output', count: 1 }],
      replies: true,
      handling: {
        takes: 5_000,
        varies: 0.2,
        strategy: { name: 'dedup-table', settings: { values: { size: 10 } }, stores: {} },
        store: 'ledger',
        effect: undefined,
        concurrency: 4,
        acknowledge: 'before',
        fails: { messages: ['request-1'], probability: 1, attempts: 2 },
        onError: 'swallow',
        knows: ['request'],
        interleaving: undefined,
        onUnknown: 'discard',
      },
    })
  })
})

describe('a network', () => {
  it('has profiles everywhere, between zones and on single links', () => {
    const { network } = withSection(`network:
  profile: cross-zone
  loss: 1%
  between-zones: wan
  links: [{ between: [shop, events], quantiles: { p50: 1ms, p99.9: 3ms }, bandwidth: unlimited }]
`)
    expect(network).toEqual({
      everywhere: { ...linkProfiles['cross-zone'], loss: 0.01 },
      betweenZones: linkProfiles.wan,
      links: [
        {
          between: ['shop', 'events'],
          profile: {
            ...linkProfiles.lan,
            latency: [
              [0, 1000],
              [0.5, 1000],
              [0.999, 3000],
              [1, 3000],
            ],
            bandwidth: Infinity,
          },
        },
      ],
    })
  })
})

describe('faults', () => {
  it('strike at facts, at places in a step, and on sides', () => {
    const { faults } = withSection(`
  - { when: { fact: appended, at: events, message: order-17, waited: 5ms, last: true, nth: 2 }, cut: after-state, crash: [shop, billing] }
  - { when: delivered, cut: { after-sends: 2 }, slow: billing, factor: 10x }
  - { at: 1s, partition: [[shop, events], billing], one-way: true, for: 10s }
  - { at: 0s, clock-skew: billing, offset: -2s, drift: 50 ppm }
  - { at: 0s, lossy-link: [shop, events], loss: 5% }
`)
    expect(faults.slice(1)).toEqual([
      {
        action: 'crash',
        targets: [['shop', 'billing']],
        parameters: {},
        strikes: {
          when: { fact: 'appended', at: 'events', values: { message: 'order-17', waited: 5_000, last: true }, nth: 2 },
          cut: 'after-state',
        },
        duration: undefined,
      },
      {
        action: 'slow',
        targets: [['billing']],
        parameters: { factor: 10 },
        strikes: { when: { fact: 'delivered', values: {}, nth: 1 }, cut: { afterSends: 2 } },
        duration: undefined,
      },
      {
        action: 'partition',
        targets: [['shop', 'events'], ['billing']],
        parameters: { 'one-way': true },
        strikes: { at: 1_000_000 },
        duration: 10_000_000,
      },
      {
        action: 'clock-skew',
        targets: [['billing']],
        parameters: { offset: -2_000_000, drift: 50 },
        strikes: { at: 0 },
        duration: undefined,
      },
      {
        action: 'lossy-link',
        targets: [['shop'], ['events']],
        parameters: { loss: 0.05 },
        strikes: { at: 0 },
        duration: undefined,
      },
    ])
  })

  it('may be drawn from a profile', () => {
    expect(withSection('nemesis: { profile: production-day, for: 60s }').nemesis).toEqual({
      profile: 'production-day',
      duration: 60_000_000,
    })
  })

  it('end as the scenario says', () => {
    expect(withSection('settle: { heal-after: 1s, heal: none, bound: 1 min }').settling).toEqual({
      healAfter: 1_000_000,
      heal: [],
      bound: 60_000_000,
    })
    expect(withSection('settle: { heal: billing }').settling.heal).toEqual(['billing'])
  })
})

describe('expectations', () => {
  it('are of services, chains or the run, at a level or at all', () => {
    const section =
      'expect: { billing: { no-loss/delivery: violated }, shop->billing: { no-duplicates: unknown }, run: { accounted: holds } }'
    expect(withSection(section).expectations).toEqual([
      { service: 'billing', guarantee: 'no-loss', level: 'delivery', verdict: 'violated' },
      { service: 'shop→billing', guarantee: 'no-duplicates', level: undefined, verdict: 'unknown' },
      { service: 'run', guarantee: 'accounted', level: undefined, verdict: 'holds' },
    ])
  })

  it('have thresholds in words', () => {
    const section =
      'thresholds: { billing: [effect latency p99 < 50 ms, effect latency p99.9 <= 1s, duplicate effects == 0, handled per second >= 60/min] }'
    expect(withSection(section).thresholds).toEqual([
      {
        metric: 'effectLatency.p99',
        service: 'billing',
        relation: '<',
        value: 50_000,
        text: 'effect latency p99 < 50 ms',
      },
      {
        metric: 'effectLatency.p999',
        service: 'billing',
        relation: '<=',
        value: 1_000_000,
        text: 'effect latency p99.9 <= 1s',
      },
      { metric: 'duplicateEffects', service: 'billing', relation: '==', value: 0, text: 'duplicate effects == 0' },
      {
        metric: 'handledPerSecond',
        service: 'billing',
        relation: '>=',
        value: 1,
        text: 'handled per second >= 60/min',
      },
    ])
    expect(withSection('thresholds: duplicate effects == 0').thresholds[0]?.service).toBe('billing')
  })
})

describe('variants', () => {
  const text = `${simple}variants:
  slow: { title: Slower, services: { shop: { sends: { rate: 1/s } } }, faults: null, expect: { billing: { no-loss: violated } } }
  other: { services: { billing: null, mailing: { receives: events/orders } }, faults: [{ at: 3s, pause: shop }], expect: null }
`

  it('merge maps, replace everything else, and remove with null', () => {
    const slow = scenarioOf(text, { variant: 'slow' })
    expect(slow).toMatchObject({
      title: 'Slower',
      variant: 'slow',
      faults: [],
      expectations: [{ verdict: 'violated' }],
    })
    expect(slow.services[0]?.sends[0]?.workload).toMatchObject({ messages: 50, arrival: { perSecond: 1 } })
    const other = scenarioOf(text, { variant: 'other' })
    expect(other.services.map(({ name }) => name)).toEqual(['shop', 'mailing'])
    expect(other.faults.map(({ action }) => action)).toEqual(['pause'])
  })

  it('are named, with the one without faults', () => {
    const parsed = parse(text)
    expect(parsed.ok && parsed.variants).toEqual(['slow', 'other', 'no-faults'])
    expect(problemsIn(text, { variant: 'slwo' })).toEqual(['--variant: there is no variant "slwo". Did you mean slow?'])
  })

  it('without faults nothing may break, whatever was expected with them', () => {
    const calm = scenarioOf(`${text}nemesis: { profile: production-day, for: 1s }`, { variant: 'no-faults' })
    expect(calm).toMatchObject({
      faults: [],
      nemesis: undefined,
      expectations: [],
      thresholds: [],
      otherwise: 'not-violated',
      variant: 'no-faults',
    })
    const own = scenarioOf(`${text}  no-faults: { expect: { billing: { no-loss: violated } } }`, {
      variant: 'no-faults',
    })
    expect(own).toMatchObject({ faults: [], expectations: [{ guarantee: 'no-loss', verdict: 'violated' }] })
  })

  it('that nobody chose change nothing', () => {
    expect(scenarioOf(text)).toEqual(scenarioOf(simple))
  })
})

describe('targets', () => {
  const text = simple
    .replace('crash: billing', 'partition: [[biling, shop], leader(events)]')
    .replace(
      'expect:',
      '  - { when: { fact: delivered, at: bling }, pause: any billing }\nsettle: { heal: [shopp] }\nexpect:',
    )

  it('are checked once it is known what there is', () => {
    const parsed = parse(text)
    const known = ['shop', 'billing', 'leader']
    const problems = checkTargets(parsed.ok ? parsed.targets : [], (target) =>
      known.some((name) => target.split(/[ (]/).includes(name)) ? undefined : known,
    )
    expect(problems).toEqual([
      {
        file: 'shop.yaml',
        line: 8,
        column: 28,
        path: 'faults.0.partition.0.0',
        message: 'there is no target "biling"',
        suggestion: 'Did you mean billing?',
      },
      {
        file: 'shop.yaml',
        line: 9,
        column: 36,
        path: 'faults.1.when.at',
        message: 'there is no target "bling"',
        suggestion: 'Did you mean billing?',
      },
      {
        file: 'shop.yaml',
        line: 10,
        column: 18,
        path: 'settle.heal.0',
        message: 'there is no target "shopp"',
        suggestion: 'Did you mean shop?',
      },
    ])
  })
})
