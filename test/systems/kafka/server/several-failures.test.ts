import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import { Bench, Sender, Worker } from '../../bench.ts'
import { ServerBench } from './server-bench.ts'

const topics = { orders: { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 } }

/** A cluster with five acknowledged records. */
function started(options: ConstructorParameters<typeof ServerBench>[0] = {}): ServerBench {
  const bench = new ServerBench({ topics, ...options }).runUntil(2 * second)
  bench.produce(0, { count: 5 })
  return bench.runFor(second)
}

const followers = (bench: ServerBench): readonly number[] => bench.isr(0).filter((id) => id !== bench.leader(0))

const lastElection = (bench: ServerBench): string => bench.text(bench.facts('leader-elected').at(-1)?.['election'])

describe('several brokers that fail at once', () => {
  it('leave a leader alone that commits nothing more, and lose nothing that was acknowledged', () => {
    const bench = started()
    const restarts = followers(bench).map((id) => bench.node(id).crash())
    bench.runFor(12 * second)
    expect(bench.isr(0)).toEqual([bench.leader(0)])
    expect(bench.produce(0)).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS' })
    restarts[0]?.()
    bench.runFor(15 * second)
    expect(bench.isr(0)).toHaveLength(2)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE' })
    expect(bench.consume(bench.leader(0), 0).slice(0, 5)).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4'])
  })

  it('come back with everything when all of them were killed and no host lost its power', () => {
    const bench = started()
    const restarts = [1, 2, 3].map((id) => bench.node(id).crash())
    bench.runFor(12 * second)
    for (const restart of restarts) restart()
    bench.runFor(20 * second)
    bench.reconnect()
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 5 })
    expect(bench.consume(bench.leader(0), 0)).toHaveLength(6)
  })
})

describe('replicas of a partition that left its in-sync set one after the other', () => {
  /** Both followers fall silent, one after the other, and the leader that is left dies; the one that was silent last is back. */
  function lastOneBack(version: '4.0' | '4.1'): ServerBench {
    const bench = started({ version })
    const [first = 0, later = 0] = followers(bench)
    const old = bench.leader(0)
    bench.node(first).pause()
    bench.runFor(12 * second)
    const resume = bench.node(later).pause()
    bench.runFor(12 * second)
    expect(bench.isr(0)).toEqual([old])
    bench.node(old).crash()
    bench.runFor(12 * second)
    resume()
    return bench.runFor(15 * second)
  }

  it('may lead if they are eligible (4.1): nothing was committed without them', () => {
    const bench = lastOneBack('4.1')
    expect(lastElection(bench)).toBe('eligible')
    expect(bench.consume(bench.leader(0), 0)).toHaveLength(5)
  })

  it('may not lead before: the partition waits for its last leader', () => {
    const bench = lastOneBack('4.0')
    expect(bench.leader(0)).toBe(-1)
    expect(lastElection(bench)).toBe('offline')
  })

  it('lead all the same where unclean elections are enabled, and what they had not heard of is gone', () => {
    const orders = { ...topics.orders, 'min.insync.replicas': 1, 'unclean.leader.election.enable': true }
    const bench = started({ topics: { orders } })
    const old = bench.leader(0)
    const restarts = followers(bench).map((id) => bench.node(id).crash())
    bench.runFor(12 * second)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 5 })
    const restart = bench.node(old).crash()
    bench.runFor(12 * second)
    restarts[0]?.()
    bench.runFor(15 * second)
    expect(lastElection(bench)).toBe('unclean')
    restart()
    bench.runFor(20 * second)
    bench.reconnect()
    expect(bench.consume(bench.leader(0), 0)).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4'])
    expect(bench.facts('truncated').length).toBeGreaterThan(0)
  })
})

describe('the end of a leader epoch', () => {
  const question = { topic: 'orders', partition: 0 }

  function ask(bench: ServerBench, currentLeaderEpoch: number, leaderEpoch: number) {
    const partitions = [{ ...question, currentLeaderEpoch, leaderEpoch }]
    return bench.ask(bench.leader(0), { type: 'offset-for-leader-epoch', partitions })?.results[0]
  }

  it('is told to who asks a leader that has replaced another, and to nobody with another picture of who leads', () => {
    const bench = started()
    bench.node(bench.leader(0)).crash()
    bench.runFor(12 * second)
    const epoch = bench.cluster.view.image.partition(question)?.leaderEpoch ?? -1
    bench.produce(0, { count: 2 })
    expect(ask(bench, epoch, 0)).toMatchObject({ error: 'NONE', end: { epoch: 0, endOffset: 5 } })
    expect(ask(bench, epoch, epoch)).toMatchObject({ error: 'NONE', end: { epoch, endOffset: 7 } })
    expect(ask(bench, epoch - 1, 0)).toMatchObject({ error: 'FENCED_LEADER_EPOCH' })
    expect(ask(bench, epoch + 1, 0)).toMatchObject({ error: 'UNKNOWN_LEADER_EPOCH' })
  })

  /** A consumer has read what only a leader had that died for good; an unclean one goes on from an older log. */
  function readOn(options: Readonly<Record<string, unknown>>): { readonly missed: readonly string[] } {
    const begin = 8 * second
    const producer = { acks: '1', 'enable.idempotence': false }
    const shop = new Sender(kafka, { to: 'orders', messages: 400, every: 100_000, after: begin, options: producer })
    const billing = new Worker(kafka, { from: 'orders', options })
    const orders = { ...topics.orders, 'min.insync.replicas': 1, 'unclean.leader.election.enable': true }
    const clients = [shop, billing]
    const bench = new Bench({ kind: kafka, options: { topics: { orders } }, until: begin + 120 * second, clients })
    bench.at(begin + second, () => {
      const lost = bench.world.targets.every('follower(events/orders/0)')
      const undo = lost.map(({ name }) => bench.node(name).crash())
      bench.at(16 * second, () => {
        for (const { name } of bench.world.targets.every('leader(events/orders/0)')) bench.node(name).crash()
        undo.forEach((restart) => restart())
      })
    })
    bench.run()
    const later = bench.facts('appended').filter(({ epoch }) => Number(epoch) > 0)
    expect(bench.facts('leader-elected').map(({ election }) => bench.text(election))).toContain('unclean')
    const seen = new Set(billing.messages())
    return { missed: later.map(({ message }) => bench.text(message)).filter((message) => !seen.has(message)) }
  }

  it('shows a Java consumer that its position is beyond what is left, and it misses nothing of what comes then', () => {
    expect(readOn({ 'auto.offset.reset': 'earliest' }).missed).toEqual([])
  })

  it('is not asked for by kafkajs, which reads on from its old position and misses what took the place', () => {
    expect(readOn({ client: 'kafkajs', fromBeginning: true }).missed.length).toBeGreaterThan(10)
  })
})

describe('brokers in zones', () => {
  it('lose nothing that was acknowledged when a whole zone is gone', () => {
    const begin = 8 * second
    const options = { brokers: 6, zones: ['a', 'b', 'c'], topics: { orders: { ...topics.orders, partitions: 6 } } }
    const shop = new Sender(kafka, { to: 'orders', messages: 200, every: 50_000, after: begin })
    const billing = new Worker(kafka, { from: 'orders', options: { 'auto.offset.reset': 'earliest' } })
    const bench = new Bench({ kind: kafka, options, until: begin + 90 * second, clients: [shop, billing] })
    bench.at(begin + 3 * second, () => {
      // As the fault of a scenario does.
      bench.world.lulls.end()
      for (const node of bench.world.nodes) if (node.zone === 'a' && /^events-\d/.test(node.name)) node.losePower(false)
    })
    bench.run()
    expect(shop.confirmed()).toHaveLength(200)
    expect(new Set(billing.messages())).toEqual(new Set(shop.sent))
    expect(billing.messages()).toHaveLength(200)
  })
})
