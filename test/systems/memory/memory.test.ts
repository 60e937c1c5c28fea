import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../src/simulation/duration.ts'
import { memory } from '../../../src/systems/memory/memory.ts'
import type { BenchOptions, SenderOptions, WorkerOptions, Written } from '../bench.ts'
import { acknowledge, Bench, discard, keep, rejectAgain, Sender, settingsFrom, Worker } from '../bench.ts'

const orders = { queues: { orders: {} } }
const sender = (options: Partial<SenderOptions> = {}): Sender =>
  new Sender(memory, { to: 'orders', messages: 1, ...options })
const worker = (options: Partial<WorkerOptions> = {}): Worker => new Worker(memory, { from: 'orders', ...options })
const bench = (clients: BenchOptions['clients'], options: Partial<BenchOptions> = {}): Bench =>
  new Bench({ kind: memory, options: orders, until: second, ...options, clients })

describe('A queue of the tutorial broker', () => {
  it('hands every confirmed message to one consumer, in the order of sending', () => {
    const [shop, billing] = [sender({ messages: 20 }), worker()]
    const run = bench([shop, billing]).run()
    expect(shop.confirmed()).toHaveLength(20)
    expect(billing.messages()).toEqual(shop.sent)
    expect(run.fatesAt('orders')).toEqual(shop.sent.map((message) => [message, 'acknowledged']))
    expect(run.ending).toEqual({ ending: 'settled', waitingFor: '' })
  })

  it('shares its messages among competing consumers', () => {
    const [shop, one, other] = [sender({ messages: 20 }), worker({ nodeName: 'one' }), worker({ nodeName: 'other' })]
    bench([shop, one, other]).run()
    expect([...one.messages(), ...other.messages()].sort()).toEqual([...shop.sent].sort())
    expect(one.messages()).toHaveLength(10)
  })

  it('puts a rejected message behind the others', () => {
    const billing = worker({
      handle: (context) => (context.received.attempt === 1 ? rejectAgain : acknowledge)(context),
      after: 100 * millisecond,
    })
    bench([sender({ messages: 3 }), billing]).run()
    expect(billing.messages()).toEqual(['order-0', 'order-1', 'order-2', 'order-0', 'order-1', 'order-2'])
    expect(billing.received.map(({ redelivered }) => redelivered)).toEqual([false, false, false, true, true, true])
  })

  it('puts a rejected message before the others where it is told to', () => {
    const billing = worker({
      handle: (context) => (context.received.attempt === 1 ? rejectAgain : acknowledge)(context),
      after: 100 * millisecond,
    })
    bench([sender({ messages: 2 }), billing], { options: { queues: { orders: { requeue: 'head' } } } }).run()
    expect(billing.messages()).toEqual(['order-0', 'order-0', 'order-1', 'order-1'])
  })

  it('moves a message whose attempts are used up to the dead-letter queue, where it is parked', () => {
    const billing = worker({ handle: rejectAgain })
    const run = bench([sender(), billing]).run()
    expect(billing.messages()).toHaveLength(3)
    expect(run.fatesAt('orders')).toEqual([['order-0', 'dead-lettered']])
    expect(run.remaining()).toEqual(['order-0 events/orders.dead ready'])
    expect(run.system.parkingPlaces).toEqual([{ place: 'orders.dead', of: ['orders'] }])
    expect(run.ending.ending).toBe('settled')
  })

  it('moves a discarded message to the dead-letter queue at once', () => {
    const run = bench([sender(), worker({ handle: discard })]).run()
    expect(run.fatesAt('orders')).toEqual([['order-0', 'dead-lettered']])
  })

  it('drops what it gives up where there is no dead-letter queue', () => {
    const options = { queues: { orders: { attempts: 2, 'dead-letter': null } } }
    const run = bench([sender(), worker({ handle: rejectAgain })], { options }).run()
    expect(run.fatesAt('orders')).toEqual([['order-0', 'dropped']])
    expect(run.remaining()).toEqual([])
  })

  it('never gives a message up where there is no cap', () => {
    const billing = worker({
      handle: (context) => (context.received.attempt < 50 ? rejectAgain : acknowledge)(context),
    })
    bench([sender(), billing], { options: { queues: { orders: { attempts: 0 } } } }).run()
    expect(billing.messages()).toHaveLength(50)
  })

  it('gets its dead letters back, with all attempts anew, when an operator redrives them', () => {
    const billing = worker({
      handle: (context) => (context.received.attempt <= 4 ? rejectAgain : acknowledge)(context),
    })
    const options = { queues: { orders: { 'redrive-after': 20 * second } } }
    const run = bench([sender({ messages: 2 }), billing], { options }).run()
    expect(billing.received.map(({ message, attempt }) => `${message} ${attempt}`)).toEqual([
      ...['order-0 1', 'order-0 2', 'order-0 3', 'order-1 1', 'order-1 2', 'order-1 3'],
      ...['order-0 4', 'order-1 4', 'order-0 5', 'order-1 5'],
    ])
    expect(run.fatesAt('orders.dead').map(([, fate]) => fate)).toEqual(['moved', 'moved'])
    expect(run.ending.ending).toBe('settled')
  })

  it('leaves what a dead consumer had taken in processing for ever, and the run says so', () => {
    const billing = worker({ handle: (context) => (context.received.incarnation === 1 ? keep : acknowledge)(context) })
    const run = bench([sender({ messages: 2 }), billing])
      .crash('billing', 500 * millisecond)
      .run()
    expect(billing.messages()).toEqual(['order-0', 'order-1'])
    expect(run.ending).toEqual({
      ending: 'stuck',
      waitingFor: '2 messages (order-0 first) in processing from orders, and nobody will put it back',
    })
    expect(run.remaining()).toEqual(['order-0 events/orders processing', 'order-1 events/orders processing'])
  })

  it('delivers again after the visibility timeout what a dead consumer had taken', () => {
    const billing = worker({ handle: (context) => (context.received.incarnation === 1 ? keep : acknowledge)(context) })
    const options = { queues: { orders: { 'visibility-timeout': 5 * second } } }
    const run = bench([sender(), billing], { options })
      .crash('billing', 500 * millisecond)
      .run()
    const [first, second_] = billing.received
    expect(second_?.redelivered).toBe(true)
    expect((second_?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(5 * second)
    expect(run.ending.ending).toBe('settled')
  })

  it('refuses an acknowledgement that comes after the visibility timeout', () => {
    const slow = worker({
      handle: (context) => {
        const { process, received } = context
        process.setTimer(received.attempt === 1 ? 6 * second : 0, () => acknowledge(context))
      },
    })
    const options = { queues: { orders: { 'visibility-timeout': 5 * second } } }
    const run = bench([sender(), slow], { options }).run()
    expect(slow.settled).toEqual(['refused', 'acknowledged'])
    expect(run.fatesAt('orders')).toEqual([['order-0', 'acknowledged']])
  })

  it('lets a consumer keep a delivery that it extends', () => {
    const slow = worker({
      handle: (context) => {
        context.process.setTimer(4 * second, () =>
          context.consumer.extend(context.delivery, 10 * second, () => {
            context.process.setTimer(8 * second, () => acknowledge(context))
          }),
        )
      },
    })
    const options = { queues: { orders: { 'visibility-timeout': 5 * second } } }
    bench([sender(), slow], { options }).run()
    expect(slow.settled).toEqual(['acknowledged'])
    expect(slow.received).toHaveLength(1)
  })

  it('rejects what does not fit, and what goes to a queue that is not there', () => {
    const shop = sender({ messages: 3 })
    bench([shop], { options: { queues: { orders: { capacity: 2 } } } }).run()
    expect(shop.answers.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'confirmed ',
      'confirmed ',
      'rejected the queue is full',
    ])
    const lost = sender({ to: 'order' })
    bench([lost]).run()
    expect(lost.answers[0]?.reason).toBe('there is no queue order')
  })

  it('loses all that it held when the broker crashes, and every copy has a fate', () => {
    const shop = sender({ messages: 10 })
    const run = bench([shop])
      .crash('events', 500 * millisecond)
      .run()
    expect(run.fatesAt('orders')).toEqual(shop.sent.map((message) => [message, 'lost']))
    const [crash] = run.facts('node-crashed')
    expect(run.facts('copy-ended').every(({ cause }) => cause === crash?.index)).toBe(true)
    expect(run.remaining()).toEqual([])
  })

  it('refuses the acknowledgement of a delivery from before the crash of the broker', () => {
    const billing = worker({
      handle: (context) => void context.process.setTimer(2 * second, () => acknowledge(context)),
    })
    const shop = sender({ messages: 2, every: 1500 * millisecond })
    bench([shop, billing], { until: 10 * second })
      .crash('events', second)
      .run()
    expect(billing.messages()).toEqual(['order-0', 'order-1'])
    expect(billing.settled).toEqual(['refused', 'acknowledged'])
  })
})

describe('A producer of the tutorial broker', () => {
  it('is told nothing but "assumed" without confirms', () => {
    const shop = sender({ messages: 3, options: { confirm: false } })
    const billing = worker()
    bench([shop, billing]).run()
    expect(shop.outcomes()).toEqual(['assumed', 'assumed', 'assumed'])
    expect(billing.messages()).toEqual(shop.sent)
  })

  it('does not know what became of a send when the broker died before its answer left', () => {
    const shop = sender({ after: 500 * millisecond })
    const run = bench([shop])
    run.world.listen('copy-stored', () => run.world.strikeInStep(0, () => run.node('events').crash()))
    run.run()
    expect(shop.answers).toMatchObject([{ outcome: 'unknown', reason: 'connection reset' }])
    expect(run.fatesAt('orders')).toEqual([['order-0', 'lost']])
  })

  it('does not know what became of a send when nothing is heard until the time-out', () => {
    const shop = sender({ after: 500 * millisecond })
    const run = bench([shop], { until: 20 * second })
    run.at(500 * millisecond, () => run.node('events').losePower(false)).run()
    expect(shop.answers).toMatchObject([{ outcome: 'unknown', reason: 'no answer', time: 5500 * millisecond }])
  })

  it('waits for the broker to come back, and gives up what never left', () => {
    const shop = sender({ messages: 1, after: second })
    bench([shop], { until: 20 * second })
      .crash('events', 500 * millisecond, 2 * second)
      .run()
    expect(shop.outcomes()).toEqual(['confirmed'])
    const unlucky = sender({ messages: 1, after: second })
    bench([unlucky], { until: 20 * second })
      .crash('events', 500 * millisecond, 9 * second)
      .run()
    expect(unlucky.answers[0]).toMatchObject({ outcome: 'rejected', reason: 'no connection', time: 6 * second })
  })
})

describe('A topic of the tutorial broker', () => {
  const news = { topics: { news: {} } }

  it('hands each subscriber a copy of its own, and nothing to late ones', () => {
    const shop = sender({ to: 'news', messages: 10, after: 100 * millisecond, every: 100 * millisecond })
    const early = worker({ from: 'news', nodeName: 'early' })
    const late = worker({ from: 'news', nodeName: 'late', after: 550 * millisecond })
    const run = bench([shop, early, late], { options: news, until: 2 * second }).run()
    expect(early.messages()).toEqual(shop.sent)
    expect(late.messages()).toEqual(shop.sent.slice(5))
    expect(run.fatesAt('news').every(([, fate]) => fate === 'delivered')).toBe(true)
    expect(run.fatesAt('news')).toHaveLength(15)
  })

  it('drops what is published when nobody listens, though it is confirmed', () => {
    const shop = sender({ to: 'news' })
    const run = bench([shop], { options: news }).run()
    expect(shop.outcomes()).toEqual(['confirmed'])
    expect(run.fatesAt('news')).toEqual([['order-0', 'dropped']])
  })

  it('never delivers again, and one subscriber that fails does not disturb another', () => {
    const shop = sender({ to: 'news', messages: 5, after: 100 * millisecond })
    const failing = worker({ from: 'news', nodeName: 'failing', handle: rejectAgain })
    const sound = worker({ from: 'news', nodeName: 'sound' })
    bench([shop, failing, sound], { options: news }).run()
    expect(failing.messages()).toEqual(shop.sent)
    expect(failing.settled).toEqual(Array.from({ length: 5 }, () => 'refused'))
    expect(sound.messages()).toEqual(shop.sent)
  })

  it('hands nothing to a subscriber while it is away', () => {
    const shop = sender({ to: 'news', messages: 10, after: 100 * millisecond, every: 100 * millisecond })
    const listener = worker({ from: 'news' })
    bench([shop, listener], { options: news, until: 2 * second })
      .crash('billing', 350 * millisecond, 300 * millisecond)
      .run()
    expect(listener.messages()).toEqual(shop.sent.filter((_, index) => index < 3 || index > 5))
  })

  it('buffers for a subscriber that is busy', () => {
    const shop = sender({ to: 'news', messages: 5, after: 100 * millisecond })
    const busy = worker({
      from: 'news',
      handle: (context) => void context.process.setTimer(100 * millisecond, () => acknowledge(context)),
    })
    bench([shop, busy], { options: news, until: 2 * second }).run()
    expect(busy.messages()).toEqual(shop.sent)
  })
})

describe('The tutorial broker', () => {
  it('plays the role of storage for its queues and topics', () => {
    const run = bench([sender()])
    const random = run.world.random.fork('test')
    expect(run.world.targets.resolve('storage-of(events/orders)', random)).toEqual([run.node('events')])
    expect(run.world.targets.resolve('storage-of(events/other)', random)).toEqual([])
  })

  it('takes its time for each request where it is told to', () => {
    const [shop, billing] = [sender({ messages: 10, every: 1 }), worker()]
    bench([shop, billing], { options: { ...orders, 'time-per-request': millisecond } }).run()
    const times = shop.answers.map(({ time }) => time)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(9 * millisecond)
  })
})

describe('The configuration of a tutorial broker', () => {
  const problems = (options: Written, ...clients: (Sender | Worker)[]): readonly string[] =>
    memory
      .problems(
        settingsFrom(memory.options, options),
        clients.map(({ use }) => use),
        '1',
      )
      .map(({ path, message, suggestion }) => `${path.join('.')}: ${message} (${suggestion})`)

  it('has no problem when every address is there, dead letters among them', () => {
    expect(problems(orders, sender(), worker(), worker({ from: 'orders.dead' }))).toEqual([])
  })

  it('names the addresses that there are when one is not', () => {
    expect(problems(orders, sender({ to: 'ordres' }))).toEqual([
      'address: there is no queue or topic ordres (one of orders, orders.dead, or declare it)',
    ])
  })

  it('refuses a queue that is its own dead-letter queue', () => {
    expect(problems({ queues: { orders: { 'dead-letter': 'orders' } } })[0]).toContain('queues.orders.dead-letter')
  })

  it('refuses the redrive of dead letters that are not kept', () => {
    const options = { queues: { orders: { 'dead-letter': null, 'redrive-after': second } } }
    expect(problems(options)[0]).toContain('queues.orders.redrive-after')
  })

  it('refuses a topic with the name of a queue', () => {
    expect(problems({ queues: { orders: {} }, topics: { orders: {} } })[0]).toContain('topics.orders')
  })

  it('lets a queue of dead letters keep what it has, unless it says otherwise', () => {
    const options = { queues: { orders: { attempts: 1 }, 'orders.dead': {} } }
    const undertaker = worker({
      from: 'orders.dead',
      nodeName: 'undertaker',
      handle: (context) => (context.received.attempt < 9 ? rejectAgain : acknowledge)(context),
    })
    const run = bench([sender(), worker({ handle: rejectAgain }), undertaker], { options }).run()
    expect(undertaker.messages()).toHaveLength(9)
    expect(run.fatesAt('orders.dead')).toEqual([['order-0', 'acknowledged']])
  })
})
