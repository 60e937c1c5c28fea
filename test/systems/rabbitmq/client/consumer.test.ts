import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import type { Handle, Written } from '../../bench.ts'
import { acknowledge, discard, keep } from '../../bench.ts'
import { begin, bench, pause, safe, sender, worker } from './world.ts'

const orders = { queues: { orders: {} } }

/** Takes its time for each. */
const slowly =
  (duration: number): Handle =>
  (context) =>
    context.process.setTimer(duration, () => acknowledge(context))

describe('A consumer of RabbitMQ', () => {
  const shop = () => sender({ options: safe })

  it('is handed what the queue pushes, in its order, and not marked', () => {
    const [producer, billing] = [shop(), worker()]
    bench(orders, 10 * second, producer, billing).run()
    expect(billing.messages()).toEqual(producer.sent)
    expect(billing.received.some(({ redelivered }) => redelivered)).toBe(false)
  })

  it('holds everything without a prefetch, and another one gets its share with one', () => {
    const late = (prefetch: number): number => {
      const first = worker({ handle: slowly(second), options: { prefetch } })
      const another = worker({ handle: slowly(second), options: { prefetch }, nodeName: 'late', after: 2 * second })
      bench(orders, 60 * second, shop(), first, another).run()
      return another.messages().length
    }
    expect(late(0)).toBe(0)
    expect(late(1)).toBeGreaterThan(3)
  })

  it('loses with itself what was sent to it, where acknowledgement is automatic', () => {
    const handled = (options: Written): ReadonlySet<string> => {
      const billing = worker({ options, handle: slowly(100 * millisecond) })
      bench(orders, 60 * second, shop(), billing)
        .crash('billing', begin + 350 * millisecond)
        .run()
      return new Set(billing.messages())
    }
    expect(handled({}).size).toBe(10)
    expect(handled({ noAck: true }).size).toBeLessThan(6)
  })

  it('has a rejection come again, or go where the queue puts what it gives up', () => {
    const options = {
      queues: { orders: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }, dead: {} },
    }
    const [producer, billing, undertaker] = [
      shop(),
      worker({ handle: discard }),
      worker({ from: 'dead', nodeName: 'undertaker' }),
    ]
    const run = bench(options, 20 * second, producer, billing, undertaker).run()
    expect(run.system.parkingPlaces).toEqual([{ place: 'dead', of: ['orders'] }])
    expect(undertaker.messages()).toEqual(producer.sent)
  })

  it('goes on with what it has when its connection is lost; nobody takes its word for that any more', () => {
    const [producer, billing] = [shop(), worker({ handle: slowly(100 * millisecond) })]
    bench(orders, 60 * second, producer, billing)
      .crash('events-1', begin + 350 * millisecond, second)
      .run()
    const refused = billing.settled.filter((outcome) => outcome === 'refused')
    expect(refused.length).toBeGreaterThan(3)
    const again = billing.received.filter(({ redelivered }) => redelivered)
    expect(again.length).toBeGreaterThanOrEqual(refused.length)
  })

  it('is replaced while it is frozen, and acts all the same when it goes on', () => {
    const options = { requestedHeartbeat: 4 * second }
    const zombie = worker({ options: { ...options, prefetch: 1 }, handle: slowly(2 * second) })
    const heir = worker({ options, nodeName: 'heir', after: 8 * second })
    const run = bench(orders, 90 * second, sender({ messages: 1, options: safe }), zombie, heir)
    pause(run, 'billing', begin + second, 30 * second).run()
    expect(heir.received).toMatchObject([{ message: 'order-0', redelivered: true }])
    // Its word goes into a connection that is dead, which nobody tells it.
    expect(zombie.settled).toEqual(['acknowledged'])
  })

  it('is never missed while it is frozen if its client is amqplib and has no heartbeats', () => {
    const redelivered = (requested: number | null): number => {
      const options = { client: 'amqplib', requestedHeartbeat: requested, prefetch: 1 }
      const frozen = worker({ options, handle: slowly(2 * second) })
      const heir = worker({ nodeName: 'heir', after: 8 * second })
      const run = bench(orders, 400 * second, sender({ messages: 1, options: safe }), frozen, heir)
      pause(run, 'billing', begin + second, 300 * second).run()
      return heir.received.length
    }
    expect([redelivered(0), redelivered(null)]).toEqual([0, 1])
  })

  it('acknowledges several at once if it is told so, and has more to do again after a crash', () => {
    const again = (every: number): number => {
      const billing = worker({ options: { 'ack-every': every }, handle: slowly(20 * millisecond) })
      const run = bench(orders, 60 * second, sender({ options: safe, every: 0 }), billing)
      run.crash('billing', begin + 150 * millisecond).run()
      return billing.messages().length - 10
    }
    expect(again(1)).toBeLessThanOrEqual(1)
    expect(again(100)).toBeGreaterThanOrEqual(6)
  })

  it('settles the rest when nothing else is there to do', () => {
    const billing = worker({ options: { 'ack-every': 4 } })
    const run = bench(orders, 10 * second, shop(), billing).run()
    expect(run.fatesAt('orders').map(([, fate]) => fate)).toEqual(Array.from({ length: 10 }, () => 'acknowledged'))
  })

  it('settles the rest when its program finishes several at a time, in any order', () => {
    // The later ones are done first.
    const handle: Handle = (context) => {
      const index = Number(context.received.message.slice('order-'.length))
      context.process.setTimer((20 - index) * 10 * millisecond, () => acknowledge({ ...context, settled: () => {} }))
      context.next()
    }
    const billing = worker({ handle, options: { 'ack-every': 4, prefetch: 10 } })
    const run = bench(orders, 10 * second, sender({ every: 0, options: safe }), billing).run()
    expect(run.remaining()).toEqual([])
    expect(run.facts('channel-closed')).toEqual([])
    expect(billing.messages()).toHaveLength(10)
  })

  it('asks for one at a time if it does not consume, whatever else is ready', () => {
    const first = worker({ options: { mode: 'get', 'get-interval': 100 * millisecond }, handle: keep })
    const run = bench(orders, 10 * second, sender({ messages: 3, options: safe }), first).run()
    expect(first.messages()).toEqual(['order-0', 'order-1', 'order-2'])
    expect(run.remaining().every((copy) => copy.endsWith('unacknowledged'))).toBe(true)
  })

  it('is served first if its priority is higher, until it cannot take more', () => {
    const high = worker({ options: { 'x-priority': 10, prefetch: 2 }, handle: keep })
    const low = worker({ nodeName: 'low' })
    bench(orders, 10 * second, shop(), low, high).run()
    expect(high.messages()).toEqual(['order-0', 'order-1'])
    expect(low.messages()).toHaveLength(8)
  })

  it('may be the only one of its queue', () => {
    const only = worker({ options: { exclusive: true } })
    const other = worker({ nodeName: 'other', after: 500 * millisecond, options: { 'on-closed': 'nothing' } })
    const run = bench(orders, 10 * second, shop(), only, other).run()
    expect(only.messages()).toHaveLength(10)
    expect(other.messages()).toEqual([])
    expect(run.facts('channel-closed').map((fact) => fact['code'])).toEqual([403])
  })

  it('declares a queue that is its own alone, which goes with its connection', () => {
    const exclusive = {
      exchanges: { news: { type: 'fanout' } },
      queues: { orders: { exclusive: true } },
      bindings: { orders: { source: 'news' } },
    }
    const [early, late] = [
      sender({ to: 'news', messages: 5, options: safe }),
      sender({ to: 'news', messages: 5, options: safe, after: 20 * second, nodeName: 'late' }),
    ]
    const billing = worker({ handle: keep })
    const run = bench(exclusive, 30 * second, early, late, billing).crash('billing', 10 * second, 2 * second)
    expect(run.system.sourcesOf('news')).toEqual(['orders'])
    run.run()
    expect(billing.received.map(({ incarnation }) => incarnation)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
    expect(run.fatesAt('orders').map(([, fate]) => fate)).not.toContain('acknowledged')
  })

  it('declares its queue again, if the application does that, when it is gone', () => {
    const received = (declare: boolean): number => {
      const billing = worker({ options: { declare }, after: 5 * second })
      // Nobody uses the queue at first, and so it goes.
      bench(
        { queues: { orders: { 'x-expires': 2 * second } } },
        30 * second,
        sender({ after: 10 * second, options: safe }),
        billing,
      ).run()
      return billing.messages().length
    }
    expect(received(true)).toBe(10)
    expect(received(false)).toBe(0)
  })
})

describe('What becomes of a lost connection', () => {
  const late = () => sender({ after: 20 * second, options: safe, nodeName: 'late' })

  function restored(options: Written): {
    readonly received: number
    readonly first: number
    readonly incarnations: number
  } {
    const billing = worker({ options })
    const run = bench(orders, 60 * second, late(), billing).crash('events-1', 5 * second, 100 * millisecond)
    run.run()
    const incarnations = run.node('billing').process.incarnation
    return { received: billing.messages().length, first: billing.received[0]?.time ?? 0, incarnations }
  }

  it('is that the Java client opens it again and consumes as before', () => {
    expect(restored({})).toMatchObject({ received: 10, incarnations: 1 })
  })

  it('is that its consumers are forgotten if it does not recover what it had set up', () => {
    expect(restored({ topologyRecoveryEnabled: false })).toMatchObject({ received: 0, incarnations: 1 })
  })

  it('is left to the application by amqplib: to open another, to end, or to do nothing', () => {
    expect(restored({ client: 'amqplib' })).toMatchObject({ received: 10, incarnations: 1 })
    expect(restored({ client: 'amqplib', 'on-closed': 'exit' })).toMatchObject({ received: 10, incarnations: 2 })
    expect(restored({ client: 'amqplib', 'on-closed': 'nothing' })).toMatchObject({ received: 0, incarnations: 1 })
  })

  it('is left to the application by the Java client that was told not to recover', () => {
    expect(restored({ automaticRecoveryEnabled: false, 'on-closed': 'nothing' })).toMatchObject({ received: 0 })
    expect(restored({ automaticRecoveryEnabled: false })).toMatchObject({ received: 10 })
  })

  it.each([
    ['java', {}, 5],
    ['java', { networkRecoveryInterval: 2 * second }, 2],
    ['amqplib', {}, 1],
    ['amqplib', { 'reopen-after': 3 * second }, 3],
  ])('is that it is back after a pause: %s with %j', (client, options, seconds) => {
    const own = { client, ...options }
    const shop = sender({ messages: 80, every: 100 * millisecond, options: { ...safe, republish: 9, ...own } })
    const billing = worker({ options: own })
    bench(orders, 60 * second, shop, billing)
      .crash('events-1', 2 * second, 100 * millisecond)
      .run()
    const times = billing.received.map(({ time }) => time)
    const gap = Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)))
    expect(gap / second).toBeGreaterThan(seconds)
    expect(gap / second).toBeLessThan(seconds + 0.3)
  })
})

describe('The end of a consumer', () => {
  it.each([0, 200, 400, 600, 800, 1000])('comes though its broker dies %i µs after it asked for it', (delay) => {
    const billing = worker({ closeAt: 2 * second, handle: keep })
    bench(orders, 30 * second, sender({ options: safe }), billing)
      .crash('events-1', 2 * second + delay, 20 * second)
      .run()
    expect([billing.closed, billing.emptyReceives]).toEqual([1, 1])
  })

  it('leaves what is acknowledged after its goodbye to the broker, which hears nothing that it would not expect', () => {
    const outcomes = Array.from({ length: 20 }, (_, step) => {
      const handle: Handle = ({ delivery, consumer, process, settled }) =>
        void process.setTimer(9 * millisecond + step * 100, () => consumer.acknowledge([delivery], settled))
      const billing = worker({ closeAt: begin + 10 * millisecond, handle })
      const run = bench(orders, 5 * second, sender({ messages: 1 }), billing).run()
      expect(run.facts('connection-ended')).toEqual([])
      return billing.settled.join()
    })
    expect([...new Set(outcomes)]).toEqual(['acknowledged', 'refused'])
  })

  it('comes though its broker says nothing, after 10 s for each answer that it waits for', () => {
    const billing = worker({ closeAt: 2 * second })
    const run = pause(bench(orders, 60 * second, billing), 'events-1', 2 * second, 50 * second)
    let closedBy = 0
    run.at(40 * second, () => (closedBy = billing.closed)).run()
    expect(closedBy).toBe(1)
  })
})

describe('The opening of a connection', () => {
  it.each([
    ['java', {}, 10],
    ['java', { handshakeTimeout: 3 * second }, 3],
    ['amqplib', { connectionTimeout: 5 * second }, 5],
  ])('is given up when the broker accepts it and says nothing: %s with %j', (client, options, seconds) => {
    const billing = worker({ options: { client, ...options } })
    // It is frozen before it can greet.
    const run = bench(orders, 60 * second, sender({ options: safe, after: 30 * second }), billing)
    pause(run, 'events-1', 1, 20 * second)
    const connects: number[] = []
    for (let at = 500 * millisecond; at < 20 * second; at += second) {
      run.at(at, () => connects.push(run.node('billing').process.connections.size))
    }
    run.run()
    expect(connects.indexOf(0)).toBe(seconds)
    expect(billing.messages()).toHaveLength(10)
  })
})
