import type { AnyFact, Name } from '../../history/fact.ts'
import { answered, delivered, effectApplied, submitted } from '../../history/facts.ts'
import type { Band } from '../../metrics/bands.ts'
import type { Run } from '../../run.ts'

/** What a history says over time and message by message, besides the metrics that every run has. Times in µs. */
export interface Courses {
  /** Most messages at any moment of each bucket that were sent and that no consumer had seen. */
  readonly unseen: readonly number[]
  /** The share of what was sent in each bucket that was confirmed, or taken for sent, within {@link promptness}; nothing where nothing was sent. */
  readonly available: readonly (number | undefined)[]
  /** By service, how many messages were delivered once, twice, …. */
  readonly deliveries: ReadonlyMap<string, ReadonlyMap<number, Tally>>
  /** From sending to the first effect (or, in a service without effects, delivery) of each message, in the order of growing. */
  readonly latencies: readonly Latency[]
}

export interface Latency {
  readonly micros: number
  /** Whether a fault held, or a node was away, at some time of it. */
  readonly troubled: boolean
}

/** Messages, and how many of them were on their way, from sending to the last delivery, while a fault held or a node was away. */
export interface Tally {
  readonly messages: number
  readonly troubled: number
}

/** A send that takes longer than this counts as one that was not answered, µs. */
export const promptness = 1_000_000

/** Reads a kept history once, in buckets of `width`. */
export function coursesOf(
  {
    history,
    metrics: { bands },
  }: { readonly history: Run['history']; readonly metrics: { readonly bands: readonly Band[] } },
  width: number,
  buckets: number,
): Courses {
  const course = new Course(bands, width, buckets)
  for (const fact of history) course.see(fact, (name) => history.names.text(name))
  return course.finish((name) => history.names.text(name))
}

class Course {
  readonly #bands: readonly Band[]
  readonly #width: number
  readonly #unseen: number[]
  readonly #sent: number[]
  readonly #prompt: number[]
  readonly #sentAt = new Map<Name, number>()
  readonly #seen = new Set<Name>()
  readonly #deliveries = new Map<Name, Map<Name, Times>>()
  readonly #latencies = { effect: new Map<Name, Latency>(), delivery: new Map<Name, Latency>() }
  #waiting = 0
  #bucket = 0

  constructor(bands: readonly Band[], width: number, buckets: number) {
    this.#bands = bands
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
        this.#deliver(Number(fact['service']), message, fact.time)
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
      deliveries: new Map([...this.#deliveries].map(([service, counts]) => [text(service), this.#tallied(counts)])),
      latencies: [...(effect.size > 0 ? effect : delivery).values()].toSorted(
        (one, other) => one.micros - other.micros,
      ),
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

  #deliver(service: Name, message: Name, time: number): void {
    const counts = this.#deliveries.get(service) ?? new Map<Name, Times>()
    this.#deliveries.set(service, counts)
    counts.set(message, { count: (counts.get(message)?.count ?? 0) + 1, last: time })
  }

  #arrive(latencies: Map<Name, Latency>, message: Name, time: number): void {
    const sentAt = this.#sentAt.get(message)
    if (sentAt === undefined || latencies.has(message)) return
    latencies.set(message, { micros: time - sentAt, troubled: this.#isTroubled(sentAt, time) })
  }

  #tallied(counts: ReadonlyMap<Name, Times>): ReadonlyMap<number, Tally> {
    const tallies = new Map<number, Tally>()
    for (const [message, { count, last }] of counts) {
      const { messages, troubled } = tallies.get(count) ?? { messages: 0, troubled: 0 }
      const isTroubled = this.#isTroubled(this.#sentAt.get(message) ?? last, last)
      tallies.set(count, { messages: messages + 1, troubled: troubled + Number(isTroubled) })
    }
    return tallies
  }

  #isTroubled(from: number, to: number): boolean {
    return this.#bands.some((band) => band.from <= to && band.to >= from)
  }
}

/** How often a service was handed a message, and when for the last time. */
interface Times {
  readonly count: number
  readonly last: number
}
