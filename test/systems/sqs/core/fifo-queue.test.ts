import { describe, expect, it } from 'vitest'
import { minute, second } from '../../../../src/simulation/duration.ts'
import { fifo } from './queue-bench.ts'

describe('a message group', () => {
  it('is received in order, several at a time, and by nobody else meanwhile', () => {
    const queue = fifo()
    for (const name of [1, 2, 3]) queue.send(name)
    expect(queue.names(2)).toEqual([1, 2])
    expect(queue.names()).toEqual([])
  })

  it('is free when what was received is deleted, and no sooner', () => {
    const queue = fifo()
    for (const name of [1, 2, 3]) queue.send(name)
    const [one, two] = queue.receive(2)
    queue.delete(two?.receipt)
    expect(queue.names()).toEqual([])
    queue.delete(one?.receipt)
    expect(queue.names()).toEqual([3])
  })

  it('begins again with the first message when the timeout of all is over', () => {
    const queue = fifo()
    for (const name of [1, 2]) queue.send(name)
    const [one] = queue.receive(2)
    queue.hide(one?.receipt, minute)
    queue.wait(30 * second)
    expect(queue.names()).toEqual([])
    queue.wait(30 * second)
    expect(queue.names()).toEqual([1, 2])
  })

  it('does not wait for others', () => {
    const queue = fifo()
    queue.send(1, { group: 'a' })
    queue.send(2, { group: 'a' })
    queue.send(3, { group: 'b' })
    expect(queue.names(1)).toEqual([1])
    expect(queue.names()).toEqual([3])
  })

  it('is not seen behind too many messages of another one', () => {
    const queue = fifo({ scanWindow: 3 })
    for (const name of [1, 2, 3]) queue.send(name, { group: 'a' })
    queue.send(4, { group: 'b' })
    const [first] = queue.receive()
    const { messages, overlooked } = queue.look()
    expect(messages).toEqual([])
    expect(overlooked).toMatchObject({ count: 1, first: { message: 4 } })
    queue.delete(first?.receipt)
    expect(queue.names()).toEqual([2, 3, 4])
  })
})

describe('a deduplication id', () => {
  it('is taken for the same message for five minutes from the first send, even when that is deleted', () => {
    const queue = fifo()
    queue.send(1, { deduplicationId: 'x' })
    const [got] = queue.receive()
    queue.delete(got?.receipt)
    queue.wait(5 * minute - 1)
    expect(queue.send(2, { deduplicationId: 'x' })).toMatchObject({ events: [{ kind: 'deduplicated' }] })
    expect(queue.names()).toEqual([])
    queue.wait(1)
    queue.send(3, { deduplicationId: 'x' })
    expect(queue.names()).toEqual([3])
  })

  it('counts for the queue, or for its group', () => {
    const [whole, grouped] = [fifo(), fifo({ deduplicationScope: 'messageGroup' })]
    for (const queue of [whole, grouped]) for (const group of ['a', 'b']) queue.send(1, { group, deduplicationId: 'x' })
    expect([whole.core.size, grouped.core.size]).toEqual([1, 2])
  })
})

describe('a receipt handle', () => {
  it('is refused when its time is over, whether or not the message was received again', () => {
    const queue = fifo()
    queue.send(1)
    const [got] = queue.receive()
    queue.wait(30 * second)
    expect(queue.delete(got?.receipt).refusal?.code).toBe('InvalidParameterValue')
    expect(queue.names()).toEqual([1])
    expect(queue.delete(got?.receipt).refusal?.code).toBe('InvalidParameterValue')
  })

  it('is of no use if the timeout is zero', () => {
    const queue = fifo({ visibilityTimeout: 0 })
    queue.send(1)
    const [got] = queue.receive()
    expect(queue.delete(got?.receipt).refusal?.code).toBe('InvalidParameterValue')
  })
})

describe('an attempt to receive that is repeated', () => {
  it('gets the same messages under the same handles, hidden anew', () => {
    const queue = fifo()
    for (const name of [1, 2, 3]) queue.send(name)
    const first = queue.receive(2, { attemptId: 'x' })
    queue.wait(20 * second)
    expect(queue.receive(2, { attemptId: 'x' })).toEqual(first)
    queue.wait(20 * second)
    expect(queue.names()).toEqual([])
    expect(queue.delete(first[0]?.receipt)).not.toHaveProperty('refusal')
  })

  it('is another one when something was done with them, their time is over, or five minutes are', () => {
    const deleted = fifo()
    for (const name of [1, 2]) deleted.send(name)
    const [one] = deleted.receive(1, { attemptId: 'x' })
    deleted.delete(one?.receipt)
    expect(deleted.names(1, { attemptId: 'x' })).toEqual([2])

    const late = fifo()
    late.send(1)
    late.receive(1, { attemptId: 'x' })
    late.wait(30 * second)
    expect(late.receive(1, { attemptId: 'x' })).toMatchObject([{ receives: 2 }])
  })
})

describe('a FIFO queue', () => {
  it('applies a new delay to what is there', () => {
    const queue = fifo({ delay: 10 * minute })
    queue.send(1)
    queue.core.setDelay(minute, queue.now)
    queue.wait(minute)
    expect(queue.names()).toEqual([1])
    queue.core.setDelay(5 * minute, queue.now)
    queue.send(2, { group: 'other' })
    expect(queue.core.nextDue).toBeLessThanOrEqual(queue.now + 5 * minute)
  })

  it('gives up a message when it is requested once more than it may be received, and goes on with the next', () => {
    const queue = fifo({ maxReceiveCount: 1 })
    for (const name of [1, 2]) queue.send(name)
    queue.receive()
    queue.wait(30 * second)
    const { messages, exhausted } = queue.look()
    expect(exhausted.map(({ envelope }) => envelope.message)).toEqual([1])
    expect(messages.map(({ message }) => message.envelope.message)).toEqual([2])
  })

  it('answers while most of its servers can be reached, and not otherwise', () => {
    const queue = fifo()
    queue.send(1)
    queue.reach([0, 1, 2])
    expect(queue.look().refusal?.code).toBe('ServiceUnavailable')
    queue.reach([0, 1, 2, 3])
    expect(queue.names()).toEqual([1])
  })

  it('finds nothing, and says nothing, when too many messages are in flight', () => {
    const queue = fifo({ inFlightLimit: 1 })
    for (const name of [1, 2]) queue.send(name, { group: `${name}` })
    expect(queue.names()).toEqual([1])
    expect(queue.look(1, { long: false })).toMatchObject({ messages: [], overlooked: { count: 1 } })
  })
})
