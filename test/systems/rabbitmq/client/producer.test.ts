import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { keep } from '../../bench.ts'
import { begin, bench, pause, safe, sender, worker } from './world.ts'

const orders = { queues: { orders: {} } }

describe('A producer of RabbitMQ', () => {
  it('takes a send as over when it is written, without confirms', () => {
    const shop = sender({ messages: 3 })
    bench(orders, 5 * second, shop).run()
    expect(shop.outcomes()).toEqual(['assumed', 'assumed', 'assumed'])
    expect(shop.answers.map(({ time }) => time - begin)).toEqual([0, 10 * millisecond, 20 * millisecond])
  })

  it('waits for the word of the broker with them, which comes when the disk has a persistent message', () => {
    const [durable, transient] = [true, false].map((persistent) => {
      const shop = sender({ messages: 1, options: { confirms: true, delivery_mode: persistent ? '2' : '1' } })
      bench(orders, 5 * second, shop).run()
      expect(shop.outcomes()).toEqual(['confirmed'])
      return (shop.answers[0]?.time ?? 0) - begin
    })
    expect(durable).toBeGreaterThan((transient ?? 0) + 200)
  })

  it('is told that all is well when no queue takes a message, unless it is mandatory', () => {
    const outcome = (options: object): readonly string[] => {
      const shop = sender({ to: 'shop/nowhere', messages: 1, options: { ...safe, ...options } })
      bench({ ...orders, exchanges: { shop: {} } }, 5 * second, shop).run()
      return shop.answers.map((answer) => `${answer.outcome} ${answer.reason}`.trim())
    }
    expect(outcome({})).toEqual(['confirmed'])
    expect(outcome({ mandatory: true })).toEqual(['rejected 312 NO_ROUTE'])
    expect(outcome({ mandatory: true, confirms: false, tx: true })).toEqual(['rejected 312 NO_ROUTE'])
  })

  it('is told no by a full queue that refuses, and nothing by one that drops', () => {
    const outcomes = (overflow: string): readonly string[] => {
      const shop = sender({ messages: 4, options: safe })
      bench({ queues: { orders: { 'x-max-length': 2, 'x-overflow': overflow } } }, 5 * second, shop).run()
      return shop.answers.map(({ outcome }) => outcome)
    }
    expect(outcomes('reject-publish')).toEqual(['confirmed', 'confirmed', 'rejected', 'rejected'])
    expect(outcomes('drop-head')).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed'])
  })

  it('knows nothing of what it had published when its connection went, and publishes nothing again', () => {
    const shop = sender({ messages: 20, every: 100, options: safe })
    const run = bench(orders, 30 * second, shop, worker()).crash('events-1', begin + 1500, second)
    run.run()
    expect(shop.outcomes().filter((outcome) => outcome === 'unknown').length).toBeGreaterThan(0)
    expect(shop.answers.find(({ outcome }) => outcome === 'unknown')?.reason).toMatch(/connection reset/)
  })

  it('fails at once while its connection is lost, and goes on when the Java client has restored it, 5 s later', () => {
    const shop = sender({ messages: 80, every: 100 * millisecond, options: safe })
    bench(orders, 60 * second, shop)
      .crash('events-1', begin + 50 * millisecond, second)
      .run()
    const rejected = shop.answers.filter(({ outcome }) => outcome === 'rejected')
    expect(rejected.length).toBeGreaterThan(45)
    expect(rejected.length).toBeLessThan(55)
    expect(shop.answers.at(-1)?.outcome).toBe('confirmed')
  })

  it('publishes again what was not confirmed when the application does so, which loses nothing and may double it', () => {
    const copies = Array.from({ length: 10 }, (_, step) => {
      const shop = sender({ messages: 20, every: 100, options: { ...safe, republish: 3 } })
      const billing = worker()
      bench(orders, 60 * second, shop, billing)
        .crash('events-1', begin + 1000 + 200 * step, second)
        .run()
      expect(shop.confirmed()).toEqual(shop.sent)
      expect(new Set(billing.messages())).toEqual(new Set(shop.sent))
      return billing.messages().length
    })
    expect(Math.max(...copies)).toBeGreaterThan(20)
  })

  it('publishes again what the broker was slow to confirm, which it then has twice', () => {
    const options = { ...safe, 'confirm-timeout': 2 * second, republish: 1 }
    const [shop, billing] = [sender({ messages: 1, options }), worker()]
    pause(bench(orders, 30 * second, shop, billing), 'events-1', begin - 1, 3 * second).run()
    expect(shop.outcomes()).toEqual(['confirmed'])
    expect(billing.received.map(({ message, redelivered }) => [message, redelivered])).toEqual([
      ['order-0', false],
      ['order-0', false],
    ])
  })

  it('publishes a refused message again behind the others', () => {
    const shop = sender({ messages: 6, options: { ...safe, republish: 50 } })
    const billing = worker({ after: 2 * second })
    const limited = { queues: { orders: { 'x-max-length': 2, 'x-overflow': 'reject-publish' } } }
    bench(limited, 30 * second, shop, billing).run()
    expect(shop.outcomes().every((outcome) => outcome === 'confirmed')).toBe(true)
    expect([...billing.messages()].sort()).toEqual([...shop.sent].sort())
  })

  it('takes an answer for all publishes before it, too, when its application believes in an order of confirms', () => {
    const limited = { queues: { orders: { 'x-max-length': 2, 'x-overflow': 'reject-publish' } } }
    const outcomes = (reading: string): readonly string[] => {
      const shop = sender({ messages: 4, every: 0, options: { ...safe, 'reads-confirms': reading } })
      bench(limited, 10 * second, shop).run()
      return shop.outcomes().toSorted()
    }
    expect(outcomes('by-tag')).toEqual(['confirmed', 'confirmed', 'rejected', 'rejected'])
    expect(outcomes('in-order')).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
  })

  it('lets no more wait for their confirms than its application allows', () => {
    const span = (window: number | undefined): number => {
      const options = window === undefined ? safe : { ...safe, 'outstanding-confirms': window }
      const shop = sender({ messages: 20, every: 0, options })
      bench(orders, 10 * second, shop).run()
      expect(shop.outcomes().every((outcome) => outcome === 'confirmed')).toBe(true)
      return (shop.answers.at(-1)?.time ?? 0) - (shop.answers[0]?.time ?? 0)
    }
    expect(span(1)).toBeGreaterThan(10 * (span(undefined) + 100))
  })

  it('commits each publish before the next one in a transactional channel', () => {
    const shop = sender({ messages: 5, every: 0, options: { tx: true, delivery_mode: '2' } })
    const billing = worker()
    bench(orders, 10 * second, shop, billing).run()
    expect(shop.outcomes()).toEqual(Array.from({ length: 5 }, () => 'confirmed'))
    const times = shop.answers.map(({ time }) => time)
    expect(new Set(times).size).toBe(5)
    expect(billing.messages()).toEqual(shop.sent)
  })

  it('takes a send as unknown when the application has waited long enough', () => {
    const shop = sender({ messages: 1, options: { ...safe, 'confirm-timeout': 2 * second } })
    pause(bench(orders, 30 * second, shop), 'events-1', begin - 1, 10 * second).run()
    expect(shop.answers.map(({ outcome, time }) => [outcome, time])).toEqual([['unknown', begin + 2 * second]])
  })

  it.each([
    ['java', 9, 9.3],
    ['amqplib', 8, 12.1],
  ])('notices the silence of its broker after some heartbeats: %s', (client, least, most) => {
    const shop = sender({
      messages: 1,
      after: 10 * second,
      options: { ...safe, client, requestedHeartbeat: 4 * second },
    })
    pause(bench(orders, 60 * second, shop), 'events-1', 10 * second - 1, 40 * second).run()
    const [answer] = shop.answers
    expect(answer).toMatchObject({ outcome: 'unknown', reason: 'heartbeats were missed' })
    const silence = ((answer?.time ?? 0) - 10 * second) / second
    expect(silence).toBeGreaterThan(least - 2.1)
    expect(silence).toBeLessThan(most)
  })

  it('holds what it has to send while the broker has an alarm', () => {
    const shop = sender({ messages: 30, every: 200 * millisecond, options: safe })
    const billing = worker({ after: 10 * second })
    const small = { ...orders, 'vm_memory_high_watermark.absolute': 1000 }
    bench(small, 60 * second, shop, billing).run()
    const early = shop.answers.filter(({ time }) => time < 10 * second)
    expect(early.length).toBeLessThan(25)
    expect(shop.confirmed()).toEqual(shop.sent)
  })

  it('has no answer to a publish to an exchange that has gone: its channel is closed', () => {
    const shop = sender({ to: 'shop/x', messages: 3, every: 3 * second, options: { ...safe, 'on-closed': 'nothing' } })
    const options = {
      ...orders,
      exchanges: { shop: { auto_delete: true } },
      queues: { orders: { 'x-expires': 2 * second } },
      bindings: { orders: { source: 'shop', routing_key: 'x' } },
    }
    bench(options, 30 * second, shop).run()
    expect(shop.outcomes()).toEqual(['confirmed', 'unknown', 'rejected'])
    expect(shop.answers[1]?.reason).toMatch(/^404 /)
  })

  it('says of what it sends what was asked for: persistence, priority, further keys', () => {
    const shop = sender({
      messages: 1,
      options: { ...safe, CC: ['copies'], BCC: ['audit'], priority: 5, headers: ['n=1'] },
    })
    const run = bench({ queues: { orders: {}, copies: {}, audit: {} } }, 5 * second, shop)
    expect(run.system.sourcesOf('orders')).toEqual(['audit', 'copies', 'orders'])
    run.run()
    expect(run.remaining()).toEqual(['audit', 'copies', 'orders'].map((queue) => `order-0 events/${queue} ready`))
  })

  it('lets messages expire after their expiration, wherever they are', () => {
    const shop = sender({ messages: 2, options: { ...safe, expiration: 500 * millisecond } })
    const run = bench(orders, 5 * second, shop).run()
    expect(run.fatesAt('orders')).toEqual([
      ['order-0', 'expired'],
      ['order-1', 'expired'],
    ])
  })

  it('shares a connection with a consumer of its process that names the same', () => {
    const counts = ['', 'main'].map((name) => {
      const options = name === '' ? {} : { connection: name }
      const shop = sender({ options: { ...safe, ...options } })
      const billing = worker({ options, nodeName: 'shop', handle: keep })
      const run = bench(orders, 10 * second, shop)
      const { node } = { node: run.node('shop') }
      let connections = 0
      run.at(500 * millisecond, () => billing.attach(run, node.process))
      run.at(3 * second, () => (connections = node.process.connections.size)).run()
      expect(billing.messages().length).toBe(10)
      return connections
    })
    expect(counts).toEqual([2, 1])
  })
})
