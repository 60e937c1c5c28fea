import type { Micros } from '../../../simulation/duration.ts'
import { Agenda } from './agenda.ts'
import type { Replica } from './replica.ts'
import { StandardMessage } from './replica.ts'
import { Retention } from './retention.ts'
import { VisibleLines } from './visible-lines.ts'

/** The messages of a standard queue, what each server would hand out of them, and what time brings. */
export class KeptMessages {
  readonly #messages = new Map<number, StandardMessage>()
  readonly #lines: VisibleLines
  /** Messages that may be visible by then, and copies that catch up. */
  readonly #agenda = new Agenda<StandardMessage | Replica>()
  readonly #retention: Retention<StandardMessage>
  #inFlight = 0
  #delayed = 0

  constructor(servers: number, retention: Micros) {
    this.#lines = new VisibleLines(servers)
    this.#retention = new Retention(retention)
  }

  get size(): number {
    return this.#messages.size
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** How many could be received. */
  get visible(): number {
    return this.size - this.#inFlight - this.#delayed
  }

  get nextDue(): Micros | undefined {
    const [look, expiry] = [this.#agenda.next, this.#retention.next]
    return look === undefined || expiry === undefined ? (look ?? expiry) : Math.min(look, expiry)
  }

  get(copy: number): StandardMessage | undefined {
    return this.#messages.get(copy)
  }

  all(): Iterable<StandardMessage> {
    return this.#messages.values()
  }

  /** The first copy that a server would hand out. */
  firstOn(server: number, now: Micros): Replica | undefined {
    return this.#lines.first(server, now)
  }

  takeDue(now: Micros): StandardMessage | Replica | undefined {
    return this.#agenda.takeDue(now)
  }

  takeExpired(now: Micros): StandardMessage | undefined {
    return this.#retention.takeExpired(now)
  }

  keep(message: StandardMessage, now: Micros): void {
    this.#messages.set(message.copy, message)
    this.#retention.add(message)
    for (const replica of message.replicas) {
      if (replica.visibleAt <= now) this.#list(replica)
      else this.#agenda.add(replica.visibleAt, message)
    }
  }

  forget(message: StandardMessage): void {
    this.setInFlight(message, false)
    this.setDelayed(message, false)
    message.isGone = true
    this.#messages.delete(message.copy)
  }

  /** Copies of the message are visible from then on. */
  visibleFrom(message: StandardMessage, at: Micros, now: Micros): void {
    if (at > now) this.#agenda.add(at, message)
    else this.list(message, now)
  }

  /** Lets the servers hand out what is visible of the message. */
  list(message: StandardMessage, now: Micros): void {
    for (const replica of message.replicas) if (replica.visibleAt <= now) this.#list(replica)
  }

  /** The copy learns then what it missed. */
  catchUp(replica: Replica, at: Micros): void {
    this.#agenda.add(at, replica)
  }

  setInFlight(message: StandardMessage, isInFlight: boolean): void {
    if (message.isInFlight === isInFlight) return
    message.isInFlight = isInFlight
    this.#inFlight += isInFlight ? 1 : -1
  }

  setDelayed(message: StandardMessage, isDelayed: boolean): void {
    if (message.isDelayed === isDelayed) return
    message.isDelayed = isDelayed
    this.#delayed += isDelayed ? 1 : -1
  }

  #list(replica: Replica): void {
    if (replica.listed === replica.changes) return
    replica.listed = replica.changes
    this.#lines.add(replica)
  }
}
