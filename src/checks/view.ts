import { Column } from '../history/columns.ts'
import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import { Arrivals } from './arrivals.ts'
import type { Level } from './plan.ts'
import type { Sends } from './sends.ts'

/** Whose eyes: a service, or the far end of a pair. */
export interface Viewer {
  /** The service, or `from→to`. */
  readonly label: string
  /** The service that receives, as text. */
  readonly receiver: string
  /** For a pair: whose messages are looked for, the channels they leave by, and all those on the way (`undefined` for all). */
  readonly origin?: {
    readonly service: Name
    readonly channels: ReadonlySet<Name> | undefined
    readonly way: ReadonlySet<Name> | undefined
  }
}

/** A message that came into sight: it was handed over, or it had an effect. */
export interface Sighting {
  readonly message: Name
  /** `undefined` when nobody submitted the message and so nobody knows. */
  readonly operation: Name | undefined
  /** Which of the effects of the operation; 0 for a delivery. */
  readonly effect: Name
  /** Index of the fact. */
  readonly index: number
}

/** A thing seen more than once. */
export interface Repeat {
  readonly item: Name
  readonly times: number
  readonly first: number
  readonly last: number
}

/**
 * What one viewer saw at one level, reduced to what the guarantees ask: what arrived, what came again, in which order things came first.
 * What counts as the same thing is a message for the deliveries to a service, and an operation everywhere else; for a pair, what
 * arrives is an operation of the origin, by way of whichever message was made from it.
 */
export abstract class View {
  readonly viewer: Viewer
  readonly level: Level
  protected readonly sends: Sends
  /** Copies of a message, or of an operation, that rest in a place for parked messages. */
  readonly #parked = new IntegerMap()
  readonly #repeats = new Map<
    Name,
    { readonly times: IntegerMap; readonly first: IntegerMap; readonly last: IntegerMap }
  >()
  /** Pairs of effect and item that were seen a second time, each once or more. */
  readonly #again = new Column((size) => new Int32Array(size))
  readonly #arrivals = new Arrivals()
  /** Operations that are not to have an effect. */
  readonly #declined = new IntegerMap()
  readonly #strangers = new Map<Name, number>()
  #distinct = 0

  constructor(viewer: Viewer, level: Level, sends: Sends) {
    this.viewer = viewer
    this.level = level
    this.sends = sends
  }

  /** Whether a message that was submitted is meant for this viewer. */
  abstract expects(message: Name): boolean

  /** What must arrive because this message was submitted: the message itself, or its operation. */
  abstract owed(message: Name): Name

  /** How often what is owed arrived. */
  abstract timesArrived(owed: Name): number

  /** Of what is owed and arrived in part: an effect that is missing. */
  missingEffect(_owed: Name): Name | undefined {
    return undefined
  }

  /** Index of the fact by which what is owed first arrived; only of what arrived. */
  abstract firstShown(owed: Name): number

  /** Whether its producer was told that what is owed for this message was not taken at all. */
  abstract isRejected(message: Name): boolean

  /** The operations whose arrival this message is. */
  protected abstract arrivalsBy(message: Name, operation: Name | undefined): readonly Name[]

  /** What is the same thing when it is seen again; `undefined` when it is not this viewer's. */
  protected abstract repeatedItem(sighting: Sighting): Name | undefined

  /** What should not be there at all: nobody sent it. */
  protected abstract stranger(sighting: Sighting): Name | undefined

  see(sighting: Sighting): void {
    for (const operation of this.arrivalsBy(sighting.message, sighting.operation))
      this.#arrivals.see(operation, sighting.index)
    const stranger = this.stranger(sighting)
    if (stranger !== undefined && !this.#strangers.has(stranger)) this.#strangers.set(stranger, sighting.index)
    const item = this.repeatedItem(sighting)
    if (item !== undefined) this.#count(item, sighting)
  }

  /** A store lost an effect; `isIt` says of an earlier sighting, by its fact, whether it was that effect. */
  undo(sighting: Sighting, isIt: (index: number) => boolean): void {
    const item = this.repeatedItem(sighting)
    const seen = this.#repeats.get(sighting.effect)
    if (item === undefined || seen === undefined || seen.times.get(item) === 0) return
    if (seen.times.add(item, -1) === 0) this.#distinct--
    for (const operation of this.arrivalsBy(sighting.message, sighting.operation)) this.#arrivals.undo(operation, isIt)
  }

  /** A handler, or a store for it, decided that the operation is to have no effect. */
  decline({ message, operation }: Pick<Sighting, 'message' | 'operation'>): void {
    for (const arrival of this.arrivalsBy(message, operation)) this.#declined.set(arrival, 1)
  }

  isDeclined(operation: Name): boolean {
    return this.#declined.get(operation) > 0
  }

  /** A copy of the message came to rest (1) in a place for parked messages, or left it (-1). */
  park(message: Name, difference: 1 | -1): void {
    if (!this.sends.wasSubmitted(message)) return
    for (const item of this.parkedBy(message)) this.#parked.add(item, difference)
  }

  protected abstract parkedBy(message: Name): readonly Name[]

  isParked(owed: Name): boolean {
    return this.#parked.get(owed) > 0
  }

  /** How many different things are in sight. */
  get distinct(): number {
    return this.#distinct
  }

  /** Things in sight that nobody sent, with the fact that first showed each. */
  get strangers(): ReadonlyMap<Name, number> {
    return this.#strangers
  }

  timesSeen(item: Name): number {
    let times = 0
    for (const seen of this.#repeats.values()) times += seen.times.get(item)
    return times
  }

  /** Index of the fact that first showed it; only of a thing that was seen, and not of one that has several effects. */
  firstSeenOf(item: Name): number {
    for (const seen of this.#repeats.values()) if (seen.times.get(item) > 0) return seen.first.get(item)
    return -1
  }

  timesSeenOf(effect: Name, item: Name): number {
    return this.#repeats.get(effect)?.times.get(item) ?? 0
  }

  operationArrivals(operation: Name): number {
    return this.#arrivals.times(operation)
  }

  /** Index of the fact by which an operation first arrived; only of one that arrived. */
  firstArrivalOf(operation: Name): number {
    return this.#arrivals.first(operation)
  }

  /** Everything seen more than once that nothing has undone. */
  *repeats(): Generator<Repeat> {
    const done = new Map<Name, IntegerMap>()
    for (let place = 0; place < this.#again.length; place += 2) {
      const effect = this.#again.at(place)
      const item = this.#again.at(place + 1)
      const seen = this.#repeats.get(effect)
      const told = done.get(effect) ?? new IntegerMap()
      done.set(effect, told)
      if (seen === undefined || seen.times.get(item) < 2 || told.get(item) > 0) continue
      told.set(item, 1)
      yield { item, times: seen.times.get(item), first: seen.first.get(item), last: seen.last.get(item) }
    }
  }

  /** The operations in the order of their first arrivals that nothing has undone. */
  firstArrivals(): Iterable<Name> {
    return this.#arrivals.inOrder()
  }

  #count(item: Name, { effect, index }: Sighting): void {
    let seen = this.#repeats.get(effect)
    if (seen === undefined) {
      seen = { times: new IntegerMap(), first: new IntegerMap(), last: new IntegerMap() }
      this.#repeats.set(effect, seen)
    }
    const times = seen.times.add(item, 1)
    if (times === 1) {
      this.#distinct++
      seen.first.set(item, index)
      return
    }
    seen.last.set(item, index)
    if (times > 2) return
    this.#again.push(effect)
    this.#again.push(item)
  }
}
