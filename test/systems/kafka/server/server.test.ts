import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { ReplicationWatch } from './invariants.ts'
import { ServerBench } from './server-bench.ts'

const inSync = { topics: { orders: { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 } } }

/** A bench whose cluster is up. */
function started(options: ConstructorParameters<typeof ServerBench>[0] = inSync): ServerBench {
  return new ServerBench(options).runUntil(2 * second)
}

describe('a Kafka cluster', () => {
  it('shows consumers what every in-sync replica has, on every replica in the end', () => {
    const bench = started()
    expect(bench.produce(0, { count: 3 })).toMatchObject({ error: 'NONE', baseOffset: 0 })
    expect(bench.consume(bench.leader(0), 0)).toEqual(['m-0', 'm-1', 'm-2'])
    bench.runFor(2 * second)
    const replicas = [...bench.cluster.replicas({ topic: 'orders', partition: 0 }).values()]
    expect(replicas.map(({ log }) => [log.endOffset, log.highWatermark])).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
    ])
  })

  it('answers a stream of produce requests on one connection without a stall', () => {
    const bench = started()
    const pending = Array.from({ length: 200 }, () => bench.send(bench.leader(0), bench.produceRequest(0)))
    bench.runFor(second)
    expect(pending.every(({ answered }) => answered)).toBe(true)
  })

  it('tells a client that asks a follower who leads', () => {
    const bench = started()
    const [, follower = 0] = bench.isr(0)
    const answer = bench.ask(follower, bench.produceRequest(0))
    expect(answer?.results[0]).toMatchObject({
      error: 'NOT_LEADER_OR_FOLLOWER',
      currentLeader: { brokerId: bench.leader(0) },
    })
  })

  it('elects a new leader when the session of a crashed one is over, and loses nothing that was acknowledged', () => {
    const bench = started()
    bench.produce(0, { count: 5 })
    const old = bench.leader(0)
    const crashed = bench.now
    const restart = bench.node(old).crash()
    bench.runFor(6 * second)
    expect(bench.leader(0)).toBe(old)
    bench.runFor(4 * second)
    expect(bench.leader(0)).not.toBe(old)
    const [election] = bench.facts('leader-elected').slice(-1)
    expect((election?.time ?? 0) - crashed).toBeGreaterThan(6 * second)
    expect((election?.time ?? 0) - crashed).toBeLessThan(10 * second)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 5 })
    restart()
    bench.runFor(5 * second)
    expect([...bench.isr(0)].sort()).toEqual([1, 2, 3])
    expect(bench.consume(bench.leader(0), 0)).toHaveLength(6)
    expect(new ReplicationWatch(bench.cluster).differences()).toEqual([])
  })

  it('does not let a killed broker register before its old session is over', () => {
    const bench = started()
    const killed = bench.now
    bench.node(1).crash()()
    bench.runFor(20 * second)
    const registered = bench.facts('broker-registered').filter(({ broker }) => bench.text(broker) === 'events-1')
    expect(registered).toHaveLength(2)
    const wait = (registered.at(-1)?.time ?? 0) - killed
    expect(wait).toBeGreaterThan(6 * second)
    expect(wait).toBeLessThan(12 * second)
  })

  it('moves leadership away within milliseconds when a broker is stopped in order', () => {
    const bench = started()
    bench.produce(0)
    const old = bench.leader(0)
    const stopped = bench.now
    const restart = bench.node(old).stop(30 * second)
    bench.runFor(second)
    expect(bench.leader(0)).not.toBe(old)
    expect((bench.facts('leader-elected').at(-1)?.time ?? 0) - stopped).toBeLessThan(50 * millisecond)
    expect(bench.node(old).up).toBe(false)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 1 })
    restart()
    bench.runFor(3 * second)
    expect([...bench.isr(0)].sort()).toEqual([1, 2, 3])
  })

  it('refuses acks=all while the in-sync replicas are too few, and takes acks=1', () => {
    const bench = started()
    for (const follower of bench.isr(0).slice(1)) bench.node(follower).crash()
    bench.runFor(12 * second)
    expect(bench.isr(0)).toHaveLength(1)
    expect(bench.produce(0)).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS' })
    expect(bench.produce(0, { acks: 'leader' })).toMatchObject({ error: 'NONE' })
    expect(bench.consume(bench.leader(0), 0)).toEqual([])
  })

  it('keeps an isolated leader serving acks=1, and drops what it took when it is back', () => {
    const bench = started()
    bench.produce(0)
    const old = bench.leader(0)
    const others = ['events-1', 'events-2', 'events-3'].filter((name) => name !== `events-${old}`)
    const heal = bench.cut([`events-${old}`], [...others, 'events-controller-1'])
    bench.runFor(15 * second)
    expect(bench.leader(0)).not.toBe(old)
    expect(bench.ask(old, bench.produceRequest(0, { acks: 'leader' }))?.results[0]).toMatchObject({ error: 'NONE' })
    const all = bench.ask(old, bench.produceRequest(0, { acks: 'all', timeout: 5 * second }))
    expect(all?.results[0]).toMatchObject({ error: 'REQUEST_TIMED_OUT' })
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 1 })
    heal()
    bench.runFor(60 * second)
    const replicas = [...bench.cluster.replicas({ topic: 'orders', partition: 0 }).values()]
    expect(replicas.map(({ log }) => log.endOffset)).toEqual([2, 2, 2])
    expect(bench.facts('copy-ended').map(({ message }) => bench.text(message))).toEqual(['m-1', 'm-2'])
    expect([...bench.isr(0)].sort()).toEqual([1, 2, 3])
    expect(new ReplicationWatch(bench.cluster).differences()).toEqual([])
  })

  it('loses what was acknowledged by one replica alone when that one dies', () => {
    const bench = started()
    const old = bench.leader(0)
    const others = [1, 2, 3].filter((broker) => broker !== old).map((broker) => `events-${broker}`)
    bench.cut([`events-${old}`], others)
    expect(bench.produce(0, { acks: 'leader' })).toMatchObject({ error: 'NONE' })
    bench.node(old).crash()
    bench.runFor(12 * second)
    expect(bench.leader(0)).not.toBe(old)
    expect(bench.consume(bench.leader(0), 0)).toEqual([])
  })

  it('loses acknowledged records when every replica loses power at once, unless each is flushed', () => {
    for (const flushed of [false, true]) {
      const orders = { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 }
      const bench = started({ topics: { orders: { ...orders, ...(flushed ? { 'flush.messages': 1 } : {}) } } })
      expect(bench.produce(0, { count: 2 })).toMatchObject({ error: 'NONE' })
      const restarts = [1, 2, 3].map((broker) => bench.node(broker).losePower(true))
      bench.runFor(second)
      for (const restart of restarts) restart()
      bench.runFor(60 * second).reconnect()
      expect(bench.ask(bench.leader(0), { type: 'metadata', topics: [], allowAutoCreate: false })).toBeDefined()
      expect(bench.consume(bench.leader(0), 0)).toEqual(flushed ? ['m-0', 'm-1'] : [])
      expect(bench.facts('copy-ended')).toHaveLength(flushed ? 0 : 2)
    }
  })

  it('recognises the retry of an idempotent producer after the leader has changed', () => {
    const bench = started()
    const request = bench.produceRequest(0, { count: 2, sequence: 0 })
    expect(bench.ask(bench.leader(0), request)?.results[0]).toMatchObject({ error: 'NONE', baseOffset: 0 })
    bench.node(bench.leader(0)).stop(30 * second)
    bench.runFor(2 * second)
    expect(bench.ask(bench.leader(0), request)?.results[0]).toMatchObject({ error: 'NONE', baseOffset: 0 })
    expect(bench.consume(bench.leader(0), 0)).toHaveLength(2)
  })

  it('forgets an idempotent producer that was idle for producer.id.expiration.ms, and takes its retry for new', () => {
    for (const expires of [false, true]) {
      const broker = expires ? { 'producer.id.expiration.ms': 60_000 } : {}
      const bench = started({ ...inSync, broker })
      const request = bench.produceRequest(0, { sequence: 0 })
      bench.ask(bench.leader(0), request)
      bench.runFor(25 * 60 * second)
      bench.ask(bench.leader(0), request)
      expect(bench.consume(bench.leader(0), 0)).toEqual(expires ? ['m-0', 'm-0'] : ['m-0'])
    }
  })

  it('does the same under the same seed, and something else under another', () => {
    const fingerprint = (seed: string): string => {
      const bench = started({ ...inSync, controllers: 3, seed }).runUntil(8 * second)
      bench.produce(0)
      bench.node(1).crash()()
      return bench.runFor(20 * second).world.engine.fingerprint.digest()
    }
    expect(fingerprint('one')).toBe(fingerprint('one'))
    expect(fingerprint('one')).not.toBe(fingerprint('other'))
  })

  it('costs few events while nobody asks for anything', () => {
    const bench = started()
    bench.runFor(60 * second)
    const before = bench.world.engine.dispatched
    bench.runFor(600 * second)
    expect((bench.world.engine.dispatched - before) / 600).toBeLessThan(15)
  })

  it('evicts a follower that is cut off 1 to 1.5 times replica.lag.time.max.ms after it was last caught up', () => {
    const bench = started()
    bench.produce(0)
    const leader = bench.leader(0)
    const [, follower = 0] = bench.isr(0)
    bench.cut([`events-${follower}`], [`events-${leader}`])
    const cutAt = bench.now
    bench.produce(0, { acks: 'leader' })
    bench.runFor(50 * second)
    expect(bench.isr(0)).not.toContain(follower)
    const evicted = bench.facts('isr-changed').at(-1)?.time ?? 0
    expect(evicted - cutAt).toBeGreaterThan(29 * second)
    expect(evicted - cutAt).toBeLessThan(46 * second)
  })

  it('moves leadership when the disk of a leader fails', () => {
    const bench = started()
    bench.produce(0)
    const old = bench.leader(0)
    bench.node(old).disk.breakDown()
    expect(bench.produce(0)).toMatchObject({ error: 'KAFKA_STORAGE_ERROR' })
    bench.runFor(15 * second)
    expect(bench.leader(0)).not.toBe(old)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 1 })
  })

  it('creates a topic that a client may ask for, and no other', () => {
    const bench = started()
    const ask = (topic: string, allowAutoCreate: boolean) =>
      bench.ask(1, { type: 'metadata', topics: [topic], allowAutoCreate })?.topics[0]
    expect(ask('new', true)).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION' })
    expect(ask('other', false)).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION' })
    bench.runFor(second)
    expect(ask('new', false)).toMatchObject({ error: 'NONE', partitions: [{ partition: 0, error: 'NONE' }] })
    expect(ask('other', false)).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  it('gives a topic more partitions when an administrator asks for it', () => {
    const bench = started({ ...inSync, growth: [{ topic: 'orders', at: 5 * second, partitions: 4 }] })
    expect(bench.cluster.partitionCount('orders')).toBe(1)
    bench.runFor(5 * second)
    expect(bench.cluster.partitionCount('orders')).toBe(4)
    expect(bench.produce(3)).toMatchObject({ error: 'NONE', baseOffset: 0 })
  })

  it('never gives two producers the same id', () => {
    const bench = started()
    const ids = [1, 2, 3, 1, 2, 3].map((broker) => bench.ask(broker, { type: 'init-producer-id' })?.producerId)
    expect(new Set(ids).size).toBe(6)
  })

  it('closes the connection on an error that acks=0 cannot be told', () => {
    const bench = started()
    const [, follower = 0] = bench.isr(0)
    const before = bench.now
    expect(bench.ask(follower, bench.produceRequest(0, { acks: 'none' }))).toBeUndefined()
    expect(bench.now - before).toBeLessThan(second)
  })

  it('gives every copy exactly one fate', () => {
    const bench = started()
    bench.produce(0, { count: 4 })
    bench.cluster.takeInventory()
    expect(bench.facts('copy-stored')).toHaveLength(4)
    expect(bench.facts('copy-remained').map(({ copy }) => copy)).toEqual([0, 1, 2, 3])
  })

  it('finds the leader of a partition, its followers and its coordinator as targets of faults', () => {
    const bench = started()
    const names = (target: string) =>
      bench.world.targets.resolve(target, bench.world.random.fork('test')).map(({ name }) => name)
    const leader = `events-${bench.leader(0)}`
    expect(names('leader(events/orders/0)')).toEqual([leader])
    expect(names('follower(events/orders/0)')).toHaveLength(2)
    expect(names('follower(events/orders/0, 2)')).toEqual(names('follower(events/orders/0)').slice(1))
    expect(names('isr(events/orders/0)')).toHaveLength(3)
    expect(names('storage-of(events/orders)')).toEqual(['events-1', 'events-2', 'events-3'])
    expect(names('controller()')).toEqual(['events-controller-1'])
  })
})

describe('a metadata log that lost what was committed', () => {
  it('stops the brokers that have more than it, and serves again when they have started anew', () => {
    const bench = started()
    bench.produce(0, { count: 3 })
    const controller = bench.world.node('events-controller-1')
    controller.disk.corruptTails('')
    const restart = controller.losePower(false)
    bench.runFor(second)
    const stopped = bench.world.engine.dispatched
    restart()
    bench.runFor(60 * second)
    expect(bench.world.engine.dispatched - stopped).toBeLessThan(5_000)
    const crashed = bench.facts('node-crashed').map(({ node }) => bench.text(node))
    expect(crashed.sort()).toEqual(['events-1', 'events-2', 'events-3'])
    expect([...bench.isr(0)].sort()).toEqual([1, 2, 3])
    expect(bench.produce(0)).toMatchObject({ error: 'NONE' })
  })
})

describe('a controller whose disk refuses', () => {
  it('halts, and comes back with all that it had promised', () => {
    for (const fault of ['fillUp', 'breakDown'] as const) {
      const growth = [{ topic: 'orders', at: 12 * second, partitions: 4 }]
      const bench = new ServerBench({ ...inSync, growth }).runUntil(millisecond)
      const controller = bench.world.node('events-controller-1')
      const heal = controller.disk[fault]()
      bench.runUntil(4 * second)
      heal()
      bench.runUntil(40 * second)
      expect(bench.facts('node-crashed').map(({ node }) => bench.text(node))).toContain('events-controller-1')
      const metadata = bench.ask(1, { type: 'metadata', topics: ['orders'], allowAutoCreate: false })
      expect(metadata).toMatchObject({ topics: [{ partitions: [0, 1, 2, 3].map((partition) => ({ partition })) }] })
    }
  })
})

describe('a quorum of three controllers', () => {
  const quorum = { ...inSync, controllers: 3 }

  it('elects another active controller when one dies, which goes on where that one was', () => {
    const bench = started(quorum).runUntil(6 * second)
    bench.produce(0)
    const [first] = bench.world.targets.resolve('controller()', bench.world.random.fork('test'))
    const restart = first?.crash()
    bench.runFor(8 * second)
    const [next] = bench.world.targets.resolve('controller()', bench.world.random.fork('test'))
    expect(next?.name).not.toBe(first?.name)
    expect([...bench.isr(0)].sort()).toEqual([1, 2, 3])
    bench.node(bench.leader(0)).stop(30 * second)
    bench.runFor(3 * second)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE', baseOffset: 1 })
    restart?.()
    bench.runFor(5 * second)
    expect([1, 2, 3].filter((id) => bench.cluster.controller(id)?.isActive)).toHaveLength(1)
  })

  it('decides nothing without a majority, while data go on flowing', () => {
    const bench = started(quorum).runUntil(6 * second)
    const controllers = ['events-controller-1', 'events-controller-2', 'events-controller-3']
    const active = bench.cluster.view.controller ?? ''
    const heal = bench.cut(
      [active],
      controllers.filter((name) => name !== active),
    )
    bench.node(bench.isr(0)[1] ?? 0).crash()
    const others = controllers.filter((name) => name !== active)
    for (const name of others) bench.world.node(name).crash()
    bench.runFor(20 * second)
    expect(bench.isr(0)).toHaveLength(3)
    expect(bench.produce(0, { acks: 'leader' })).toMatchObject({ error: 'NONE' })
    heal()
  })
})
