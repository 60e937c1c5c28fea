const everyEvents = 4096

/** The state of a fingerprint after so many events. */
export interface Checkpoint {
  readonly events: number
  readonly fingerprint: string
}

/**
 * A 64-bit digest of everything a run did, in two lanes of 32 bits. Equal runs have equal fingerprints; the checkpoints narrow a difference
 * down to 4,096 events.
 */
export class Fingerprint {
  #low = 0x9e3779b9 | 0
  #high = 0x85ebca6b | 0
  #events = 0
  readonly #checkpoints: Checkpoint[] = []

  /** Events mixed in so far. */
  get events(): number {
    return this.#events
  }

  get checkpoints(): readonly Checkpoint[] {
    return this.#checkpoints
  }

  event(time: number, target: number, code: number): void {
    this.mix(time | 0)
    this.mix((target << 8) ^ code ^ ((time / 2 ** 32) | 0))
    if (++this.#events % everyEvents === 0) this.#checkpoints.push({ events: this.#events, fingerprint: this.digest() })
  }

  /** Mixes in a whole number; only its lowest 32 bits count. */
  mix(value: number): void {
    const low = Math.imul(this.#low ^ value, 0x9e3779b1)
    this.#low = low ^ (low >>> 15)
    const high = Math.imul((this.#high + value) | 0, 0xc2b2ae35)
    this.#high = ((high << 13) | (high >>> 19)) ^ low
  }

  text(text: string): void {
    for (let place = 0; place < text.length; place++) this.mix(text.charCodeAt(place))
    this.mix(text.length)
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return hexadecimal(this.#high) + hexadecimal(this.#low)
  }
}

/** The events, first included and last not, among which two runs began to differ. */
export interface Divergence {
  readonly from: number
  readonly to: number
}

/** Narrows the first difference of two runs down to the events between two checkpoints; `undefined` when their checkpoints agree. */
export function firstDivergence(one: readonly Checkpoint[], other: readonly Checkpoint[]): Divergence | undefined {
  const place = one.findIndex((checkpoint, index) => checkpoint.fingerprint !== other[index]?.fingerprint)
  const differing = place < 0 && other.length > one.length ? one.length : place
  return differing < 0 ? undefined : { from: differing * everyEvents, to: (differing + 1) * everyEvents }
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
