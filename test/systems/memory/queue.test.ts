import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Deque } from '../../../src/systems/memory/deque.ts'
import type { QueueRules } from '../../../src/systems/memory/queue.ts'
import { Copy, Queue } from '../../../src/systems/memory/queue.ts'
import { Topic } from '../../../src/systems/memory/topic.ts'

const copyOf = (number: number, deadLetterOf?: string): Copy =>
  new Copy(
    number,
    { message: number, operation: number, key: '', sequence: 0, version: 0, size: 0, type: '', headers: {}, body: 0 },
    deadLetterOf,
  )

describe('A deque', () => {
  type Ends = readonly [deque: unknown, plain: unknown]
  type Step = (deque: Deque<number>, plain: number[]) => Ends
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.nat().map((item) => (deque: Deque<number>, plain: number[]): Ends => {
      return [deque.pushLast(item), void plain.push(item)]
    }),
    fc.nat().map((item) => (deque: Deque<number>, plain: number[]): Ends => {
      return [deque.pushFirst(item), void plain.unshift(item)]
    }),
    fc.constant((deque: Deque<number>, plain: number[]): Ends => [deque.takeFirst(), plain.shift()]),
  )

  it('does what an array does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const deque = new Deque<number>()
        const plain: number[] = []
        for (const take of steps) {
          const [found, expected] = take(deque, plain)
          expect([found, deque.length, deque.first]).toEqual([expected, plain.length, plain[0]])
        }
        expect([...deque]).toEqual(plain)
      }),
    )
  })
})

describe('A queue', () => {
  const rules = fc.record({
    attempts: fc.nat({ max: 3 }),
    requeue: fc.constantFrom('tail' as const, 'head' as const),
    capacity: fc.constant(null),
  })

  it('never loses or doubles a copy', () => {
    const command = fc.constantFrom('add', 'add', 'take', 'take', 'acknowledge', 'give back')
    const commands = fc.array(fc.tuple(command, fc.nat({ max: 30 })), { maxLength: 150 })
    fc.assert(
      fc.property(rules, commands, (queueRules, given) => {
        const { queue, added, out } = obey(queueRules, given)
        const inside = [...queue.ready(), ...queue.processing()]
        expect([...inside, ...out].map(({ number }) => number).sort((a, b) => a - b)).toEqual(added)
      }),
    )
  })

  it('gives a copy up when its attempts are used up, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.constantFrom('tail', 'head'), (attempts, requeue) => {
        const queue = new Queue({ attempts, requeue, capacity: null })
        queue.add(copyOf(1))
        const became = Array.from({ length: attempts }, (_, receipt) => {
          queue.take(receipt)
          return queue.giveBack(receipt)?.became
        })
        expect(became).toEqual([...Array.from({ length: attempts - 1 }, () => 'ready'), 'given-up'])
      }),
    )
  })

  it('finds nothing under a receipt that was used', () => {
    const queue = new Queue({ attempts: 0, requeue: 'tail', capacity: null })
    queue.add(copyOf(1))
    queue.take(7)
    expect(queue.giveBack(7)?.became).toBe('ready')
    queue.take(8)
    expect([queue.holds(7), queue.remove(7), queue.giveBack(7)]).toEqual([false, undefined, undefined])
    expect(queue.remove(8)?.number).toBe(1)
  })

  it('is full with what waits and what is in processing', () => {
    const queue = new Queue({ attempts: 0, requeue: 'tail', capacity: 2 })
    queue.add(copyOf(1))
    queue.add(copyOf(2))
    queue.take(1)
    expect(queue.full).toBe(true)
    queue.remove(1)
    expect(queue.full).toBe(false)
  })

  it('gives back the dead letters of one queue and keeps the order of the others', () => {
    const queue = new Queue({ attempts: 0, requeue: 'tail', capacity: null })
    for (const [number, origin] of [
      [1, 'orders'],
      [2, 'bills'],
      [3, 'orders'],
      [4, undefined],
      [5, 'bills'],
    ] as const)
      queue.add(copyOf(number, origin))
    expect(queue.takeDeadLettersOf('orders').map(({ number }) => number)).toEqual([1, 3])
    expect([...queue.ready()].map(({ number }) => number)).toEqual([2, 4, 5])
  })
})

describe('A topic', () => {
  it('knows each subscriber once, in the order of subscribing, until it leaves', () => {
    const topic = new Topic<string>()
    for (const name of ['b', 'a', 'b', 'c']) topic.subscribe(name)
    topic.unsubscribe('a')
    expect(topic.subscribers).toEqual(['b', 'c'])
  })
})

/** Lets a queue do as it is told; returns what came out of it for good. */
function obey(rules: QueueRules, commands: readonly (readonly [string, number])[]) {
  const queue = new Queue(rules)
  const [added, out]: [number[], Copy[]] = [[], []]
  let receipts = 0
  for (const [command, receipt] of commands) {
    if (command === 'add') queue.add(copyOf(added.push(added.length) - 1))
    else if (command === 'take') queue.take(receipts++)
    else if (command === 'acknowledge') out.push(...[queue.remove(receipt) ?? []].flat())
    else {
      const back = queue.giveBack(receipt)
      if (back?.became === 'given-up') out.push(back.copy)
    }
  }
  return { queue, added, out }
}
