import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import { planOf } from '../../../../src/pipeline/plan.ts'
import { buildWorld } from '../../../../src/pipeline/simulate.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { rabbitmq } from '../../../../src/systems/rabbitmq/rabbitmq.ts'
import type { Written } from '../../bench.ts'
import { Bench, Sender, Worker } from '../../bench.ts'

/** The queues that an address comes to, for a producer with these options. */
function sources(options: Written, to: string, producer: Written = {}): readonly string[] {
  const client = new Sender(rabbitmq, { to, messages: 1, options: producer })
  return new Bench({ kind: rabbitmq, options, clients: [client] }).system.sourcesOf(to)
}

describe('Dead letters', () => {
  it('rest where a headers exchange puts them by why they died', () => {
    const options = {
      exchanges: { dead: { type: 'headers' } },
      queues: { orders: { 'x-dead-letter-exchange': 'dead' }, late: {} },
      bindings: { late: { source: 'dead', arguments: ['x-match=all-with-x', 'x-first-death-reason=expired'] } },
    }
    const client = new Sender(rabbitmq, { to: 'orders', messages: 1 })
    const { system } = new Bench({ kind: rabbitmq, options, clients: [client] })
    expect(system.parkingPlaces).toEqual([{ place: 'late', of: ['orders'] }])
  })
})

describe('A queue where messages expire', () => {
  const delay = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'due' }

  it('is a delay for what lies behind it, as long as nobody consumes from it', () => {
    const timed = { queues: { waiting: { ...delay, 'x-message-ttl': 1_000_000 }, due: {} } }
    expect(sources(timed, 'waiting')).toEqual(['due', 'waiting'])
    const untimed = { queues: { waiting: delay, due: {} } }
    expect(sources(untimed, 'waiting')).toEqual(['waiting'])
    expect(sources(untimed, 'waiting', { expiration: 1_000_000 })).toEqual(['due', 'waiting'])
    const consumers = [new Sender(rabbitmq, { to: 'waiting', messages: 1 }), new Worker(rabbitmq, { from: 'waiting' })]
    const { system } = new Bench({ kind: rabbitmq, options: timed, clients: consumers })
    expect(system.sourcesOf('waiting')).toEqual(['waiting'])
  })
})

describe('The queues that an address comes to', () => {
  const topology = {
    queues: { orders: {}, audit: {}, eu: {}, us: {}, lost: {}, unbound: {} },
    exchanges: {
      shop: { type: 'topic', 'alternate-exchange': 'rest' },
      everything: { type: 'fanout' },
      rest: { type: 'fanout' },
      regions: { type: 'headers' },
    },
    bindings: {
      orders: { source: 'shop', routing_key: 'order.*' },
      further: { source: 'shop', destination: 'everything', destination_type: 'exchange', routing_key: '#.created' },
      audit: { source: 'everything' },
      lost: { source: 'rest' },
      eu: { source: 'regions', arguments: ['region=eu', 'n=1'] },
      us: { source: 'regions', arguments: ['x-match=any', 'region=us', 'n=1'] },
    },
  }

  it.each([
    ['unbound', ['unbound']],
    ['shop/order.paid', ['orders']],
    ['shop/order.created', ['audit', 'orders']],
    ['shop/bill.created', ['audit']],
    ['shop/order.paid.late', ['lost']],
    ['everything', ['audit']],
    ['regions', []],
    ['amq.topic/order', []],
    ['nowhere', []],
  ])('are by the bindings: %s', (address, queues) => {
    expect(sources(topology, address)).toEqual(queues)
  })

  it('are by the headers of the messages at a headers exchange, with their types', () => {
    expect(sources(topology, 'regions', { headers: ['region=eu', 'n=1'] })).toEqual(['eu', 'us'])
    expect(sources(topology, 'regions', { headers: ['region=us'] })).toEqual(['us'])
    expect(sources(topology, 'regions', { headers: ['region=eu', 'n=one'] })).toEqual([])
  })

  it('are by all routing keys of the messages', () => {
    expect(sources(topology, 'shop/order.paid', { CC: ['bill.created'], BCC: ['a.b.c'] })).toEqual(['audit', 'orders'])
  })
})

it('A dead letter is parked for those who receive from the queue that it comes from, and not for the others', () => {
  const text = `
systems:
  rabbit:
    rabbitmq:
      exchanges: { news: { type: fanout }, deaths: { type: direct } }
      queues:
        mail: { x-dead-letter-exchange: deaths, x-dead-letter-routing-key: mail }
        phone: {}
        retry: { x-message-ttl: 1000, x-dead-letter-exchange: '', x-dead-letter-routing-key: web }
        web: { x-dead-letter-exchange: '', x-dead-letter-routing-key: retry }
        parked: {}
      bindings:
        mail: { source: news }
        phone: { source: news }
        web: { source: news }
        parked: { source: deaths, routing_key: mail }
services:
  press: { sends: { to: rabbit/news, messages: 3 } }
  mailing: { receives: rabbit/mail }
  calling: { receives: rabbit/phone }
  site: { receives: rabbit/web }
`
  const parsed = parseScenario(text, catalogue, { file: 'fan-out.yaml' })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '))
  const { parked, routes } = planOf(parsed.scenario, buildWorld(parsed.scenario).systems)
  expect(routes).toEqual({ 'rabbit/news': ['mailing', 'calling', 'site'] })
  expect(parked).toEqual({ 'rabbit/parked': ['mailing'] })
})
