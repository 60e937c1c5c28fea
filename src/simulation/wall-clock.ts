import type { Micros } from './duration.ts'

/** 2026-01-01T00:00:00Z in µs since 1970: the wall-clock time at which every run starts. */
export const wallClockStart: Micros = 1_767_225_600_000_000

interface Skew {
  readonly since: Micros
  readonly offset: Micros
  readonly drift: number
}

/** What a host believes the time of day to be. Timers do not look at it; leases, timestamps and expiry dates do. */
export class WallClock {
  readonly #skews = new Set<Skew>()

  /** µs since 1970 by this clock. */
  read(now: Micros): Micros {
    let time = wallClockStart + now
    for (const { since, offset, drift } of this.#skews) time += offset + Math.floor(((now - since) * drift) / 1_000_000)
    return time
  }

  /**
   * Steps the clock by `offset` µs and lets it gain `drift` µs a second (both may be negative) from `now` on. Several of these add up. The
   * function returned takes this one away, offset and all, as a time server would that is heard again.
   */
  skew(now: Micros, offset: Micros, drift: number): () => void {
    const skew = { since: now, offset, drift }
    this.#skews.add(skew)
    return () => this.#skews.delete(skew)
  }
}
