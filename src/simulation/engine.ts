import { noFact } from '../history/fact.ts'
import type { Micros } from './duration.ts'
import type { EventTarget, Ticket } from './event-queue.ts'
import { EventQueue } from './event-queue.ts'
import { Fingerprint } from './fingerprint.ts'

/** Sees every event just before it occurs; for tracing. Must change nothing. */
export type EventObserver = (event: {
  readonly number: number
  readonly time: Micros
  readonly target: EventTarget
  readonly code: number
}) => void

/**
 * The clock and the agenda: takes the next event, moves the clock there and lets its target act. Four fields and one loop; everything else
 * in the machine is a target of events.
 */
export class Engine {
  readonly fingerprint = new Fingerprint()
  readonly #queue = new EventQueue()
  #now: Micros = 0
  #observer: EventObserver | undefined

  /** The fact from which the running event descends: the first cause of what is recorded meanwhile. */
  trigger = noFact
  /** The latest fact of the running event, or its trigger: what is sent or scheduled meanwhile descends from it. */
  cause = noFact
  /** The fact that explains what the running event waited for in vain. */
  waitedFor = noFact

  /** Virtual time. */
  get now(): Micros {
    return this.#now
  }

  /** Events dispatched so far; the next one has this number. */
  get dispatched(): number {
    return this.fingerprint.events
  }

  get agendaSize(): number {
    return this.#queue.size
  }

  observe(observer: EventObserver): void {
    this.#observer = observer
  }

  /** Lets `target` act `delay` from now (a whole number, not negative), after everything already due then. */
  schedule(delay: Micros, target: EventTarget, code: number, payload: unknown): Ticket {
    return this.scheduleFor(this.cause, delay, target, code, payload)
  }

  /** Like {@link schedule}, on account of a fact that is not the latest: work that waited its turn descends from what asked for it. */
  scheduleFor(cause: number, delay: Micros, target: EventTarget, code: number, payload: unknown): Ticket {
    if (!(delay >= 0) || delay % 1 !== 0)
      throw new RangeError(`A delay is a whole number of µs, 0 or more; not ${delay}.`)
    return this.#queue.push(this.#now + delay, target, code, payload, cause)
  }

  cancel(ticket: Ticket): void {
    this.#queue.cancel(ticket)
  }

  /** Calls `visit` with whoever is to act, once for each event that waits, in no order. */
  forEachTarget(visit: (target: EventTarget) => void): void {
    this.#queue.forEachTarget(visit)
  }

  nextTime(): Micros | undefined {
    return this.#queue.peekTime()
  }

  /** From here on the running event acts on account of `fact`. */
  descendFrom(fact: number): void {
    this.trigger = fact
    this.cause = fact
  }

  /** Lets something happen inside the running event, on account of `fact`; what comes after descends from what it did before. */
  onAccountOf(fact: number, act: () => void): void {
    const { trigger, cause, waitedFor } = this
    this.descendFrom(fact)
    this.waitedFor = noFact
    act()
    this.trigger = trigger
    this.cause = cause
    this.waitedFor = waitedFor
  }

  /** Moves the clock to the next event without letting it occur yet: for what has to happen just before it. */
  approachNext(): void {
    this.#now = this.#queue.peekTime() ?? this.#now
    this.descendFrom(noFact)
    this.waitedFor = noFact
  }

  /** Lets the next event occur. `false` when there is none. */
  step(): boolean {
    const queue = this.#queue
    const target = queue.pop()
    if (target === undefined) return false
    const { code, payload } = queue
    this.#now = queue.time
    this.descendFrom(queue.cause)
    this.waitedFor = noFact
    if (this.#observer !== undefined) this.#observer({ number: this.dispatched, time: this.#now, target, code })
    this.fingerprint.event(this.#now, target.number, code)
    target.occur(code, payload)
    return true
  }
}
