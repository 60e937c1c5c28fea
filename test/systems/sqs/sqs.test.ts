import { describe, expect, it } from 'vitest'
import { hour, millisecond, minute, second } from '../../../src/simulation/duration.ts'
import { sqs } from '../../../src/systems/sqs/sqs.ts'
import type { SenderOptions, WorkerOptions, Written } from '../bench.ts'
import { Bench, discard, keep, rejectAgain, Sender, Worker } from '../bench.ts'

const long = { ReceiveMessageWaitTimeSeconds: 20 * second }

interface Play {
  readonly queues: Written
  readonly rest?: Written
  readonly sends?: Partial<SenderOptions>
  readonly receives?: Partial<WorkerOptions>
  readonly until?: number
}

/** One sender, one worker on the first of the queues. */
function play({ queues, rest = {}, sends = {}, receives = {}, until = minute }: Play) {
  const [first = ''] = Object.keys(queues)
  const shop = new Sender(sqs, { to: first, messages: 5, every: second, ...sends })
  const billing = new Worker(sqs, { from: first, ...receives })
  const bench = new Bench({ kind: sqs, options: { queues, ...rest }, clients: [shop, billing], until })
  return { shop, billing, bench }
}

describe('a message', () => {
  it('that was received too often is in the dead-letter queue, with the time at which it was sent', () => {
    const dead = { MessageRetentionPeriod: 5 * minute }
    const orders = {
      ...long,
      VisibilityTimeout: minute,
      RedrivePolicy: { deadLetterTargetArn: 'dead', maxReceiveCount: 2 },
    }
    const receives = { handle: keep }
    const { bench } = play({ queues: { orders, dead }, sends: { messages: 1 }, receives, until: 10 * minute })
    bench.run()
    expect(bench.fatesAt('orders')).toEqual([['order-0', 'dead-lettered']])
    expect(bench.fatesAt('dead')).toEqual([['order-0', 'expired']])
    const [, expired] = bench.facts('copy-ended')
    expect(expired?.time).toBeLessThan(5 * minute + second)
    expect(bench.system.parkingPlaces).toEqual([{ place: 'dead', of: ['orders'] }])
  })

  it('of a FIFO queue has its whole time in the dead-letter queue', () => {
    const dead = { FifoQueue: true, MessageRetentionPeriod: 5 * minute }
    const policy = { deadLetterTargetArn: 'dead.fifo', maxReceiveCount: 1 }
    const orders = { ...long, FifoQueue: true, VisibilityTimeout: minute, RedrivePolicy: policy }
    const play1 = play({
      queues: { 'orders.fifo': orders, 'dead.fifo': dead },
      sends: { messages: 1 },
      receives: { handle: keep },
      until: 10 * minute,
    })
    play1.bench.run()
    const [, expired] = play1.bench.facts('copy-ended')
    expect(expired?.time).toBeGreaterThan(6 * minute)
  })

  it('is moved back by a redrive, as a new one', () => {
    const orders = {
      ...long,
      VisibilityTimeout: second,
      RedrivePolicy: { deadLetterTargetArn: 'dead', maxReceiveCount: 1 },
    }
    const dead = { 'redriven-at': minute, MaxNumberOfMessagesPerSecond: 1 }
    const { bench, billing } = play({
      queues: { orders, dead },
      sends: { messages: 2 },
      receives: { handle: (context) => (context.received.attempt === 1 ? keep : discard)(context) },
      until: 2 * minute,
    })
    bench.run()
    expect(billing.received.filter(({ attempt }) => attempt === 2).map(({ redelivered }) => redelivered)).toEqual([
      false,
      false,
    ])
    expect(bench.fatesAt('dead').map(([, fate]) => fate)).toEqual(['moved', 'moved'])
    const [one = 0, two = 0] = billing.received.filter(({ attempt }) => attempt === 2).map(({ time }) => time)
    expect(two - one).toBeGreaterThan(900 * millisecond)
  })

  it('that is rejected comes back when its time is over, or at once where the application says so', () => {
    const back = (terminateVisibilityTimeout: boolean): number => {
      const { bench, billing } = play({
        queues: { orders: long },
        sends: { messages: 1 },
        receives: {
          options: { terminateVisibilityTimeout },
          handle: (context) => (context.received.attempt === 1 ? rejectAgain : discard)(context),
        },
      })
      bench.run()
      return billing.received[1]?.time ?? 0
    }
    expect(back(true)).toBeLessThan(second)
    expect(back(false)).toBeGreaterThan(30 * second)
  })

  it('is too large for a queue that says so', () => {
    const { bench, shop } = play({ queues: { orders: { ...long, MaximumMessageSize: 50 } } })
    bench.run()
    expect(new Set(shop.answers.map(({ outcome, reason }) => `${outcome}: ${reason}`))).toEqual(
      new Set(['rejected: InvalidParameterValue']),
    )
  })
})

describe('an operator', () => {
  it('deletes a queue within a minute: sends succeed, and fail after that', () => {
    const { bench, shop } = play({
      queues: { orders: { 'deleted-at': 10 * second, DelaySeconds: 5 * minute } },
      sends: { messages: 90 },
      until: 2 * minute,
    })
    bench.run()
    const outcomes = shop.outcomes()
    expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'confirmed'))
    expect(outcomes.at(-1)).toBe('rejected')
    expect(bench.fatesAt('orders').every(([, fate]) => fate === 'dropped')).toBe(true)
    expect(bench.fatesAt('orders')).toHaveLength(shop.confirmed().length)
  })
})

describe('the SDK', () => {
  it('makes three attempts, and knows that a refused call did nothing', () => {
    const { bench, shop } = play({ queues: { orders: long }, rest: { 'internal-errors': 1 }, sends: { messages: 2 } })
    bench.run()
    expect(shop.outcomes()).toEqual(['rejected', 'rejected'])
    expect(bench.facts('call-retried')).toHaveLength(4)
  })

  it('does not know whether a call did something that was not answered', () => {
    const { bench, shop } = play({
      queues: { orders: long },
      sends: { messages: 1, after: 2 * second, options: { maxAttempts: 1, requestTimeout: second } },
    })
    bench.at(second, () => void bench.node('events-endpoint').pause()).run()
    expect(shop.outcomes()).toEqual(['unknown'])
  })

  it('opens no more connections than it may', () => {
    const { bench, shop } = play({
      queues: { orders: long },
      sends: { messages: 200, every: 0, options: { maxSockets: 3 } },
    })
    bench.run()
    expect(shop.confirmed()).toHaveLength(200)
    expect(
      bench.facts('connection-opened').filter(({ node }) => bench.text(node) === 'shop').length,
    ).toBeLessThanOrEqual(3)
  })

  it('ends each long poll whose answer takes longer than it waits, and gets messages all the same', () => {
    const { bench, billing } = play({
      queues: { orders: long },
      sends: { messages: 1, after: 30 * second },
      receives: { options: { requestTimeout: 5 * second } },
    })
    bench.run()
    expect(bench.facts('call-retried').length).toBeGreaterThan(1)
    expect(billing.messages()).toContain('order-0')
  })

  it('notices an endpoint that lost its power, though no call has a time-out of its own', () => {
    const { bench, billing } = play({
      queues: { orders: long },
      sends: { messages: 1, after: 30 * second },
      receives: { options: { requestTimeout: null } },
      until: hour,
    })
    const endpoint = bench.node('events-endpoint')
    bench.at(second, () => {
      const switchOn = endpoint.losePower(false)
      bench.at(second, switchOn)
    })
    bench.run()
    expect(billing.messages()).toEqual(['order-0'])
  })
})

it('heartbeats keep a message for as long as its consumer lives', () => {
  const { bench, billing } = play({
    queues: { orders: long },
    sends: { messages: 1 },
    receives: { options: { heartbeatInterval: 10 * second }, handle: keep },
    until: hour,
  })
  bench.at(hour - second, () => expect(billing.messages()).toEqual(['order-0'])).run()
})

it('a poll that rests is woken by what comes, a short one in its rhythm', () => {
  const delay = (options: Written): number => {
    const { bench, billing, shop } = play({
      queues: { orders: {} },
      rest: { 'short-poll-servers': 6 },
      sends: { messages: 1, after: hour },
      receives: { options },
      until: 2 * hour,
    })
    bench.run()
    expect(shop.confirmed()).toHaveLength(1)
    return (billing.received[0]?.time ?? 0) - hour
  }
  expect(delay({ WaitTimeSeconds: 20 * second })).toBeLessThan(50 * millisecond)
  expect(delay({ 'pause-when-empty': 7 * second })).toBeLessThanOrEqual(7 * second + 50 * millisecond)
})
