import { describe, expect, it } from 'vitest'
import { diskProfiles } from '../../../../src/simulation/disk.ts'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { BrokerBench } from './broker-bench.ts'
import type { RawClient } from './raw-client.ts'

const transient = { deliveryMode: 1 } as const

/** A client whose channel has confirms, with the durable queue `q`. */
function confirming(bench: BrokerBench): RawClient {
  const client = bench.connect('one')
  client.queue('q')
  client.do({ kind: 'confirm-select' })
  bench.runFor(20 * millisecond)
  return client
}

/** The host dies and comes back. */
function losePower(bench: BrokerBench): void {
  const restore = bench.node.losePower(false)
  bench.runFor(second)
  restore()
  bench.runFor(second)
}

describe('a confirm', () => {
  it('of a persistent message waits for the disk, of a transient one for nobody', () => {
    const bench = new BrokerBench({ settings: { disk: { ...diskProfiles.hdd, fsyncLatency: 50 * millisecond } } })
    const client = confirming(bench)
    client.publish('q', 'a')
    client.publish('q', 'b', { properties: transient })
    bench.runFor(30 * millisecond)
    expect(client.confirms).toEqual(['ack 2'])
    bench.runFor(50 * millisecond)
    expect(client.confirms).toEqual(['ack 2', 'ack 1'])
  })

  it('comes without an fsync where the broker is told so', () => {
    const disk = { ...diskProfiles.hdd, fsyncLatency: 50 * millisecond }
    const bench = new BrokerBench({ settings: { disk, confirmsAfter: 'write' } })
    const client = confirming(bench)
    client.publish('q', 'a')
    bench.runFor(10 * millisecond)
    expect(client.confirms).toEqual(['ack 1'])
    losePower(bench)
    expect([bench.ready('q'), bench.fates()]).toEqual([[], ['a: lost (it was not on the disk yet)']])
  })

  it('of a message for several queues waits for the slowest, and those of one flush are one frame', () => {
    const bench = new BrokerBench({ settings: { disk: { ...diskProfiles.hdd, fsyncLatency: 20 * millisecond } } })
    const client = confirming(bench)
    client.queue('r')
    for (const name of ['q', 'r'])
      client.do({ kind: 'bind', source: 'amq.fanout', destination: { kind: 'queue', name }, key: '' })
    bench.runFor(20 * millisecond)
    for (const name of ['a', 'b', 'c']) client.publish('', name, { exchange: 'amq.fanout' })
    bench.runFor(30 * millisecond)
    expect(client.confirms).toEqual([])
    bench.runFor(second)
    expect(client.confirms.at(-1)).toBe('ack ..3')
  })

  it('does not come while the disk is broken, and comes when it works again', () => {
    const bench = new BrokerBench()
    const client = confirming(bench)
    const repair = bench.node.disk.breakDown()
    client.publish('q', 'a')
    bench.runFor(second)
    expect(client.confirms).toEqual([])
    expect(bench.facts('write-failed').length).toBeGreaterThan(0)
    repair()
    bench.runFor(second)
    expect(client.confirms).toEqual(['ack 1'])
  })
})

describe('a crash of the process', () => {
  it('loses what is transient and what was not written yet, and gives the rest back as redelivered', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('q')
    client.publish('q', 'written')
    bench.runFor(300 * millisecond)
    client.publish('q', 'transient', { properties: transient })
    client.publish('q', 'late')
    bench.runFor(10 * millisecond)
    const restart = bench.node.crash()
    bench.runFor(second)
    expect(bench.fates()).toEqual(['transient: lost (it was transient)', 'late: lost (it was not on the disk yet)'])
    restart()
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['written!'])
    expect(bench.unaccounted()).toEqual([])
  })

  it('keeps what the operating system has, even without an fsync', () => {
    const bench = new BrokerBench({ settings: { disk: { ...diskProfiles.hdd, fsyncLatency: second } } })
    const client = confirming(bench)
    client.publish('q', 'a')
    bench.runFor(100 * millisecond)
    expect(client.confirms).toEqual([])
    const restart = bench.node.crash()
    restart()
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['a!'])
  })

  it('resets the connections of clients', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    bench.node.crash()
    bench.runFor(second)
    expect(client.closed).toBe('reset')
  })

  it('brings back what had been acknowledged, if that had not been written', () => {
    const bench = new BrokerBench()
    const client = confirming(bench)
    client.publish('q', 'a')
    client.consume('q')
    bench.runFor(second)
    client.do({ kind: 'acknowledge', tag: 1 })
    bench.runFor(10 * millisecond)
    bench.node.crash()()
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['a!'])
    expect(bench.fates()).toEqual(['a: acknowledged'])
    expect(bench.facts('resurrected')).toHaveLength(1)
    expect(bench.unaccounted()).toEqual([])
  })

  it('in a commit may leave a part of the transaction', () => {
    const bench = new BrokerBench({ settings: { disk: { ...diskProfiles.hdd, fsyncLatency: 10 * millisecond } } })
    const client = bench.connect('one')
    client.queue('q')
    client.queue('r')
    client.do({ kind: 'tx-select' })
    client.publish('q', 'a')
    client.publish('r', 'a')
    client.do({ kind: 'tx-commit' })
    bench.runUntil(() => bench.facts('persisted').length === 1)
    bench.node.losePower(false)()
    bench.runFor(second)
    expect([bench.ready('q'), bench.ready('r')]).toEqual([['a!'], []])
    expect(client.answers.filter((answer) => answer.kind === 'done' && answer.command === 'tx-commit')).toEqual([])
  })
})

describe('a loss of power', () => {
  it('takes what was not confirmed, and nothing that was', () => {
    const bench = new BrokerBench({ settings: { disk: { ...diskProfiles.hdd, fsyncLatency: 20 * millisecond } } })
    const client = confirming(bench)
    client.publish('q', 'a')
    bench.runFor(100 * millisecond)
    client.publish('q', 'b')
    bench.runFor(10 * millisecond)
    losePower(bench)
    expect(client.confirms).toEqual(['ack 1'])
    expect([bench.ready('q'), bench.fates()]).toEqual([['a!'], ['b: lost (it was not on the disk yet)']])
    expect(bench.unaccounted()).toEqual([])
  })

  it('is found out later where the disk is damaged', () => {
    const bench = new BrokerBench()
    const client = confirming(bench)
    for (const name of ['a', 'b']) {
      client.publish('q', name)
      bench.runFor(100 * millisecond)
    }
    const restart = bench.node.crash()
    expect(bench.node.disk.corruptTails('')).toBe(1)
    restart()
    bench.runFor(second)
    expect([bench.ready('q'), bench.fates()]).toEqual([['a!'], ['b: lost (it was not on the disk yet)']])
    expect(bench.unaccounted()).toEqual([])
  })
})

describe('an orderly restart', () => {
  it('closes connections with 320, writes what is left, and marks only what had been delivered', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('q')
    client.do({ kind: 'prefetch', count: 1 })
    client.publish('q', 'a')
    client.publish('q', 'b')
    client.publish('q', 'c', { properties: transient })
    client.consume('q')
    bench.runFor(10 * millisecond)
    const start = bench.node.stop(30 * second)
    bench.runFor(second)
    expect(client.frames.at(-1)).toMatchObject({ type: 'close-connection', code: 320 })
    expect(bench.node.up).toBe(false)
    start()
    bench.runFor(second)
    expect([bench.ready('q'), bench.fates()]).toEqual([['a!', 'b'], ['c: lost (it was transient)']])
    expect(bench.unaccounted()).toEqual([])
  })

  it('is no orderly one for the next start after a crash', () => {
    const bench = new BrokerBench()
    const client = confirming(bench)
    client.publish('q', 'a')
    bench.runFor(second)
    const start = bench.node.stop(30 * second)
    bench.runFor(second)
    start()
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['a'])
    bench.node.crash()()
    bench.runFor(second)
    expect(bench.ready('q')).toEqual(['a!'])
  })

  it('expires what became too old meanwhile, into its dead-letter queue', () => {
    const bench = new BrokerBench()
    const client = bench.connect('one')
    client.queue('dead')
    client.queue('q', { 'x-message-ttl': 2000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' })
    client.publish('q', 'a')
    bench.runFor(second)
    const start = bench.node.stop(30 * second)
    bench.runFor(3 * second)
    start()
    bench.runFor(second)
    expect([bench.ready('q'), bench.ready('dead')]).toEqual([[], ['a']])
    expect(bench.unaccounted()).toEqual([])
  })

  it('makes the definitions again', () => {
    const definitions = [{ kind: 'declare-queue', channel: 0, name: 'seed', durable: false }] as const
    const bench = new BrokerBench({ definitions })
    const client = bench.connect('one')
    client.publish('seed', 'a')
    bench.runFor(second)
    bench.node.crash()()
    bench.runFor(second)
    expect(bench.ready('seed')).toEqual([])
    expect(bench.fates()).toEqual(['a: lost (its queue was not durable)'])
    bench.connect('two').publish('seed', 'b')
    bench.runFor(second)
    expect(bench.ready('seed')).toEqual(['b'])
  })
})
