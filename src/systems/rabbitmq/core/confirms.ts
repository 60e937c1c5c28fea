/** `basic.ack` or `basic.nack` from the broker to a publisher. */
export interface Confirm {
  readonly answer: 'ack' | 'nack'
  /** The number of the publish on its channel, from 1. */
  readonly sequence: number
  /** Whether it answers everything up to that number which is still open. */
  readonly multiple: boolean
}

/** The publishes of one channel that the broker still owes an answer. */
export class Confirms {
  #next = 1
  /** How many queues have not confirmed yet, by publish, the oldest first. */
  readonly #open = new Map<number, number>()
  #confirmed: number[] = []
  #rejected: number[] = []

  get hasOpen(): boolean {
    return this.#open.size > 0
  }

  get hasAnswers(): boolean {
    return this.#confirmed.length > 0 || this.#rejected.length > 0
  }

  /** Numbers a publish that went to this many queues. */
  publish(queues: number): number {
    const sequence = this.#next++
    if (queues === 0) this.#confirmed.push(sequence)
    else this.#open.set(sequence, queues)
    return sequence
  }

  /** One of the queues has the message. */
  confirm(sequence: number): void {
    const missing = this.#open.get(sequence)
    if (missing === undefined) return
    if (missing > 1) this.#open.set(sequence, missing - 1)
    else {
      this.#open.delete(sequence)
      this.#confirmed.push(sequence)
    }
  }

  /** One of the queues did not take the message, which decides for all. */
  reject(sequence: number): void {
    if (this.#open.delete(sequence)) this.#rejected.push(sequence)
  }

  /**
   * The answers since the last time, in as few frames as the server makes of them: one with `multiple` for all those below the oldest
   * publish that got another answer or none, one each for the others.
   */
  takeAnswers(): readonly Confirm[] {
    const [confirmed, rejected] = [this.#confirmed, this.#rejected]
    this.#confirmed = []
    this.#rejected = []
    const single = confirmed.length === 1 && confirmed[0] !== undefined
    const acks = single ? [frame('ack', confirmed[0] ?? 0, false)] : this.#coalesce('ack', confirmed, rejected)
    return [...acks, ...this.#coalesce('nack', rejected, confirmed)]
  }

  #coalesce(answer: Confirm['answer'], sequences: readonly number[], others: readonly number[]): readonly Confirm[] {
    const sorted = [...sequences].sort((one, other) => one - other)
    const oldestOpen = this.#open.keys().next().value ?? Infinity
    const cutoff = others.reduce((least, sequence) => Math.min(least, sequence), oldestOpen)
    const below = sorted.filter((sequence) => sequence < cutoff)
    const last = below.at(-1)
    const together = last === undefined ? [] : [frame(answer, last, true)]
    return [...together, ...sorted.slice(below.length).map((sequence) => frame(answer, sequence, false))]
  }
}

function frame(answer: Confirm['answer'], sequence: number, multiple: boolean): Confirm {
  return { answer, sequence, multiple }
}
