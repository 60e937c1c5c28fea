import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Handle, WorkerOptions, Written } from '../../bench.ts'
import { acknowledge, Bench, keep, Sender, settingsFrom, Worker } from '../../bench.ts'

const begin = 8 * second
const orders = { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 }

const shopOf = (messages = 50, options: Written = {}, every = 10_000): Sender =>
  new Sender(kafka, { to: 'orders', messages, every, after: begin, options: { client: 'kafkajs', ...options } })

function worker(options: Written = {}, more: Partial<WorkerOptions> = {}): Worker {
  return new Worker(kafka, {
    from: 'orders',
    options: { client: 'kafkajs', fromBeginning: true, ...options },
    ...more,
  })
}

function bench(clients: readonly (Sender | Worker)[], seconds = 60, topic: Written = orders): Bench {
  return new Bench({ kind: kafka, options: { topics: { orders: topic } }, until: begin + seconds * second, clients })
}

/** A handler that takes its time over one message. */
function slowAt(message: string, time: number): Handle {
  return (context) => {
    if (context.received.message !== message || context.received.attempt > 1) acknowledge(context)
    else context.process.setTimer(time, () => acknowledge(context))
  }
}

const leader = 'leader(events/orders/0)'
const leaderOf = (run: Bench): string => run.world.targets.every(leader)[0]?.name ?? ''

const appended = (run: Bench): readonly string[] => run.facts('appended').map(({ message }) => run.text(message))

const removals = (run: Bench): readonly string[] => run.facts('member-removed').map(({ reason }) => run.text(reason))

describe('The producer of kafkajs', () => {
  it('sends each message as a request of its own', () => {
    const shop = shopOf(20, {}, 100)
    const run = bench([shop]).run()
    expect(new Set(shop.confirmed())).toEqual(new Set(shop.sent))
    expect(run.facts('appended').length).toBe(20)
  })

  /** Nothing is acknowledged for three seconds, and a request is given up after one. */
  function withSilentFollowers(messages: number, idempotent: boolean): { readonly shop: Sender; readonly run: Bench } {
    const shop = shopOf(messages, { idempotent, requestTimeout: second })
    const run = bench([shop])
    run.at(begin - second, () => {
      const followers = run.world.targets.every('follower(events/orders/0)')
      const undo = followers.map(({ name }) => run.node(name).pause())
      run.at(4 * second, () => undo.forEach((resume) => resume()))
    })
    run.run()
    return { shop, run }
  }

  it('writes a message again that was not answered in time, unless it is idempotent', () => {
    expect(appended(withSilentFollowers(1, false).run).length).toBeGreaterThan(1)
    expect(appended(withSilentFollowers(1, true).run)).toEqual(['order-0'])
  })

  it('gives the next message the sequence of one in doubt, so that an idempotent one may lose what it calls stored', () => {
    const { shop, run } = withSilentFollowers(2, true)
    expect(new Set(shop.confirmed())).toEqual(new Set(['order-0', 'order-1']))
    expect(appended(run)).not.toContain('order-1')
  })

  it('gives up after five retries, which take about nine seconds', () => {
    const shop = shopOf(1)
    const run = bench([shop])
    run.at(begin - second, () => {
      for (const node of run.world.nodes) if (node.name.startsWith('events')) node.crash()
    })
    run.run()
    const [answer] = shop.answers
    expect(answer).toMatchObject({ outcome: 'rejected' })
    expect(answer?.reason).toMatch(/KafkaJSNumberOfRetriesExceeded/)
    expect(answer?.time).toBeGreaterThan(begin + 5 * second)
    expect(answer?.time).toBeLessThan(begin + 20 * second)
  })

  it('assumes success with acks=0', () => {
    const shop = shopOf(10, { acks: '0' })
    bench([shop]).run()
    expect(new Set(shop.outcomes())).toEqual(new Set(['assumed']))
  })
})

describe('The consumer of kafkajs', () => {
  it('hands out one message at a time and commits after each batch', () => {
    const [shop, billing] = [shopOf(60), worker()]
    const run = bench([shop, billing]).run()
    expect(billing.messages()).toEqual(shop.sent)
    const commits = run.facts('offset-committed').length
    expect(commits).toBeGreaterThan(1)
    expect(commits).toBeLessThanOrEqual(60)
  })

  it('commits within a batch as often as the threshold says', () => {
    const commits = [undefined, 5].map((autoCommitThreshold) => {
      // All there before the consumer begins: one batch.
      const options = autoCommitThreshold === undefined ? {} : { autoCommitThreshold }
      const billing = worker(options, { after: begin + 10 * second })
      return bench([shopOf(50), billing])
        .run()
        .facts('offset-committed').length
    })
    expect(commits).toEqual([1, 10])
  })

  it('is thrown out of its group while a handler runs for longer than the session', () => {
    const everywhere = { ...orders, partitions: 12 }
    const billing = worker({}, { handle: slowAt('order-3', 40 * second) })
    const run = bench([shopOf(30), billing], 120, everywhere).run()
    expect(removals(run)).toContain('time-out')
    expect(billing.messages().filter((message) => message === 'order-3').length).toBeGreaterThan(1)
  })

  it('stays in its group meanwhile if a broker leads none of its partitions', () => {
    const billing = worker({}, { handle: slowAt('order-3', 40 * second) })
    const run = bench([shopOf(30), billing], 120).run()
    expect(removals(run)).toEqual([])
    expect(billing.messages()).toHaveLength(30)
  })

  it('loses nothing and shares the partitions when another member comes and goes', () => {
    const wide = { ...orders, partitions: 4 }
    const shop = shopOf(400, {}, 50_000)
    const staying = worker({}, { nodeName: 'one' })
    const leaving = worker({}, { nodeName: 'two', after: begin + 3 * second, closeAt: begin + 12 * second })
    const run = bench([shop, staying, leaving], 120, wide).run()
    expect(leaving.closed).toBe(1)
    expect(leaving.received.length).toBeGreaterThan(0)
    expect(new Set([...staying.messages(), ...leaving.messages()])).toEqual(new Set(shop.sent))
    expect(removals(run)).toContain('left')
  })

  it('commits what handlers have returned from, although the work goes on', () => {
    // `keep` goes on at once and never says what became of the message.
    const billing = worker({ autoCommitThreshold: 1 }, { handle: keep })
    const run = bench([shopOf(20), billing])
      .crash('billing', begin + 30 * second)
      .run()
    expect(run.facts('offset-committed').length).toBeGreaterThan(0)
    expect(billing.messages()).toHaveLength(20)
  })

  it('handles messages of several partitions at a time, each partition in order', () => {
    const wide = { ...orders, partitions: 4 }
    let running = 0
    let most = 0
    const handle: Handle = ({ delivery, consumer, process, next }) => {
      running += 1
      most = Math.max(most, running)
      process.setTimer(100_000, () => {
        running -= 1
        consumer.acknowledge([delivery], () => {})
      })
      next()
    }
    const billing = worker({ partitionsConsumedConcurrently: 3 }, { handle })
    bench([shopOf(40), billing], 60, wide).run()
    expect(billing.messages()).toHaveLength(40)
    expect(most).toBe(3)
  })

  it('tries a message again whose handler fails, and starts anew after five retries', () => {
    const handle: Handle = (context) => {
      const { received, consumer, delivery, settled } = context
      if (received.message === 'order-3' && received.attempt < 8) consumer.reject(delivery, 'again', settled)
      else acknowledge(context)
    }
    const billing = worker({}, { handle })
    const run = bench([shopOf(10), billing], 120).run()
    expect(billing.messages().filter((message) => message === 'order-3')).toHaveLength(8)
    expect(removals(run)).toEqual(['left'])
    expect(new Set(billing.messages()).size).toBe(10)
  })

  it('goes on when the leader of its partition dies', () => {
    const shop = shopOf(100, {}, 100_000)
    const billing = worker()
    const run = bench([shop, billing], 120)
    run.at(begin + 3 * second, () => run.node(leaderOf(run)).crash())
    run.run()
    expect(new Set(billing.messages())).toEqual(new Set(appended(run)))
  })
})

describe('Options of kafkajs', () => {
  const problems = (consumer: Written): readonly string[] => {
    const { use } = new Worker(kafka, { from: 'orders', options: consumer })
    return kafka
      .problems(settingsFrom(kafka.options, { topics: { orders: {} } }), [use], '4.1')
      .map(({ message }) => message)
  }

  it('are refused by the other client, and the other way round', () => {
    expect(problems({ client: 'kafkajs', 'max.poll.records': 5 })).toEqual([
      'max.poll.records is an option of the java client, and this one is kafkajs',
    ])
    expect(problems({ fromBeginning: true })).toEqual([
      'fromBeginning is an option of the kafkajs client, and this one is java',
    ])
  })

  it('are refused where kafkajs refuses them', () => {
    expect(problems({ client: 'kafkajs', heartbeatInterval: 30 * second })).toEqual([
      'heartbeatInterval must be lower than sessionTimeout, 30000',
    ])
  })
})
