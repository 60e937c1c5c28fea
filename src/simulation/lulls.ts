import type { Engine } from './engine.ts'

interface Lull {
  readonly cause: number
  readonly end: () => void
}

/**
 * What would repeat itself without changing anything (a poll of an empty log, a heartbeat to somebody who lives) need not happen, as long as
 * nothing gets in its way: it is in a lull. A lull ends just before the next thing that might, which is a fault that strikes or ends, or a
 * process that starts or stops. Whoever was in it then does what comes next in the rhythm that it would have kept.
 *
 * The plain version repeats it, at four events a time.
 */
export class Lulls {
  readonly #engine: Engine
  readonly #lulls = new Set<Lull>()
  #number = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Counts what ended lulls: as long as it stays the same, nothing has got in anybody's way. */
  get number(): number {
    return this.#number
  }

  /** Begins a lull; `end` is called once, when it is over, on account of what began it. Calling what comes back forgets it. */
  begin(end: () => void): () => void {
    const lull = { cause: this.#engine.cause, end }
    this.#lulls.add(lull)
    return () => this.#lulls.delete(lull)
  }

  /** Something is about to change: every lull is over. */
  end(): void {
    this.#number++
    if (this.#lulls.size === 0) return
    const over = [...this.#lulls]
    this.#lulls.clear()
    for (const { cause, end } of over) this.#engine.onAccountOf(cause, end)
  }
}

/** When something that repeats itself every `interval` since `begin` last happened by `now`, all of them µs. */
export function lastOf(begin: number, interval: number, now: number): number {
  return now - ((now - begin) % Math.max(1, interval))
}
