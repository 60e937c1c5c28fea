import type { AnyFact, Name } from '../../history/fact.ts'
import { answered, delivered, effectApplied, submitted } from '../../history/facts.ts'
import type { Run } from '../../run.ts'

/** What a history says over time and message by message, besides the metrics that every run has. Times in µs. */
export interface Courses {
  /** Most messages at any moment of each bucket that were sent and that no consumer had seen. */
  readonly unseen: readonly number[]
  /** The share of what was sent in each bucket that was confirmed, or taken for sent, within {@link promptness}; nothing where nothing was sent. */
  readonly available: readonly (number | undefined)[]
  /** How many messages were delivered so many times, by service. */
  readonly deliveries: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** From sending to the first effect (or, in a service without effects, delivery) of each message, in the order of growing. */
  readonly latencies: readonly number[]
}

/** A send that takes longer than this counts as one that was not answered, µs. */
export const promptness = 1_000_000

/** Reads a kept history once, in buckets of `width`. */
export function coursesOf({ history }: Pick<Run, 'history'>, width: number, buckets: number): Courses {
  const course = new Course(width, buckets)
  for (const fact of history) course.see(fact, (name) => history.names.text(name))
  return course.finish((name) => history.names.text(name))
}

class Course {
  readonly #width: number
  readonly #unseen: number[]
  readonly #sent: number[]
  readonly #prompt: number[]
  readonly #sentAt = new Map<Name, number>()
  readonly #seen = new Set<Name>()
  readonly #deliveries = new Map<Name, Map<Name, number>>()
  readonly #latencies = { effect: new Map<Name, number>(), delivery: new Map<Name, number>() }
  #waiting = 0
  #bucket = 0

  constructor(width: number, buckets: number) {
    this.#width = width
    const zeros = (): number[] => Array.from({ length: buckets }, () => 0)
    this.#unseen = zeros()
    this.#sent = zeros()
    this.#prompt = zeros()
  }

  see(fact: AnyFact, text: (name: Name) => string): void {
    const message = Number(fact['message'])
    switch (fact.kind) {
      case submitted.name:
        if (this.#sentAt.has(message)) return
        this.#sentAt.set(message, fact.time)
        this.#sent[this.#place(fact.time)] = (this.#sent[this.#place(fact.time)] ?? 0) + 1
        return this.#wait(1, fact.time)
      case answered.name: {
        const sentAt = this.#sentAt.get(message)
        const isTaken = ['confirmed', 'assumed'].includes(text(Number(fact['outcome'])))
        if (sentAt === undefined || !isTaken || fact.time - sentAt > promptness) return
        this.#prompt[this.#place(sentAt)] = (this.#prompt[this.#place(sentAt)] ?? 0) + 1
        return
      }
      case delivered.name:
        this.#deliver(Number(fact['service']), message)
        this.#arrive(this.#latencies.delivery, message, fact.time)
        if (this.#sentAt.has(message) && !this.#seen.has(message)) this.#wait(-1, fact.time)
        this.#seen.add(message)
        return
      case effectApplied.name:
        this.#arrive(this.#latencies.effect, message, fact.time)
    }
  }

  finish(text: (name: Name) => string): Courses {
    this.#fill(this.#unseen.length - 1)
    const { effect, delivery } = this.#latencies
    return {
      unseen: this.#unseen,
      available: this.#sent.map((sent, place) =>
        sent === 0 ? undefined : Math.min(1, (this.#prompt[place] ?? 0) / sent),
      ),
      deliveries: new Map([...this.#deliveries].map(([service, counts]) => [text(service), timesOf(counts)])),
      latencies: [...(effect.size > 0 ? effect : delivery).values()].toSorted((one, other) => one - other),
    }
  }

  #place(time: number): number {
    return Math.min(this.#sent.length - 1, Math.floor(time / this.#width))
  }

  #wait(change: 1 | -1, time: number): void {
    this.#fill(this.#place(time))
    this.#waiting += change
    this.#unseen[this.#bucket] = Math.max(this.#unseen[this.#bucket] ?? 0, this.#waiting)
  }

  /** Where nothing changes, as many wait as before. */
  #fill(upTo: number): void {
    for (; this.#bucket < upTo; this.#bucket++) this.#unseen[this.#bucket + 1] = this.#waiting
  }

  #deliver(service: Name, message: Name): void {
    const counts = this.#deliveries.get(service) ?? new Map<Name, number>()
    this.#deliveries.set(service, counts)
    counts.set(message, (counts.get(message) ?? 0) + 1)
  }

  #arrive(latencies: Map<Name, number>, message: Name, time: number): void {
    const sentAt = this.#sentAt.get(message)
    if (sentAt !== undefined && !latencies.has(message)) latencies.set(message, time - sentAt)
  }
}

function timesOf(counts: ReadonlyMap<Name, number>): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  for (const count of counts.values()) times.set(count, (times.get(count) ?? 0) + 1)
  return times
}
