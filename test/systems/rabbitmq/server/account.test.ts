import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import type { Command } from '../../../../src/systems/rabbitmq/core/command.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import { BrokerBench } from './broker-bench.ts'

const channel = 0

function queue(name: string, given: FieldTable = {}): Command {
  return { kind: 'declare-queue', channel, name, durable: true, arguments: given }
}

function deadLetters(key?: string): FieldTable {
  return { 'x-dead-letter-exchange': '', ...(key === undefined ? {} : { 'x-dead-letter-routing-key': key }) }
}

function bound(name: string, source: string, key: string): Command {
  return { kind: 'bind', channel, source, destination: { kind: 'queue', name }, key }
}

describe('the plan of a broker', () => {
  it('tells where a message goes before anything has happened', () => {
    const definitions = [queue('a'), queue('b'), bound('a', 'amq.topic', 'x.*'), bound('b', 'amq.topic', 'x.#')]
    const { broker } = new BrokerBench({ definitions })
    expect(broker.queuesFor('', 'a')).toEqual(['a'])
    expect(broker.queuesFor('amq.topic', 'x.y')).toEqual(['a', 'b'])
    expect(broker.queuesFor('amq.topic', 'x')).toEqual(['b'])
    expect(broker.queuesFor('', 'c')).toEqual([])
  })

  it('knows where dead letters come to rest, and of which queues', () => {
    const definitions = [queue('dead'), queue('a', deadLetters('b')), queue('b', deadLetters('dead'))]
    const { broker } = new BrokerBench({ definitions })
    expect(broker.parkingPlaces).toEqual([{ place: 'dead', of: ['a', 'b'] }])
  })

  it('finds no rest in a circle of retries', () => {
    const definitions = [queue('work', deadLetters('retry')), queue('retry', deadLetters('work'))]
    expect(new BrokerBench({ definitions }).broker.parkingPlaces).toEqual([])
  })

  it('follows dead letters by their own keys, through bindings', () => {
    const letters = { 'x-dead-letter-exchange': 'amq.direct' }
    const definitions = [
      queue('dead'),
      queue('work', letters),
      bound('work', 'amq.topic', 'order'),
      bound('dead', 'amq.direct', 'order'),
    ]
    expect(new BrokerBench({ definitions }).broker.parkingPlaces).toEqual([{ place: 'dead', of: ['work'] }])
  })

  it('is refused when it contradicts itself', () => {
    const definitions = [queue('a'), queue('a', { 'x-max-length': 1 })]
    expect(() => new BrokerBench({ definitions })).toThrow(/inequivalent arg/)
  })

  it('names the node that keeps a queue as a target of faults', () => {
    const { world } = new BrokerBench({ definitions: [queue('orders')] })
    const named = (target: string): readonly string[] => world.targets.every(target).map(({ name }) => name)
    for (const target of ['queue(orders)', 'queue(rabbit/orders)', 'storage-of(rabbit/orders)', 'rabbit', 'broker'])
      expect(named(target)).toEqual(['rabbit-1'])
    expect([...named('queue(bills)'), ...named('storage-of(other/orders)')]).toEqual([])
  })
})

describe('what a broker waits for', () => {
  it('is what consumers have not taken or not acknowledged, also while it is down', () => {
    const bench = new BrokerBench({ definitions: [queue('orders'), queue('log')] })
    const client = bench.connect('one')
    for (const name of ['a', 'b']) client.publish('orders', name)
    client.publish('log', 'c')
    bench.runFor(second)
    const waiting = (): string | undefined => bench.broker.waitingFor(new Set(['orders']))
    expect(waiting()).toBe('2 messages (a first) in orders')
    client.do({ kind: 'prefetch', count: 1 })
    client.consume('orders')
    bench.runFor(second)
    expect(waiting()).toBe('1 message (b) in orders; 1 message (a) of orders not acknowledged')
    const start = bench.node.crash()
    expect(waiting()).toBe('2 messages of orders on the disk of a broker that is down')
    start()
    bench.connect('two').consume('orders', { noAck: true })
    bench.runFor(second)
    expect(waiting()).toBeUndefined()
  })

  it('is also what will come back from a queue for waiting', () => {
    const definitions = [queue('work'), queue('later', { 'x-message-ttl': 5000, ...deadLetters('work') })]
    const bench = new BrokerBench({ definitions })
    bench.connect('one').publish('later', 'a')
    bench.runFor(second)
    const waiting = (): string | undefined => bench.broker.waitingFor(new Set(['work']))
    expect(waiting()).toBe('1 message (a) in later, waiting to expire')
    bench.runFor(5 * second)
    expect(waiting()).toBe('1 message (a) in work')
  })
})

describe('the inventory', () => {
  it('says of every copy that is left where and how it is', () => {
    const bench = new BrokerBench({ definitions: [queue('q')] })
    const client = bench.connect('one')
    for (const name of ['a', 'b']) client.publish('q', name)
    client.do({ kind: 'get', queue: 'q' })
    bench.runFor(second)
    expect(bench.unaccounted()).toEqual([])
    const left = bench.facts('copy-remained').map(({ message, state }) => `${bench.text(message)} ${bench.text(state)}`)
    expect(left).toEqual(['a unacknowledged', 'b ready'])
  })

  it('finds on the disk what a broker has that is down', () => {
    const bench = new BrokerBench({ definitions: [queue('q')] })
    bench.connect('one').publish('q', 'a')
    bench.runFor(second)
    bench.node.crash()
    expect(bench.unaccounted()).toEqual([])
    expect(bench.facts('copy-remained').map(({ state }) => bench.text(state))).toEqual(['on disk'])
  })
})

describe('a direct reply', () => {
  it('is one copy that is delivered, or dropped when the requester is gone', () => {
    const bench = new BrokerBench({ definitions: [queue('work')] })
    const [requester, server] = [bench.connect('one'), bench.connect('two')]
    requester.consume('amq.rabbitmq.reply-to', { noAck: true })
    requester.publish('work', 'question', { properties: { replyTo: 'amq.rabbitmq.reply-to' } })
    server.consume('work', { noAck: true })
    bench.runFor(second)
    const asked = server.answers.find((answer) => answer.kind === 'deliver')
    const address = asked?.message.properties.replyTo ?? ''
    server.publish(address, 'answer')
    bench.runFor(second)
    expect(requester.deliveries).toEqual(['answer'])
    requester.drop()
    bench.runFor(second)
    server.publish(address, 'too late')
    bench.runFor(second)
    expect(bench.fates()).toEqual([
      'question: delivered',
      'answer: delivered',
      'too late: dropped (whoever asked is gone)',
    ])
    expect(bench.unaccounted()).toEqual([])
  })

  it('does not find a requester of before a restart', () => {
    const bench = new BrokerBench({ definitions: [queue('work')] })
    const ask = (from: string): string => {
      const client = bench.connect(from)
      client.consume('amq.rabbitmq.reply-to', { noAck: true })
      client.publish('work', 'question', { properties: { replyTo: 'amq.rabbitmq.reply-to' } })
      client.do({ kind: 'get', queue: 'work', noAck: true })
      bench.runFor(second)
      const got = client.answers.find((answer) => answer.kind === 'got')
      return got?.message.properties.replyTo ?? ''
    }
    const before = ask('one')
    bench.node.crash()()
    const after = ask('one')
    expect(after).not.toBe('')
    expect(after).not.toBe(before)
  })
})
