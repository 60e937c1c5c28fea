import { describe, expect, it } from 'vitest'
import { hour, minute, second } from '../../../../src/simulation/duration.ts'
import { standard } from './queue-bench.ts'

describe('a message of a standard queue', () => {
  it('is hidden by a receive until its timeout is over, and counts its receives', () => {
    const queue = standard()
    queue.send(1)
    expect(queue.receive()).toMatchObject([{ name: 1, receives: 1 }])
    queue.wait(30 * second - 1)
    expect(queue.names()).toEqual([])
    queue.wait(1)
    expect(queue.receive()).toMatchObject([{ name: 1, receives: 2 }])
  })

  it('comes once in an answer, also when it is not hidden', () => {
    const queue = standard({ visibilityTimeout: 0 })
    queue.send(1)
    queue.send(2)
    expect(queue.names(10).toSorted()).toEqual([1, 2])
    expect(queue.names(10).toSorted()).toEqual([1, 2])
  })

  it('is deleted after its timeout as well, if nobody has received it since', () => {
    const queue = standard()
    queue.send(1)
    const [got] = queue.receive()
    queue.wait(minute)
    expect(queue.delete(got?.receipt)).not.toHaveProperty('refusal')
    expect(queue.core.size).toBe(0)
  })

  it('is deleted while another consumer has it, or not: an old handle may do either, and the call succeeds', () => {
    const sizes = Array.from({ length: 40 }, (_, seed) => {
      const queue = standard({}, {}, `${seed}`)
      queue.send(1)
      const [old] = queue.receive()
      queue.wait(30 * second)
      queue.receive()
      expect(queue.delete(old?.receipt)).not.toHaveProperty('refusal')
      return queue.core.size
    })
    expect(new Set(sizes)).toEqual(new Set([0, 1]))
  })

  it('can be kept for longer from the call on, but for twelve hours from its receive', () => {
    const queue = standard()
    queue.send(1)
    const [got] = queue.receive()
    queue.wait(20 * second)
    queue.hide(got?.receipt, minute)
    queue.wait(minute - 1)
    expect(queue.names()).toEqual([])
    expect(queue.hide(got?.receipt, 12 * hour).refusal?.code).toBe('InvalidParameterValue')
    expect(queue.hide(got?.receipt, 12 * hour - 2 * minute)).not.toHaveProperty('refusal')
  })

  it('is released by a timeout of zero, and cannot be hidden when it is not in flight', () => {
    const queue = standard()
    queue.send(1)
    const [got] = queue.receive()
    queue.hide(got?.receipt, 0)
    expect(queue.hide(got?.receipt, minute).refusal?.code).toBe('MessageNotInflight')
    expect(queue.names()).toEqual([1])
  })

  it('is delayed by the queue, or by itself', () => {
    const queue = standard({ delay: minute })
    queue.send(1)
    queue.send(2, { delay: 0 })
    expect(queue.names()).toEqual([2])
    queue.wait(minute)
    expect(queue.names()).toContain(1)
  })

  it('keeps the delay that it was sent with', () => {
    const queue = standard({ delay: minute })
    queue.send(1)
    queue.core.setDelay(0, queue.now)
    queue.send(2)
    expect(queue.names()).toEqual([2])
  })

  it('expires by the time at which it was sent, in flight or not', () => {
    const queue = standard({ retention: hour })
    queue.send(1)
    queue.send(2, { sentAt: -30 * minute })
    queue.receive(2)
    queue.wait(30 * minute)
    expect(queue.core.size).toBe(1)
    queue.wait(30 * minute)
    expect(queue.core.size).toBe(0)
    expect(queue.events.filter(({ kind }) => kind === 'ended')).toMatchObject([
      { fate: 'expired' },
      { fate: 'expired' },
    ])
  })

  it('goes when it is requested once more than it may be received, and not before', () => {
    const queue = standard({ maxReceiveCount: 2 })
    queue.send(1)
    for (const receives of [1, 2]) {
      expect(queue.receive()).toMatchObject([{ receives }])
      queue.wait(30 * second)
    }
    expect(queue.core.size).toBe(1)
    const { messages, exhausted } = queue.look()
    expect([messages, exhausted.map(({ envelope }) => envelope.message)]).toEqual([[], [1]])
    expect(queue.core.size).toBe(0)
  })
})

describe('a server that cannot be reached', () => {
  const away = [1, 2, 3, 4, 5]
  const all = [0, ...away]
  const everywhere = { servers: 6, copies: 6 }

  it('still has what was received from the others, and hands it out when it is back', () => {
    const queue = standard({}, everywhere)
    queue.send(1)
    queue.reach(away)
    expect(queue.names()).toEqual([1])
    queue.reach(all)
    expect(queue.receive()).toMatchObject([{ name: 1, receives: 2 }])
  })

  it('hands out what was deleted, though the deletion succeeded', () => {
    const queue = standard({}, everywhere)
    queue.send(1)
    queue.reach(away)
    const [got] = queue.receive()
    expect(queue.delete(got?.receipt)).not.toHaveProperty('refusal')
    expect(queue.names()).toEqual([])
    queue.reach(all)
    expect(queue.names()).toEqual([1])
  })

  it('hears in the end of what it missed', () => {
    const queue = standard({}, { ...everywhere, repairWithin: second })
    queue.send(1)
    queue.reach(away)
    const [got] = queue.receive()
    queue.delete(got?.receipt)
    queue.reach(all)
    queue.wait(second)
    expect(queue.names()).toEqual([])
    expect(queue.core.size).toBe(0)
  })

  it('takes no message with it that more than half of the servers have', () => {
    const queue = standard({}, everywhere)
    queue.reach([0, 1, 2])
    expect(queue.send(1).refusal?.code).toBe('ServiceUnavailable')
    queue.reach([0, 1, 2, 3])
    expect(queue.send(2)).not.toHaveProperty('refusal')
  })
})

describe('a receive', () => {
  it('asks some servers if it is short, and may come up empty; all of them if it is long', () => {
    const found = Array.from({ length: 60 }, (_, seed) => {
      const queue = standard({}, {}, `${seed}`)
      queue.send(1)
      const short = queue.look(1, { long: false })
      expect(short.overlooked?.count ?? 0).toBe(1 - short.messages.length)
      expect(queue.names().length + short.messages.length).toBe(1)
      return short.messages.length
    })
    expect(new Set(found)).toEqual(new Set([0, 1]))
  })

  it('may return a later message first', () => {
    const orders = Array.from({ length: 40 }, (_, seed) => {
      const queue = standard({}, {}, `${seed}`)
      for (const name of [1, 2, 3]) queue.send(name)
      return queue.names().join()
    })
    expect(orders).toContain('1,2,3')
    expect(new Set(orders).size).toBeGreaterThan(2)
  })

  it('finds nothing when too many messages are in flight, and a short one says so', () => {
    const queue = standard({ inFlightLimit: 2 })
    for (const name of [1, 2, 3]) queue.send(name)
    expect(queue.names()).toHaveLength(2)
    expect(queue.look(1, { long: false }).refusal?.code).toBe('OverLimit')
    const long = queue.look()
    expect(long.refusal).toBeUndefined()
    expect(long.messages).toEqual([])
    queue.wait(30 * second)
    expect(queue.names(1)).toHaveLength(1)
  })
})
