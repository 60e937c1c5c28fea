import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/scenario/problem.ts'
import { problemsIn, simple } from './fake-catalogue.ts'

/** The simple scenario with one line in place of another. */
function changed(from: string, to: string): readonly string[] {
  expect(simple).toContain(from)
  return problemsIn(simple.replace(from, to))
}

describe('a problem names the file, the line, the column, the path, what was expected and what was found', () => {
  it.each([
    ['title: The', 'titel: The', ['shop.yaml:1:1 titel: there is no key "titel" here. Did you mean title?']],
    ['title: The simplest thing', 'title: [a]', ['shop.yaml:1:8 title: expected text, found a list.']],
    [
      '{ toy: { queues: { orders: {} } } }',
      '{ toi: { queues: { orders: {} } } }',
      ['shop.yaml:3:13 systems.events.toi: there is no product "toi". Did you mean toy?'],
    ],
    [
      '{ toy: { queues: { orders: {} } } }',
      '{ someday: {} }',
      [
        'shop.yaml:3:13 systems.events.someday: the product "someday" is planned and not there yet. Known: toy, second.',
      ],
    ],
    [
      '{ toy: { queues: { orders: {} } } }',
      'someday',
      ['shop.yaml:3:11 systems.events: the product "someday" is planned and not there yet. Known: toy, second.'],
    ],
    [
      '{ toy: { queues: { orders: {} } } }',
      '{ toy: {}, second: {} }',
      ['shop.yaml:3:11 systems.events: expected one product, found toy and second. Known: toy, second.'],
    ],
    [
      'orders: {} }',
      'orders: { atempts: 3 } }',
      [
        'shop.yaml:3:40 systems.events.toy.queues.orders.atempts: there is no key "atempts" here. Did you mean attempts?',
      ],
    ],
    [
      'orders: {} }',
      'orders: { attempts: 0 } }',
      ['shop.yaml:3:50 systems.events.toy.queues.orders.attempts: expected a whole number, 1 or more, found 0.'],
    ],
    [
      'orders: {} }',
      'orders: { time.to.live.ms: -5ms } }',
      [
        'shop.yaml:3:57 systems.events.toy.queues.orders.time.to.live.ms: expected a duration such as 5ms, 1ms or more, found "-5ms".',
      ],
    ],
    [
      '{ toy: { queues: { orders: {} } } }',
      '{ toy: { queues: { orders: {} }, mode: 2, version: "1.8" } }',
      [
        'shop.yaml:3:50 systems.events.toy.mode: expected one of 0, 1, all, found 2.',
        'shop.yaml:3:62 systems.events.toy.version: there is no version of Toy "1.8". Did you mean 1.9?',
      ],
    ],
    [
      'orders: {} }',
      'orders: { attempts: 13 } }',
      ['shop.yaml:3:50 systems.events.toy.queues.orders.attempts: 13 attempts bring bad luck.'],
    ],
    [
      'to: events/orders',
      'to: event/orders',
      ['shop.yaml:5:24 services.shop.sends.to: there is no system "event". Did you mean events?'],
    ],
    [
      'to: events/orders',
      'to: events/ordres',
      ['shop.yaml:5:24 services.shop.sends.to: there is no queue ordres. Declare it.'],
    ],
    [
      'to: events/orders',
      'to: events/',
      ['shop.yaml:5:24 services.shop.sends.to: expected an address such as events/orders, found "events/".'],
    ],
    [
      'to: events/orders, ',
      '',
      ['shop.yaml:5:18 services.shop.sends.to: expected an address such as events/orders, found nothing.'],
    ],
    [
      'messages: 50',
      'mesages: 50',
      ['shop.yaml:5:39 services.shop.sends.mesages: there is no key "mesages" here. Did you mean messages?'],
    ],
    [
      'messages: 50',
      'messages: many',
      ['shop.yaml:5:49 services.shop.sends.messages: expected a whole number, found "many".'],
    ],
    [
      'messages: 50',
      'rate: fast',
      ['shop.yaml:5:45 services.shop.sends.rate: expected a rate such as 100/s, found "fast".'],
    ],
    [
      'messages: 50',
      'rate: 0/s',
      ['shop.yaml:5:45 services.shop.sends.rate: expected a rate such as 100/s, 1/d or more, found "0/s".'],
    ],
    [
      'messages: 50',
      'after: -1s',
      [
        'shop.yaml:5:46 services.shop.sends.after: expected a duration with its unit, such as 5ms, not negative, found "-1s".',
      ],
    ],
    [
      'messages: 50',
      'after: 5',
      ['shop.yaml:5:46 services.shop.sends.after: expected a duration with its unit, such as 5ms, found 5.'],
    ],
    ['messages: 50', 'keys: .nan', ['shop.yaml:5:45 services.shop.sends.keys: expected a whole number, found ".nan".']],
    [
      'messages: 50',
      'keys: { count: 3, choice: zpf }',
      [
        'shop.yaml:5:65 services.shop.sends.keys.choice: expected one of in-turn, uniform, zipf, found "zpf". Did you mean zipf?',
      ],
    ],
    [
      'messages: 50',
      'messages: 99999999999999999999',
      [
        'shop.yaml:5:49 services.shop.sends.messages: expected a whole number, 10000000 or less, found "99999999999999999999".',
      ],
    ],
    [
      'messages: 50',
      'arrival: { poisson: 3/s, burst: 5 }',
      ['shop.yaml:5:48 services.shop.sends.arrival: expected one of constant, poisson and burst, found several.'],
    ],
    [
      'messages: 50',
      'arrival: { burst: 5 }',
      [
        'shop.yaml:5:48 services.shop.sends.arrival: expected every beside burst, found nothing. Say { burst: 50, every: 1s }.',
      ],
    ],
    [
      'messages: 50',
      'rate: 1/s, arrival: { poisson: 3/s }',
      [
        'shop.yaml:5:39 services.shop.sends.rate: expected a rate or an arrival, found both. Say { arrival: { constant: 100/s } }.',
      ],
    ],
    [
      'messages: 50 }',
      'producer: { confrm: true } }, producer: { confirm: maybe }',
      [
        'shop.yaml:5:51 services.shop.sends.producer.confrm: there is no key "confrm" here. Did you mean confirm?',
        'shop.yaml:5:90 services.shop.sends.producer.confirm: expected true or false, found "maybe".',
      ],
    ],
    [
      'messages: 50 }',
      'messages: 50 }, consumer: { lease: 5s }, handling: {}',
      [
        'shop.yaml:5:55 services.shop.consumer: expected a service that receives, found options of a consumer in one that does not.',
        'shop.yaml:5:80 services.shop.handling: expected a service that receives, found handling in one that does not.',
      ],
    ],
    [
      'receives: events/orders',
      'receives: events/orders, members: two',
      ['shop.yaml:6:48 services.billing.members: expected a whole number, found "two".'],
    ],
    [
      'receives: events/orders',
      'receives: events/orders, handling: { takes: soon, strategy: dedup, store: legder }',
      [
        'shop.yaml:6:58 services.billing.handling.takes: expected a duration with its unit, such as 5ms, found "soon".',
        'shop.yaml:6:74 services.billing.handling.strategy: there is no strategy "dedup". Did you mean dedup-table?',
        'shop.yaml:6:88 services.billing.handling.store: there is no store "legder".',
      ],
    ],
    [
      'receives: events/orders',
      'receives: events/orders, consumer: { lease: 1us }',
      ['shop.yaml:6:58 services.billing.consumer.lease: a lease of 1us ends before it begins.'],
    ],
    [
      'receives: events/orders',
      'receives: [events/orders, 5]',
      ['shop.yaml:6:40 services.billing.receives.1: expected an address, or a map with from, found 5.'],
    ],
    [
      '  billing: {',
      '  bill/ing: {',
      [
        'shop.yaml:6:3 services.bill/ing: expected a name that is no number and has no spaces, slashes, arrows, commas or brackets, found "bill/ing".',
        'shop.yaml:8:22 faults.0.crash: there is no target "billing". Did you mean bill/ing?',
        'shop.yaml:10:3 expect.billing: there is no service "billing". Did you mean bill/ing?',
      ],
    ],
    [
      'crash: billing',
      'crsh: billing',
      ['shop.yaml:8:15 faults.0.crsh: there is no fault "crsh". Did you mean crash?'],
    ],
    [
      'crash: billing, for: 2s',
      'for: 2s',
      [
        'shop.yaml:8:5 faults.0: expected what happens, found nothing. Known: crash, power-loss, restart, deploy, scale-in, pause, slow, overload, clock-skew, partition, isolate, slow-link and 6 more.',
      ],
    ],
    [
      'crash: billing',
      'crash: billing, pause: shop',
      ['shop.yaml:8:5 faults.0: expected one fault, found crash and pause. Make them two entries.'],
    ],
    [
      'crash: billing',
      'crash: []',
      ['shop.yaml:8:22 faults.0.crash: expected a target of crash, found an empty list.'],
    ],
    [
      'crash: billing',
      'crash: billing, factor: 3',
      ['shop.yaml:8:31 faults.0.factor: there is no key "factor" here. Known: at, when, cut, for, crash.'],
    ],
    [
      'crash: billing',
      'slow: billing, factor: -3',
      ['shop.yaml:8:38 faults.0.factor: expected a factor such as 10 or 10x, not negative, found -3.'],
    ],
    [
      'crash: billing',
      'slow-link: [billing, shop], delay: -3ms',
      ['shop.yaml:8:50 faults.0.delay: expected a duration with its unit, such as 5ms, not negative, found "-3ms".'],
    ],
    [
      'crash: billing',
      'slow-link: [billing]',
      ['shop.yaml:8:26 faults.0.slow-link: expected two targets such as [client, broker], found 1.'],
    ],
    [
      'crash: billing',
      'slow: billing, factor: 0',
      ['shop.yaml:8:21 faults.0.slow: expected a factor above 1 beside slow, which else changes nothing.'],
    ],
    [
      'crash: billing',
      'slow-link: [billing, shop]',
      [
        'shop.yaml:8:26 faults.0.slow-link: expected a factor above 1 or a delay beside slow-link, which else changes nothing.',
      ],
    ],
    [
      'crash: billing',
      'clock-skew: billing',
      [
        'shop.yaml:8:27 faults.0.clock-skew: expected an offset or a drift beside clock-skew, which else changes nothing.',
      ],
    ],
    [
      'crash: billing',
      'lossy-link: [billing, shop], loss: 0',
      [
        'shop.yaml:8:27 faults.0.lossy-link: expected a loss or a duplication beside lossy-link, which else changes nothing.',
      ],
    ],
    [
      'crash: billing',
      'partition: [[billing, shop], [shop, billing]]',
      ['shop.yaml:8:26 faults.0.partition: expected two sides or more, such as [[a, b], [c]], found 2, all the same.'],
    ],
    [
      'crash: billing',
      'partition: [billing]',
      ['shop.yaml:8:26 faults.0.partition: expected two sides or more, such as [[a, b], [c]], found 1.'],
    ],
    [
      'at: 1s',
      'at: noon',
      ['shop.yaml:8:11 faults.0.at: expected a duration with its unit, such as 5ms, found "noon".'],
    ],
    ['at: 1s, ', '', ['shop.yaml:8:5 faults.0: expected at or when, found neither.']],
    ['at: 1s', 'at: 1s, when: delivered', ['shop.yaml:8:5 faults.0: expected at or when, found both.']],
    [
      'at: 1s',
      'at: 1s, cut: before',
      ['shop.yaml:8:15 faults.0.cut: expected cut beside when only, found it beside at.'],
    ],
    [
      'at: 1s',
      'when: deliverd',
      ['shop.yaml:8:13 faults.0.when.fact: there is no fact "deliverd". Did you mean delivered?'],
    ],
    [
      'at: 1s',
      'when: { fact: delivered, mesage: order-7 }',
      ['shop.yaml:8:32 faults.0.when.mesage: the fact delivered has no field "mesage". Did you mean message?'],
    ],
    [
      'at: 1s',
      'when: { fact: delivered, message: order-50 }',
      ['shop.yaml:8:41 faults.0.when.message: there is no message "order-50". There are order-0 to order-49.'],
    ],
    [
      'at: 1s',
      'when: { fact: appended, waited: 5 }',
      ['shop.yaml:8:39 faults.0.when.waited: expected a duration with its unit, such as 5ms, found 5.'],
    ],
    [
      'at: 1s',
      'when: delivered, cut: middle',
      ['shop.yaml:8:29 faults.0.cut: expected one of before, after-state, after-step, found "middle".'],
    ],
    [
      '- { at: 1s, crash: billing, for: 2s }',
      '- crash',
      ['shop.yaml:8:5 faults.0: expected a fault such as { at: 2s, crash: broker-1, for: 2s }, found "crash".'],
    ],
    [
      'no-loss: holds',
      'no-los: holds',
      ['shop.yaml:10:14 expect.billing.no-los: there is no guarantee "no-los". Did you mean no-loss?'],
    ],
    [
      'no-loss: holds',
      'no-loss/efect: holds',
      ['shop.yaml:10:14 expect.billing.no-loss/efect: there is no level "efect". Did you mean effect?'],
    ],
    [
      'no-loss: holds',
      'no-loss: broken',
      ['shop.yaml:10:23 expect.billing.no-loss: expected one of holds, violated, unknown, found "broken".'],
    ],
    [
      '  billing: { no-loss',
      '  shop->biling: { no-loss',
      ['shop.yaml:10:3 expect.shop->biling: there is no service "biling". Did you mean billing?'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'thresholds: { billing: effect latency p98 < 5ms }',
      ['shop.yaml:9:24 thresholds.billing: there is no metric "effect latency p98". Did you mean effect latency p99?'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'thresholds: [effect latency p99 < 5]',
      ['shop.yaml:9:14 thresholds.0: expected a duration with its unit, such as 50 ms, behind <, found "5".'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'thresholds: [duplicate effects = 0]',
      [
        'shop.yaml:9:14 thresholds.0: expected a threshold such as effect latency p99 < 50 ms, found "duplicate effects = 0".',
      ],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'settle: { bound: never, heal: 3 }',
      [
        'shop.yaml:9:18 settle.bound: expected a duration with its unit, such as 5ms, found "never".',
        'shop.yaml:9:31 settle.heal: there is no target "3". Known: events, shop, billing, all, consumer, producer, broker, controller.',
      ],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'nemesis: { profile: producton-day, for: 60s }',
      [
        'shop.yaml:9:21 nemesis.profile: expected one of production-day, found "producton-day". Did you mean production-day?',
      ],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'network: { profile: wan, links: [{ between: [a] }] }',
      ['shop.yaml:9:45 network.links.0.between: expected two nodes or services, found a list.'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'network: wann',
      ['shop.yaml:9:10 network: expected one of loopback, lan, cross-zone, wan, found "wann". Did you mean wan?'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'network: { quantiles: { p50: 2ms, p99: 1ms, p500: 3ms } }',
      [
        'shop.yaml:9:23 network.quantiles: expected latencies that rise with their quantiles, found one that falls.',
        'shop.yaml:9:45 network.quantiles.p500: expected min, a quantile such as p99.9, or max, found "p500".',
      ],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'predict: { ask: a?, choices: [yes, no], usual: maybe, answer: "no" }',
      ['shop.yaml:9:48 predict.usual: there is no choice "maybe". Known: yes, no.'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'variants: { fast: { services: { shop: { sends: { rate: quick } } } } }',
      ['shop.yaml:9:56 services.shop.sends.rate: expected a rate such as 100/s, found "quick".'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'variants: { fast: 3 }',
      ['shop.yaml:9:19 variants.fast: expected a map of changes, found 3.'],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'stores: { ledger: database }',
      [
        'shop.yaml:9:19 stores.ledger: the kind of store "database" is planned and not there yet. Known: ledger, cache.',
      ],
    ],
    [
      'expect:\n  billing: { no-loss: holds }',
      'stores: { shop: ledger }',
      ['shop.yaml:5:3 services.shop: there is a store named shop already.'],
    ],
    [
      '  billing: { receives',
      '  other: { sends: events/orders }\n  billing: { receives',
      [
        'shop.yaml:6:3 services.other: messages named order are sent twice. Give one of them another name: { name: ... }.',
      ],
    ],
  ])('%s → %s', (from, to, problems) => {
    expect(changed(from, to)).toEqual(problems)
  })
})

describe('a text that is no scenario', () => {
  it.each([
    ['', ['shop.yaml:1:1: expected a scenario: a map with systems and services, found nothing.']],
    ['- a\n- b', ['shop.yaml:1:1: expected a scenario: a map with systems and services, found a list.']],
    ['hello', ['shop.yaml:1:1: expected a scenario: a map with systems and services, found "hello".']],
    ['null', ['shop.yaml:1:1: expected a scenario: a map with systems and services, found nothing.']],
    [
      '{}',
      ['shop.yaml:1:1 services: expected services, found none. Say services: { shop: { sends: events/orders } }.'],
    ],
    ['services: []', ['shop.yaml:1:11 services: expected a map from names, found an empty list.']],
    [
      'systems: 3\nservices: x',
      [
        'shop.yaml:1:10 systems: expected a map from names, found 3.',
        'shop.yaml:2:11 services: expected a map from names, found "x".',
      ],
    ],
    ['title: a\ntitle: b', ['shop.yaml:2:1: the key "title" is there twice.']],
    ['title: *nobody', ['shop.yaml:1:8: names an anchor that is not there.']],
    ['? [a]\n: b', ['shop.yaml:1:3: expected a name as a key, found something else.']],
    ['__proto__: { a: 1 }', ['shop.yaml:1:1: the key __proto__ cannot be used.']],
    ['a: &a [*a]', ['shop.yaml:1:7: is nested more than 40 deep.']],
    ['['.repeat(50_000), ['shop.yaml:1:1: is nested too deeply to be read.']],
    [`a: ${'['.repeat(60)}${']'.repeat(60)}`, ['shop.yaml:1:44: is nested more than 40 deep.']],
    ['- '.repeat(50_000), ['shop.yaml:1:1: is nested too deeply to be read.']],
    ['--- {}\n--- {}', ['shop.yaml:2:1: expected one document, found several.']],
  ])('%j is answered with problems', (text, problems) => {
    expect(problemsIn(text)).toEqual(problems)
  })

  it('is refused where it is too deep', () => {
    const steps = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`)
    expect(problemsIn(steps.join('\n'))).toEqual(['shop.yaml:42:42: is nested more than 40 deep.'])
  })

  it('is not unfolded when it is a bomb of anchors', () => {
    const levels = Array.from({ length: 20 }, (_, level) => {
      const inside = level === 0 ? 'x' : `*l${level - 1}`
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inside).join(', ')}]`
    })
    expect(problemsIn(levels.join('\n'))).toEqual([expect.stringContaining('values that come of aliases')])
  })
})

it('says everything that is wrong at once, in the order of the file', () => {
  const problems = problemsIn(`titel: a
systems: { events: { toi: {} }, other: { toy: { mode: 7 } } }
services:
  shop: { sends: { to: nowhere/x, rate: fast }, member: 3 }
  billing: { receives: events/orders, handling: { store: x } }
faults:
  - { at: 1s, explode: shop }
expect: { bill: { no-loss: holds } }
`)
  expect(problems.map((problem) => problem.slice(0, problem.indexOf(': ')))).toEqual([
    'shop.yaml:1:1 titel',
    'shop.yaml:2:22 systems.events.toi',
    'shop.yaml:2:55 systems.other.toy.mode',
    'shop.yaml:4:24 services.shop.sends.to',
    'shop.yaml:4:41 services.shop.sends.rate',
    'shop.yaml:4:49 services.shop.member',
    'shop.yaml:5:58 services.billing.handling.store',
    'shop.yaml:7:15 faults.0.explode',
    'shop.yaml:8:11 expect.bill',
  ])
})

it('points into an anchor from where it is used', () => {
  const text = simple
    .replace('messages: 50 }', 'messages: 50, <<: *common }')
    .replace('title:', 'x-common: &common { rate: slow }\ntitle:')
  expect(problemsIn(text)).toEqual([
    'shop.yaml:1:27 services.shop.sends.rate: expected a rate such as 100/s, found "slow".',
  ])
})

it('cuts long texts', () => {
  const [problem = ''] = problemsIn(simple.replace('messages: 50', `rate: ${'fast'.repeat(1000)}`))
  expect(problem.length).toBeLessThan(200)
})

it('names a target that does not exist beside the other mistakes of a scenario', () => {
  const text = simple.replace('messages: 50', 'messages: -5').replace('crash: billing', 'crash: biling')
  const found = problemsIn(text)
  expect(found).toHaveLength(2)
  expect(found.find((problem) => problem.includes('biling'))).toContain(
    'there is no target "biling". Did you mean billing?',
  )
})

describe('the line for a problem', () => {
  const place = { file: 'shop.yaml', line: 1, column: 2, path: 'a', suggestion: undefined }

  it.each([
    ['there is no such thing', 'shop.yaml:1:2 a: there is no such thing.'],
    ['is no option; did you mean acks?', 'shop.yaml:1:2 a: is no option; did you mean acks?'],
    ['known: sent, ...', 'shop.yaml:1:2 a: known: sent, ...'],
  ])('ends its sentence once: %s', (message, line) => {
    expect(problemText({ ...place, message })).toBe(line)
  })
})
