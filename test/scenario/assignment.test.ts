import { describe, expect, it } from 'vitest'
import { problemsIn, scenarioOf, simple } from './fake-catalogue.ts'

describe('--set', () => {
  it('changes what is there, adds what is not, and obeys the types', () => {
    const set = [
      'services.shop.sends.messages=7',
      'services.shop.sends.rate=10/s',
      'services.shop.producer.linger.ms=3',
      'systems.events.toy.queues.orders.time.to.live.ms=5s',
      'faults.0.at=3s',
      'seed=0007',
      'network={ profile: wan, loss: 1% }',
      'expect=null',
    ]
    const scenario = scenarioOf(simple, { set })
    expect(scenario.seed).toBe('0007')
    expect(scenario.services[0]?.sends[0]).toMatchObject({
      workload: { messages: 7, arrival: { perSecond: 10 } },
      settings: { values: { 'linger.ms': 3_000 } },
    })
    expect(scenario.systems['events']?.settings.explicit).toContain('queues.orders.time.to.live.ms')
    expect(scenario.faults[0]?.strikes).toEqual({ at: 3_000_000 })
    expect(scenario.network.everywhere.loss).toBe(0.01)
    expect(scenario.expectations).toEqual([])
  })

  it('holds in every variant, unless the variant says otherwise', () => {
    const text = `${simple}variants: { few: { services: { shop: { sends: { messages: 2 } } } }, fast: { seed: x } }`
    const messages = (variant: string) =>
      scenarioOf(text, { variant, set: ['services.shop.sends.messages=9'] }).services[0]?.sends[0]?.workload
    expect([messages(''), messages('fast'), messages('few')]).toMatchObject([
      { messages: 9 },
      { messages: 9 },
      { messages: 2 },
    ])
  })

  it.each([
    [
      'services.shop.sends.mesages=7',
      ['--set services.shop.sends.mesages: there is no key "mesages" here. Did you mean messages?'],
    ],
    ['service.shop=7', ['--set service.shop: there is no key "service" here. Did you mean services?']],
    [
      'services.shop.sends.messages=many',
      ['--set services.shop.sends.messages: expected a whole number, found "many".'],
    ],
    [
      'services.shop.sends.after=-3s',
      ['--set services.shop.sends.after: expected a duration with its unit, such as 5ms, not negative, found "-3s".'],
    ],
    ['faults.7.at=3s', ['--set faults.7.at: there is no key "7" here. Known: 0.']],
    [
      'services.shop',
      ['--set services.shop: expected path=value, found no value. Say --set services.shop.sends.rate=50/s.'],
    ],
    [
      'services.shop.sends.messages=',
      [
        '--set services.shop.sends.messages: its value is empty. Say null to take away what is there, "" for an empty text.',
      ],
    ],
    ['=3', ['--set : expected path=value, found no value. Say --set services.shop.sends.rate=50/s.']],
    ['services..x=3', ['--set services..x: there is no key "" here. Known: shop, billing.']],
    ['title.x=3', ['--set title.x: there is no key "x" here.']],
    ['__proto__.x=3', ['--set __proto__.x: there is no key "__proto__" here.']],
  ])('%s is answered with a problem', (assignment, problems) => {
    const found = problemsIn(simple, { set: [assignment] })
    expect(found.map((problem) => problem.replace(/ Known: title.*/, ''))).toEqual(problems)
  })
})
