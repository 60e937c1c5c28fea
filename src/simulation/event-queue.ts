/** Who is told that an event is due. `number` stands for the target in the fingerprint, so it must be the same in every run. */
export interface EventTarget {
  readonly number: number
  occur(code: number, payload: unknown): void
}

/** A scheduled event, to cancel it. A ticket of an event that is over cancels nothing. */
export type Ticket = number

const firstCapacity = 64
/** A ticket is `generation * ticketSlots + slot`: sixteen million events can wait at once. */
const ticketSlots = 2 ** 24
const generationMask = 2 ** 29 - 1

/**
 * Events by `(time, sequence)`: the order of a stable sort by time, whatever the order of scheduling and cancelling.
 *
 * A four-ary heap over parallel arrays, with no object for each event; the plain version is a sorted list of records. Cancelled events stay
 * in the heap as tombstones until they come up or outnumber the living; request time-outs are nearly always cancelled, so this matters.
 */
export class EventQueue {
  #times = new Float64Array(firstCapacity)
  #sequences = new Float64Array(firstCapacity)
  #slots = new Int32Array(firstCapacity)
  #size = 0
  #cancelled = 0
  #nextSequence = 0

  // By slot. The generation tells a ticket whether the slot still holds its event.
  #generations = new Uint32Array(firstCapacity)
  #codes = new Int32Array(firstCapacity)
  #causes = new Int32Array(firstCapacity)
  readonly #targets: (EventTarget | undefined)[] = []
  readonly #payloads: unknown[] = []
  readonly #freeSlots: number[] = []

  // The event that `pop` took out.
  time = 0
  code = 0
  cause = 0
  payload: unknown = undefined

  /** Events that will still occur. */
  get size(): number {
    return this.#size - this.#cancelled
  }

  push(time: number, target: EventTarget, code: number, payload: unknown, cause: number): Ticket {
    const slot = this.#freeSlots.pop() ?? this.#targets.length
    if (slot >= this.#codes.length) this.#growSlots()
    if (this.#size >= this.#times.length) this.#growHeap()
    this.#targets[slot] = target
    this.#payloads[slot] = payload
    this.#codes[slot] = code
    this.#causes[slot] = cause
    this.#siftUp(this.#size++, time, this.#nextSequence++, slot)
    return (this.#generations[slot] ?? 0) * ticketSlots + slot
  }

  cancel(ticket: Ticket): void {
    const slot = ticket % ticketSlots
    if (this.#generations[slot] !== (ticket - slot) / ticketSlots || this.#targets[slot] === undefined) return
    this.#targets[slot] = undefined
    this.#payloads[slot] = undefined
    this.#cancelled++
    if (this.#cancelled > 1024 && this.#cancelled * 2 > this.#size) this.#sweep()
  }

  /** Calls `visit` with whoever is to be told of an event, once for each event, in no order. */
  forEachTarget(visit: (target: EventTarget) => void): void {
    for (let place = 0; place < this.#size; place++) {
      const target = this.#targets[this.#slots[place] ?? 0]
      if (target !== undefined) visit(target)
    }
  }

  /** The time of the next event, or `undefined` when none is left. */
  peekTime(): number | undefined {
    this.#dropCancelledTop()
    return this.#size === 0 ? undefined : this.#times[0]
  }

  /** Takes the next event out: returns its target and leaves the rest in the fields. `undefined` when none is left. */
  pop(): EventTarget | undefined {
    this.#dropCancelledTop()
    if (this.#size === 0) return undefined
    const slot = this.#slots[0] ?? 0
    const target = this.#targets[slot]
    this.time = this.#times[0] ?? 0
    this.code = this.#codes[slot] ?? 0
    this.cause = this.#causes[slot] ?? 0
    this.payload = this.#payloads[slot]
    this.#removeTop()
    return target
  }

  #dropCancelledTop(): void {
    while (this.#cancelled > 0 && this.#size > 0 && this.#targets[this.#slots[0] ?? 0] === undefined) {
      this.#cancelled--
      this.#removeTop()
    }
  }

  #removeTop(): void {
    const slot = this.#slots[0] ?? 0
    this.#release(slot)
    const last = --this.#size
    if (last > 0) this.#siftDown(this.#times[last] ?? 0, this.#sequences[last] ?? 0, this.#slots[last] ?? 0)
  }

  #release(slot: number): void {
    this.#generations[slot] = ((this.#generations[slot] ?? 0) + 1) & generationMask
    this.#targets[slot] = undefined
    this.#payloads[slot] = undefined
    this.#freeSlots.push(slot)
  }

  #siftUp(start: number, time: number, sequence: number, slot: number): void {
    const times = this.#times
    let hole = start
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent] ?? 0
      // Sequences only grow, so among equals the newcomer stays below.
      if (parentTime <= time) break
      this.#moveTo(hole, parent)
      hole = parent
    }
    this.#put(hole, time, sequence, slot)
  }

  #siftDown(time: number, sequence: number, slot: number): void {
    const times = this.#times
    const sequences = this.#sequences
    const size = this.#size
    let hole = 0
    for (;;) {
      const first = hole * 4 + 1
      if (first >= size) break
      let least = first
      let leastTime = times[first] ?? 0
      const end = Math.min(first + 4, size)
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] ?? 0
        if (childTime < leastTime || (childTime === leastTime && (sequences[child] ?? 0) < (sequences[least] ?? 0))) {
          least = child
          leastTime = childTime
        }
      }
      if (leastTime > time || (leastTime === time && (sequences[least] ?? 0) > sequence)) break
      this.#moveTo(hole, least)
      hole = least
    }
    this.#put(hole, time, sequence, slot)
  }

  #moveTo(hole: number, from: number): void {
    this.#times[hole] = this.#times[from] ?? 0
    this.#sequences[hole] = this.#sequences[from] ?? 0
    this.#slots[hole] = this.#slots[from] ?? 0
  }

  #put(hole: number, time: number, sequence: number, slot: number): void {
    this.#times[hole] = time
    this.#sequences[hole] = sequence
    this.#slots[hole] = slot
  }

  /** Rebuilds the heap of the living. The order of coming up depends on `(time, sequence)` alone, so this changes nothing that can be seen. */
  #sweep(): void {
    const living: { time: number; sequence: number; slot: number }[] = []
    for (let place = 0; place < this.#size; place++) {
      const slot = this.#slots[place] ?? 0
      if (this.#targets[slot] === undefined) this.#release(slot)
      else living.push({ time: this.#times[place] ?? 0, sequence: this.#sequences[place] ?? 0, slot })
    }
    // A sorted array is a heap.
    living.sort((a, b) => a.time - b.time || a.sequence - b.sequence)
    for (const [place, event] of living.entries()) this.#put(place, event.time, event.sequence, event.slot)
    this.#size = living.length
    this.#cancelled = 0
  }

  #growHeap(): void {
    this.#times = grown(this.#times, new Float64Array(this.#times.length * 2))
    this.#sequences = grown(this.#sequences, new Float64Array(this.#sequences.length * 2))
    this.#slots = grown(this.#slots, new Int32Array(this.#slots.length * 2))
  }

  #growSlots(): void {
    this.#codes = grown(this.#codes, new Int32Array(this.#codes.length * 2))
    this.#causes = grown(this.#causes, new Int32Array(this.#causes.length * 2))
    this.#generations = grown(this.#generations, new Uint32Array(this.#generations.length * 2))
  }
}

function grown<A extends Float64Array | Int32Array | Uint32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
