import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventTarget } from '../../src/simulation/event-queue.ts'
import { EventQueue } from '../../src/simulation/event-queue.ts'

interface Agenda {
  push(time: number, sequence: number): void
  cancel(sequence: number): void
  readonly size: number
  /** The time and the sequence of the next event. */
  pop(): readonly [number, number] | undefined
}

/** The plainest agenda: a list, sorted each time that something is taken. */
class SortedList implements Agenda {
  #events: (readonly [number, number])[] = []

  push(time: number, sequence: number): void {
    this.#events.push([time, sequence])
  }

  cancel(sequence: number): void {
    this.#events = this.#events.filter((event) => event[1] !== sequence)
  }

  get size(): number {
    return this.#events.length
  }

  pop(): readonly [number, number] | undefined {
    this.#events.sort((a, b) => a[0] - b[0] || a[1] - b[1])
    return this.#events.shift()
  }
}

/** The queue, whose events carry their sequence as their code. */
class QueueAgenda implements Agenda {
  readonly #queue = new EventQueue()
  readonly #tickets: number[] = []

  push(time: number, sequence: number): void {
    this.#tickets[sequence] = this.#queue.push(time, target, sequence, undefined, 0)
  }

  cancel(sequence: number): void {
    const ticket = this.#tickets[sequence]
    if (ticket !== undefined) this.#queue.cancel(ticket)
  }

  get size(): number {
    return this.#queue.size
  }

  pop(): readonly [number, number] | undefined {
    const announced = this.#queue.peekTime()
    return this.#queue.pop() === undefined ? undefined : [announced ?? -1, this.#queue.code]
  }
}

const target: EventTarget = { number: 0, occur: () => {} }

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ push: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.constant('pop' as const) },
  { weight: 3, arbitrary: fc.record({ cancel: fc.nat(200) }) },
)

type Operation = { readonly push: number } | { readonly cancel: number } | 'pop'

/** What the agenda gave out, and how much was in it after each operation. */
function logOf(agenda: Agenda, operations: readonly Operation[]): readonly unknown[] {
  let [now, pushed] = [0, 0]
  return operations.map((each) => {
    let taken: readonly [number, number] | undefined
    if (each === 'pop') taken = agenda.pop()
    else if ('push' in each) agenda.push(now + each.push, pushed++)
    else agenda.cancel(each.cancel)
    now = taken?.[0] ?? now
    return [taken, agenda.size]
  })
}

describe('the event queue', () => {
  it('gives out events like a list that is sorted by time and sequence, whatever is cancelled in between', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400, size: 'max' }), (operations) => {
        expect(logOf(new QueueAgenda(), operations)).toEqual(logOf(new SortedList(), operations))
      }),
    )
  })

  it('forgets cancelled events when they outnumber the others, and keeps the order of these', () => {
    const queue = new EventQueue()
    const tickets = Array.from({ length: 10_000 }, (_, place) => queue.push(place % 97, target, place, undefined, 0))
    for (const [place, ticket] of tickets.entries()) if (place % 10 !== 0) queue.cancel(ticket)
    const left = Array.from({ length: queue.size }, () => (queue.pop(), [queue.time, queue.code] as const))
    const expected = tickets.map((_, place) => [place % 97, place] as const).filter(([, place]) => place % 10 === 0)
    expect(left).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
  })

  it('lets a ticket of an event that is over cancel nothing', () => {
    const queue = new EventQueue()
    const over = queue.push(1, target, 1, undefined, 0)
    queue.pop()
    queue.push(2, target, 2, undefined, 0)
    queue.cancel(over)
    expect(queue.size).toBe(1)
  })
})
