import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Handle, WorkerOptions, Written } from '../../bench.ts'
import { acknowledge, Bench, keep, Sender, Worker } from '../../bench.ts'

const begin = 8 * second
const earliest = { 'auto.offset.reset': 'earliest' }
const manual = { ...earliest, 'enable.auto.commit': false }

const shopOf = (messages = 50, every = 10_000): Sender =>
  new Sender(kafka, { to: 'orders', messages, every, after: begin })

function worker(options: Written, more: Partial<WorkerOptions> = {}): Worker {
  return new Worker(kafka, { from: 'orders', options, ...more })
}

function bench(clients: readonly (Sender | Worker)[], seconds = 60, partitions = 2): Bench {
  const orders = { partitions, 'replication.factor': 3, 'min.insync.replicas': 2 }
  return new Bench({ kind: kafka, options: { topics: { orders } }, until: begin + seconds * second, clients })
}

const commits = (run: Bench): number => run.facts('offset-committed').length

describe('The consumer', () => {
  it('commits by itself what earlier polls returned, every five seconds, and nothing while there is nothing new', () => {
    const [shop, billing] = [shopOf(), worker(earliest)]
    const run = bench([shop, billing], 120, 1).run()
    expect(new Set(billing.messages())).toEqual(new Set(shop.sent))
    expect(commits(run)).toBeGreaterThan(0)
    expect(commits(run)).toBeLessThan(5)
  })

  it('commits each acknowledgement where the application commits', () => {
    const run = bench([shopOf(20), worker(manual)]).run()
    expect(commits(run)).toBe(20)
  })

  it('shares the partitions of a topic with the other members of its group', () => {
    const shop = shopOf(100)
    const workers = ['one', 'two'].map((nodeName) => worker(manual, { nodeName }))
    bench([shop, ...workers]).run()
    const [one, two] = workers.map(({ received }) => received.map(({ message }) => message))
    expect(one?.length).toBeGreaterThan(0)
    expect(two?.length).toBeGreaterThan(0)
    expect([...(one ?? []), ...(two ?? [])].sort()).toEqual([...shop.sent].sort())
  })

  it('is missed for its session before another goes on from what it had committed', () => {
    const shop = shopOf(400, 50_000)
    const workers = ['one', 'two'].map((nodeName) => worker(manual, { nodeName }))
    const run = bench([shop, ...workers], 120)
    const death = begin + 5 * second
    run.at(death, () => run.node('one').crash())
    run.run()
    const removed = run.facts('member-removed')[0]
    expect(Number(removed?.['time'])).toBeGreaterThan(death + 42 * second)
    expect(Number(removed?.['time'])).toBeLessThan(death + 46 * second)
    const all = new Set(workers.flatMap((each) => each.messages()))
    expect(all).toEqual(new Set(shop.sent))
  })

  it('is refused what it commits after it has been too slow to poll', () => {
    const handle: Handle = (context) => {
      if (context.received.message !== 'order-3') acknowledge(context)
      else context.process.setTimer(10 * second, () => acknowledge(context))
    }
    const slow = worker({ ...manual, 'max.poll.interval.ms': 5 * second }, { handle })
    const run = bench([shopOf(10), slow], 60, 1).run()
    expect(slow.settled).toContain('refused')
    expect(slow.messages().filter((message) => message === 'order-3').length).toBeGreaterThan(1)
    expect(run.facts('member-removed').map(({ reason }) => run.text(reason))).toContain('left')
  })

  it('reads again what it handed out and nobody committed, after a crash', () => {
    const handle: Handle = (context) => (context.received.incarnation === 1 ? keep : acknowledge)(context)
    const billing = worker({ ...manual, 'session.timeout.ms': 6 * second }, { handle })
    const shop = shopOf(5)
    bench([shop, billing])
      .crash('billing', begin + second)
      .run()
    const again = billing.received.filter(({ incarnation }) => incarnation === 2)
    expect(again.map(({ message }) => message).sort()).toEqual([...shop.sent].sort())
  })

  it('begins at the end of the log unless it is told otherwise', () => {
    const shop = shopOf(5)
    const late = worker({}, { after: begin + 10 * second })
    bench([shop, late]).run()
    expect(late.messages()).toEqual([])
  })

  it('leaves its group when it is closed, so that the other member need not wait', () => {
    const closing = worker(manual, { nodeName: 'one', closeAt: begin + second })
    const staying = worker(manual, { nodeName: 'two' })
    const shop = new Sender(kafka, { to: 'orders', messages: 50, every: 10_000, after: begin + 10 * second })
    bench([shop, closing, staying]).run()
    expect(closing.closed).toBe(1)
    expect(new Set(staying.messages())).toEqual(new Set(shop.sent))
    expect(Math.max(...staying.received.map(({ time }) => time))).toBeLessThan(begin + 13 * second)
  })
})
