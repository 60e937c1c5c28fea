import { describe, expect, it } from 'vitest'
import { diskProfiles } from '../../../../src/simulation/disk.ts'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { BrokerBench } from './broker-bench.ts'
import type { RawClient } from './raw-client.ts'

/** A client that has filled the memory of its broker. */
function atItsLimit(options: Parameters<BrokerBench['connect']>[1] = {}): { bench: BrokerBench; client: RawClient } {
  const bench = new BrokerBench({ settings: { memoryLimit: 10_000 } })
  const client = bench.connect('one', options)
  client.queue('q')
  client.publish('q', 'a', { bytes: 10_000 })
  return { bench, client }
}

describe('the memory alarm', () => {
  it('stops the reading of connections that publish, whatever else they send, and of no others', () => {
    const bench = new BrokerBench({ settings: { memoryLimit: 10_000 } })
    const [publisher, consumer] = [bench.connect('one'), bench.connect('two')]
    publisher.queue('q')
    publisher.publish('q', 'a', { bytes: 10_000 })
    bench.runFor(3 * second)
    expect(publisher.signals).not.toContain('connection-blocked')
    publisher.publish('q', 'b')
    publisher.publish('q', 'c')
    bench.runFor(second)
    expect(publisher.frames.at(-1)).toEqual({ type: 'connection-blocked', reason: 'low on memory' })
    publisher.publish('q', 'd')
    bench.runFor(second)
    // Of the one that met the alarm the head was read, and the body waits with the rest.
    expect(bench.ready('q')).toEqual(['a'])
    consumer.consume('q', { noAck: true })
    bench.runFor(3 * second)
    expect(publisher.signals.at(-1)).toBe('connection-unblocked')
    expect(consumer.deliveries).toEqual(['a', 'b', 'c', 'd'])
    expect(consumer.signals).not.toContain('connection-blocked')
    const alarms = [...bench.facts('alarm-raised'), ...bench.facts('alarm-cleared')]
    expect(alarms.map(({ alarm }) => bench.text(alarm))).toEqual(['memory', 'memory'])
  })

  it('lets a consumer starve whose acknowledgements come over a connection that publishes', () => {
    const { bench, client } = atItsLimit()
    client.consume('q')
    bench.runFor(3 * second)
    client.publish('q', 'b')
    bench.runFor(second)
    client.do({ kind: 'acknowledge', tag: 1, multiple: true })
    bench.runFor(60 * second)
    expect(bench.facts('alarm-cleared')).toEqual([])
    expect(bench.fates()).toEqual([])
  })

  it('does not hold a silent connection for dead that it does not read from', () => {
    const { bench, client } = atItsLimit({ heartbeat: 2 * second })
    bench.runFor(3 * second)
    client.publish('q', 'b')
    bench.runFor(60 * second)
    expect(bench.facts('connection-ended')).toEqual([])
  })
})

describe('a client that dies while nothing is read from it', () => {
  const blocked = (): { bench: BrokerBench; client: RawClient } => {
    const { bench, client } = atItsLimit({ heartbeat: 20 * second })
    client.consume('q')
    bench.runFor(3 * second)
    client.publish('q', 'b')
    bench.runFor(second)
    client.drop()
    bench.runFor(second)
    return { bench, client }
  }

  it('is missed when a heartbeat cannot be sent to it, and not before', () => {
    const { bench } = blocked()
    bench.runFor(14 * second)
    expect(bench.ready('q')).toEqual([])
    // Ten seconds in which the broker sent nothing else are over at the twentieth.
    bench.runFor(2 * second)
    expect(bench.ready('q')).toEqual(['a!'])
  })

  it('is missed when the alarm is over, and what it had sent is read first', () => {
    const { bench } = blocked()
    bench.connect('two').do({ kind: 'delete-queue', name: 'q' })
    bench.runFor(second)
    expect(bench.facts('alarm-cleared')).toEqual([])
    bench.runFor(2 * second)
    expect(bench.facts('alarm-cleared')).toHaveLength(1)
    expect(bench.facts('unroutable').map(({ message }) => bench.text(message))).toEqual(['b'])
    expect(bench.facts('requeued')).toEqual([])
  })
})

describe('a full disk', () => {
  it('blocks publishers, confirms nothing, and lets both go on when there is room', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('q')
    client.do({ kind: 'confirm-select' })
    bench.runFor(second)
    const makeRoom = bench.node.disk.fillUp()
    client.publish('q', 'a')
    bench.runFor(second)
    expect(client.confirms).toEqual([])
    client.publish('q', 'b')
    bench.runFor(second)
    expect(client.frames.at(-1)).toEqual({ type: 'connection-blocked', reason: 'low on disk' })
    client.publish('q', 'c')
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['a'])
    makeRoom()
    bench.runFor(second)
    expect(client.confirms.at(-1)).toBe('ack ..3')
    expect(client.signals.at(-1)).toBe('connection-unblocked')
  })

  it('has room again when its messages are gone', () => {
    const disk = { ...diskProfiles.ssd, capacity: 100_000 }
    const bench = new BrokerBench({ settings: { disk, diskFreeLimit: 20_000 } })
    const [publisher, consumer] = [bench.connect('one'), bench.connect('two')]
    publisher.queue('q')
    for (let index = 0; index < 9; index++) publisher.publish('q', `m${index}`, { bytes: 10_000 })
    bench.runFor(second)
    expect(bench.facts('alarm-raised')).toHaveLength(1)
    consumer.consume('q', { noAck: true })
    bench.runFor(second)
    expect(bench.facts('alarm-cleared')).toHaveLength(1)
  })
})

describe('a deleted queue', () => {
  it('leaves its room on the disk to others', () => {
    const disk = { ...diskProfiles.ssd, capacity: 100_000 }
    const bench = new BrokerBench({ settings: { disk, diskFreeLimit: 0 } })
    const client = bench.connect('one')
    client.do({ kind: 'confirm-select' })
    for (const name of ['q', 'r']) {
      client.queue(name)
      client.publish(name, `for ${name}`, { bytes: 90_000 })
      bench.runFor(second)
      client.do({ kind: 'delete-queue', name })
    }
    bench.runFor(second)
    expect(client.confirms).toEqual(['ack 1', 'ack 2'])
    expect(bench.facts('write-failed')).toEqual([])
  })
})

describe('a disk that cannot keep up', () => {
  it('holds publishers back without any notice, until it has caught up', () => {
    const disk = { ...diskProfiles.hdd, fsyncLatency: 500 * millisecond }
    const bench = new BrokerBench({ settings: { disk, storeCredit: { initial: 10, more: 5 } } })
    const client = bench.connect('one')
    client.queue('q')
    client.do({ kind: 'confirm-select' })
    for (let index = 0; index < 40; index++) {
      client.publish('q', `m${index}`)
      bench.runFor(millisecond)
    }
    bench.runFor(100 * millisecond)
    expect(bench.ready('q').length).toBeLessThan(20)
    expect(bench.facts('connection-blocked').map(({ reason }) => bench.text(reason))).toContain('flow')
    bench.runFor(10 * second)
    expect(bench.ready('q')).toHaveLength(40)
    expect(client.signals).not.toContain('connection-blocked')
  })
  it('is not one that only waits for more to write', () => {
    const bench = new BrokerBench({ settings: { storeCredit: { initial: 3000, more: 100 } } })
    const client = bench.connect('one')
    client.queue('q')
    for (let index = 0; index < 4000; index++) client.publish('q', 'm')
    bench.runFor(180 * millisecond)
    expect(bench.ready('q')).toHaveLength(4000)
    expect([bench.facts('persisted').length > 0, bench.facts('connection-blocked')]).toEqual([true, []])
  })
})
