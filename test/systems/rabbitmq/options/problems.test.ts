import { describe, expect, it } from 'vitest'
import { rabbitmq } from '../../../../src/systems/rabbitmq/rabbitmq.ts'
import type { Written } from '../../bench.ts'
import { Sender, settingsFrom, Worker } from '../../bench.ts'

const orders = { queues: { orders: {} } }

interface Clients {
  readonly to?: string
  readonly from?: string
  readonly producer?: Written
  readonly consumer?: Written
}

function problems(options: Written, clients: Clients = {}, version = '4.3'): readonly string[] {
  const { to = 'orders', from = 'orders', producer = {}, consumer = {} } = clients
  const uses = [
    new Sender(rabbitmq, { to, messages: 1, options: producer }).use,
    new Worker(rabbitmq, { from, options: consumer }).use,
  ]
  return rabbitmq
    .problems(settingsFrom(rabbitmq.options, options), uses, version)
    .map(({ path, message, suggestion = '' }) => `${path.join('.')}: ${message} (${suggestion})`)
}

describe('What a scenario declares at RabbitMQ', () => {
  it('has no problem when everything is there', () => {
    const topology = {
      exchanges: { shop: { type: 'topic', 'alternate-exchange': 'rest' }, rest: { type: 'fanout' } },
      queues: { orders: { 'x-dead-letter-exchange': 'rest' }, others: {} },
      bindings: {
        orders: { source: 'shop', routing_key: 'order.*' },
        others: { source: 'rest' },
        both: { source: 'rest', destination: 'shop', destination_type: 'exchange' },
      },
      policies: { short: { pattern: '^o', definition: { 'message-ttl': 60_000_000 } } },
    }
    expect(problems(topology, { to: 'shop/order.created' })).toEqual([])
  })

  it('is refused where the broker would refuse it, and says where it stands', () => {
    const refused = (options: Written, version = '4.3'): readonly string[] =>
      problems({ ...orders, ...options }, {}, version)
    expect(refused({ bindings: { b: { source: 'shop', destination: 'orders' } } })).toEqual([
      expect.stringMatching(/^bindings\.b: the broker refuses it: .*no exchange 'shop'/),
    ])
    expect(refused({ bindings: { b: { destination: 'orders' } } })).toEqual([
      expect.stringMatching(/^bindings\.b: a binding needs the exchange/),
    ])
    expect(refused({ policies: { p: { pattern: '(' } } })).toEqual([expect.stringMatching(/^policies\.p: .*regular/)])
    const lonely = { queues: { orders: {}, q: { 'x-dead-letter-routing-key': 'k' } } }
    expect(refused(lonely)).toEqual([expect.stringMatching(/^queues\.q: .*routing_key_but_no_dlx_defined/)])
  })

  it('may have queues that are neither durable nor exclusive up to 4.2', () => {
    const transient = { queues: { orders: { durable: false } } }
    expect(problems(transient, {}, '4.2')).toEqual([])
    expect(problems(transient, {}, '4.3')).toEqual([
      expect.stringMatching(/^queues\.orders: .*transient_nonexcl_queues/),
    ])
    const permitted = { ...transient, 'deprecated_features.permit.transient_nonexcl_queues': true }
    expect(problems(permitted, {}, '4.3')).toEqual([])
  })

  it('may limit late acknowledgements of classic queues up to 4.2', () => {
    const late = { ...orders, consumer_timeout: 60_000_000 }
    expect(problems(late, {}, '4.2')).toEqual([])
    expect(problems(late, {}, '4.3')).toEqual([expect.stringMatching(/^consumer_timeout: .*classic queues in 4\.3/)])
  })

  it('may give a queue a time-out of its own from 3.12 to 4.2', () => {
    const late = {
      queues: { orders: { 'x-consumer-timeout': 60_000_000 } },
      policies: { p: { definition: { 'consumer-timeout': 90_000_000 } } },
    }
    expect([problems(late, {}, '3.13'), problems(late, {}, '4.2')]).toEqual([[], []])
    for (const version of ['3.10', '4.3']) {
      expect(problems(late, {}, version)).toEqual([
        expect.stringMatching(/^queues\.orders\.x-consumer-timeout: /),
        expect.stringMatching(/^policies\.p\.definition\.consumer-timeout: /),
      ])
    }
  })

  it.each(['quorum', 'stream'])('cannot be a %s queue, which is said', (type) => {
    expect(problems({ queues: { orders: { 'x-queue-type': type } } })).toEqual([
      expect.stringMatching(/^queues\.orders\.x-queue-type: .*left out/),
    ])
  })

  it('may give a binding arguments only at a headers exchange', () => {
    const bound = (type: string): Written => ({
      ...orders,
      exchanges: { shop: { type } },
      bindings: { orders: { source: 'shop', arguments: ['region=eu'] } },
    })
    expect(problems(bound('headers'))).toEqual([])
    expect(problems(bound('topic'))).toEqual([expect.stringMatching(/^bindings\.orders\.arguments: only a headers/)])
  })
})

describe('An address at RabbitMQ', () => {
  const topology = {
    exchanges: { shop: {}, hidden: { internal: true } },
    queues: { orders: {} },
    bindings: { orders: { source: 'shop', routing_key: 'order' } },
  }

  it('is a queue, an exchange, or an exchange with a routing key', () => {
    for (const to of ['orders', 'shop', 'shop/order', 'amq.topic/a.b']) expect(problems(topology, { to })).toEqual([])
  })

  it('is refused when neither is there, with those that are', () => {
    expect(problems(topology, { to: 'shup/order' })).toEqual([
      'address: there is no queue or exchange shup/order (one of orders, shop, hidden)',
    ])
    expect(problems(topology, { from: 'bills' })).toEqual(['address: there is no queue bills (one of orders)'])
  })

  it('cannot be an exchange for a consumer, nor an internal one for a producer', () => {
    expect(problems(topology, { from: 'shop/order' })[0]).toMatch(/consumers take from queues/)
    expect(problems(topology, { to: 'hidden' })[0]).toMatch(/internal/)
  })
})

describe('Options of clients of RabbitMQ', () => {
  const ofProducer = (producer: Written): readonly string[] => problems(orders, { producer })
  const ofConsumer = (consumer: Written): readonly string[] => problems(orders, { consumer })

  it.each([
    [{ confirms: true, tx: true }, 'tx'],
    [{ mandatory: true }, 'mandatory'],
    [{ 'outstanding-confirms': 5 }, 'outstanding-confirms'],
    [{ 'confirm-timeout': 5_000_000 }, 'confirm-timeout'],
    [{ republish: 2 }, 'republish'],
    [{ confirms: true, 'republish-after': 5000 }, 'republish-after'],
    [{ headers: ['region'] }, 'headers'],
    [{ expiration: 1500 }, 'expiration'],
    [{ client: 'amqplib', networkRecoveryInterval: 1_000_000 }, 'networkRecoveryInterval'],
    [{ automaticRecoveryEnabled: false, topologyRecoveryEnabled: true }, 'topologyRecoveryEnabled'],
  ])('that exclude each other or would do nothing are refused: a producer with %j', (producer, option) => {
    expect(ofProducer(producer)).toEqual([expect.stringMatching(new RegExp(`^${option}: `))])
  })

  it.each([
    [{ noAck: true, prefetch: 5 }, 'prefetch'],
    [{ noAck: true, 'ack-every': 5 }, 'ack-every'],
    [{ 'prefetch-global': true }, 'prefetch-global'],
    [{ mode: 'get', prefetch: 5 }, 'prefetch'],
    [{ 'get-interval': 5000 }, 'get-interval'],
    [{ 'park-after': 3 }, 'park-after'],
    [{ 'park-to': 'orders' }, 'park-to'],
    [{ 'retry-count': 'x-death' }, 'retry-count'],
    [{ 'park-after': 3, 'park-to': 'orders', 'retry-count': 'x-retry' }, 'retry-count'],
    [{ 'retry-to': 'orders', noAck: true }, 'retry-to'],
    [{ 'retry-to': 'nowhere' }, 'retry-to'],
    [{ 'shovel-to': 'nowhere' }, 'shovel-to'],
    [{ mode: 'get', 'shovel-to': 'orders' }, 'shovel-to'],
  ])('that exclude each other or would do nothing are refused: a consumer with %j', (consumer, option) => {
    expect(ofConsumer(consumer)).toEqual([expect.stringMatching(new RegExp(`^${option}: `))])
  })

  it('have no problem when they make sense together', () => {
    expect(ofProducer({ confirms: true, mandatory: true, republish: 3, 'outstanding-confirms': 1 })).toEqual([])
    expect(ofConsumer({ prefetch: 10, 'prefetch-global': true, 'ack-every': 5, client: 'amqplib' })).toEqual([])
  })
})
