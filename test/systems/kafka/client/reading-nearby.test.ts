import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Written } from '../../bench.ts'
import { Bench, Sender, Worker } from '../../bench.ts'

const begin = 8 * second
const rackAware = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

function bench(
  clients: readonly (Sender | Worker)[],
  selector: Written = { 'replica.selector.class': rackAware },
): Bench {
  const orders = { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 }
  const options = { topics: { orders }, zones: ['a', 'b', 'c'], ...selector }
  return new Bench({ kind: kafka, options, until: begin + 60 * second, clients })
}

const shopOf = (): Sender => new Sender(kafka, { to: 'orders', messages: 100, every: 50_000, after: begin })

const worker = (options: Written): Worker =>
  new Worker(kafka, {
    from: 'orders',
    options: 'client' in options ? options : { 'auto.offset.reset': 'earliest', ...options },
  })

/** By zone of the leader, one that it is not in. */
const elsewhere: Readonly<Record<string, string>> = { a: 'b', b: 'c', c: 'a' }

/** Who leads, in a run of the same seed. */
function zoneOfLeader(): string {
  const run = bench([]).run()
  return run.world.targets.every('leader(events/orders/0)')[0]?.zone ?? ''
}

describe('A consumer that names its rack', () => {
  const rack = elsewhere[zoneOfLeader()] ?? ''

  /** How long after its sending a record is delivered, on average. */
  function meanDelay(options: Written, selector?: Written): number {
    const [shop, billing] = [shopOf(), worker(options)]
    bench([shop, billing], selector).run()
    expect(billing.messages()).toEqual(shop.sent)
    const delays = billing.received.map(({ time }, index) => time - (begin + index * 50_000))
    return delays.reduce((sum, each) => sum + each, 0) / delays.length
  }

  it('is given records when the follower there knows that they are committed, later than by the leader', () => {
    expect(meanDelay({ 'client.rack': rack })).toBeGreaterThan(1.2 * meanDelay({}))
  })

  it('does so with kafkajs too', () => {
    const js = { client: 'kafkajs', fromBeginning: true }
    expect(meanDelay({ ...js, rackId: rack })).toBeGreaterThan(1.2 * meanDelay(js))
  })

  it('reads from the leader unless the brokers have a rack-aware selector', () => {
    expect(meanDelay({ 'client.rack': rack }, {})).toBeLessThan(1.1 * meanDelay({}, {}))
  })

  it('turns to the leader when the replica nearby is gone', () => {
    const [shop, billing] = [shopOf(), worker({ 'client.rack': rack })]
    const run = bench([shop, billing])
    const nearby = run.world.nodes.find(({ name, zone }) => zone === rack && /^events-\d/.test(name))?.name ?? ''
    run.at(begin + 2 * second, () => run.node(nearby).crash())
    run.run()
    expect(nearby).not.toBe('')
    expect(billing.messages()).toEqual(shop.sent)
  })
})
