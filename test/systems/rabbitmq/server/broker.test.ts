import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { BrokerBench } from './broker-bench.ts'

describe('a channel', () => {
  it('is closed by an error, and what was in flight on it is thrown away until the client has answered', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one', { answers: false })
    client.queue('q')
    client.do({ kind: 'acknowledge', tag: 7 })
    client.publish('q', 'late')
    bench.runFor(second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-channel', channel: 1, code: 406 })
    expect(bench.ready('q')).toEqual([])
    client.send({ type: 'channel-close-ok', channel: 1 })
    client.openChannel(1)
    client.publish('q', 'fresh')
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['fresh'])
  })

  it('gives back what it had unacknowledged, at the old places and as redelivered', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('q')
    for (const name of ['a', 'b', 'c', 'd']) client.publish('q', name)
    client.openChannel(2)
    client.do({ kind: 'prefetch', count: 3 }, 2)
    client.consume('q', { channel: 2 })
    bench.runFor(second)
    client.do({ kind: 'acknowledge', tag: 2 }, 2)
    client.do({ kind: 'cancel', tag: 'c' }, 2)
    client.send({ type: 'close-channel', channel: 2 })
    bench.runFor(second)
    expect(client.deliveries).toEqual(['a', 'b', 'c', 'd'])
    expect(bench.ready('q')).toEqual(['a!', 'c!', 'd!'])
    expect(bench.facts('requeued').map(({ reason }) => bench.text(reason))).toEqual(Array(3).fill('channel closed'))
    expect(client.signals.at(-1)).toBe('channel-close-ok')
  })

  it('that is not open is an error of the whole connection', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.do({ kind: 'recover' }, 5)
    bench.runFor(second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-connection', code: 504 })
    expect(client.closed).toBe('closed')
  })
})

describe('a connection', () => {
  it('that is lost gives everything back, and its exclusive queues go', () => {
    const bench = new BrokerBench()
    const [one, two] = [bench.connect('one'), bench.connect('two')]
    one.queue('q')
    one.queue('mine', {}, { durable: false, exclusive: true })
    one.publish('q', 'a')
    one.publish('q', 'b')
    one.publish('mine', 'c')
    one.consume('q')
    bench.runFor(second)
    one.drop()
    two.consume('q')
    bench.runFor(second)
    expect(two.deliveries).toEqual(['a!', 'b!'])
    expect(bench.fates()).toEqual(['c: dropped (the queue was deleted)'])
    expect(bench.unaccounted()).toEqual([])
  })

  it('is closed with 530 for a consumer tag that is in use, and its channels with it', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('q')
    client.publish('q', 'a')
    client.consume('q')
    client.consume('q')
    bench.runFor(second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-connection', code: 530 })
    expect(bench.ready('q')).toEqual(['a!'])
    expect(bench.broker.running?.core.state.channels.size).toBe(0)
  })

  it('is told of a consumer that the broker cancels only if it can be', () => {
    const bench = new BrokerBench()
    const able = bench.connect('one')
    const deaf = bench.connect('two', { capabilities: { consumerCancelNotify: false } })
    able.queue('q')
    bench.runFor(second)
    able.consume('q')
    deaf.consume('q')
    bench.runFor(second)
    able.do({ kind: 'delete-queue', name: 'q' })
    bench.runFor(second)
    const told = [able, deaf].map(({ answers }) => answers.some(({ kind }) => kind === 'consumer-cancelled'))
    expect(told).toEqual([true, false])
    expect(bench.facts('consumer-cancelled').map((fact) => fact['told'])).toEqual([true, false])
  })

  it('is dead after two time-outs without a heartbeat, at the latest after three', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one', { heartbeat: 4 * second })
    client.queue('q')
    client.publish('q', 'a')
    client.consume('q')
    bench.runFor(7 * second)
    expect(bench.facts('connection-ended')).toEqual([])
    bench.runFor(6 * second)
    expect(bench.facts('connection-ended').map(({ reason }) => bench.text(reason))).toEqual(['missed heartbeats'])
    expect(bench.ready('q')).toEqual(['a!'])
    expect(client.heartbeats).toBeGreaterThanOrEqual(4)
  })

  it('lives as long as its heartbeats come', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one', { heartbeat: 4 * second })
    for (let beat = 0; beat < 10; beat++) {
      client.send({ type: 'heartbeat' })
      bench.runFor(2 * second)
    }
    expect(client.closed).toBeUndefined()
  })

  it('costs an idle broker no events besides heartbeats', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0 } })
    const client = bench.connect('one')
    client.queue('q')
    client.do({ kind: 'confirm-select' })
    client.publish('q', 'a')
    bench.runFor(second)
    const before = bench.world.engine.dispatched
    bench.runFor(600 * second)
    // The run itself looks every second whether it is over; nothing else happens.
    expect(bench.world.engine.dispatched - before).toBeLessThanOrEqual(602)
  })
})

describe('acknowledgements', () => {
  it('that are late close the channel at its next tick', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0, consumerTimeout: 90 * second } })
    const client = bench.connect('one')
    client.queue('q')
    client.publish('q', 'a')
    client.consume('q')
    bench.runFor(119 * second)
    expect(bench.facts('channel-closed')).toEqual([])
    bench.runFor(2 * second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-channel', code: 406 })
    expect(bench.ready('q')).toEqual(['a!'])
  })

  it('that come in time keep it open, however long it lives', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0, consumerTimeout: 90 * second } })
    const client = bench.connect('one')
    client.queue('q')
    client.consume('q')
    for (let tag = 1; tag <= 10; tag++) {
      client.publish('q', `m${tag}`)
      bench.runFor(60 * second)
      client.do({ kind: 'acknowledge', tag })
    }
    bench.runFor(200 * second)
    expect(bench.facts('channel-closed')).toEqual([])
    expect(client.deliveries).toHaveLength(10)
  })

  it('are watched one by one: a later one has its own time', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0, consumerTimeout: 90 * second } })
    const client = bench.connect('one')
    client.queue('q')
    client.consume('q')
    client.publish('q', 'a')
    bench.runFor(60 * second)
    client.publish('q', 'b')
    bench.runFor(20 * second)
    client.do({ kind: 'acknowledge', tag: 1 })
    bench.runFor(99 * second)
    expect(bench.facts('channel-closed')).toEqual([])
    bench.runFor(3 * second)
    expect(bench.facts('channel-closed')).toHaveLength(1)
  })

  it('are late after the time of their queue, be another one in no hurry', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0, consumerTimeout: 600 * second } })
    const client = bench.connect('one')
    client.queue('slow')
    client.queue('quick', { 'x-consumer-timeout': 90_000 })
    client.publish('slow', 'a')
    client.consume('slow', { tag: 'slow' })
    bench.runFor(second)
    client.publish('quick', 'b')
    client.consume('quick', { tag: 'quick' })
    // The channel looks at its oldest delivery alone, and that has time.
    bench.runFor(200 * second)
    expect(bench.facts('channel-closed')).toEqual([])
    client.do({ kind: 'acknowledge', tag: 1 })
    bench.runFor(60 * second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-channel', code: 406 })
    expect(bench.ready('quick')).toEqual(['b!'])
  })

  it('may be as late as they like from 4.3 on, where the time-out is for quorum queues only', () => {
    const bench = new BrokerBench({ settings: { heartbeat: 0, consumerTimeout: 90 * second, version: '4.3' } })
    const client = bench.connect('one')
    client.queue('q')
    client.publish('q', 'a')
    client.consume('q')
    bench.runFor(600 * second)
    expect(bench.facts('channel-closed')).toEqual([])
  })
})

describe('timers of queues', () => {
  it('move what is too old to the dead-letter queue, and delete a queue that nobody uses', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('dead')
    client.queue('q', { 'x-message-ttl': 100, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' })
    client.queue('short', { 'x-expires': 300 })
    client.publish('q', 'a')
    client.publish('short', 'b')
    bench.runFor(90 * millisecond)
    expect([bench.ready('q'), bench.ready('dead')]).toEqual([['a'], []])
    bench.runFor(50 * millisecond)
    expect([bench.ready('q'), bench.ready('dead')]).toEqual([[], ['a']])
    bench.runFor(300 * millisecond)
    expect(bench.fates()).toEqual(['a: dead-lettered (expired)', 'b: dropped (the queue was deleted)'])
    expect(bench.unaccounted()).toEqual([])
  })
})
