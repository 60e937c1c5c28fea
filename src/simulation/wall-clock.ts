import type { Micros } from './duration.ts'

/** 2026-01-01T00:00:00Z in µs since 1970: the wall-clock time at which every run starts. */
export const wallClockStart: Micros = 1_767_225_600_000_000

/** What a host believes the time of day to be. Timers do not look at it; leases, timestamps and expiry dates do. */
export class WallClock {
  #offset: Micros = 0
  #driftSince: Micros = 0
  #drift = 0

  /** µs since 1970 by this clock. */
  read(now: Micros): Micros {
    return wallClockStart + now + this.#offset + this.#drifted(now)
  }

  /** Steps the clock by `offset` µs and lets it gain `drift` µs a second (both may be negative) from `now` on. */
  skew(now: Micros, offset: Micros, drift: number): void {
    this.#offset += this.#drifted(now) + offset
    this.#driftSince = now
    this.#drift = drift
  }

  /** Sets the clock right again. */
  correct(): void {
    this.#offset = 0
    this.#drift = 0
  }

  #drifted(now: Micros): Micros {
    return Math.floor(((now - this.#driftSince) * this.#drift) / 1_000_000)
  }
}
