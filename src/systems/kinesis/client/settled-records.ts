interface Handed {
  readonly sequence: number
  isSettled: boolean
}

/** How far everything of a shard is settled: records may be settled in any order, and what stands behind an open one does not count. */
export class SettledRecords {
  readonly #open: Handed[] = []
  readonly #bySequence = new Map<number, Handed>()
  #through: number

  constructor(after: number) {
    this.#through = after
  }

  /** The last sequence number up to which nothing is open. */
  get through(): number {
    return this.#through
  }

  /** Records that were handed out and not settled. */
  get unsettled(): number {
    return this.#bySequence.size
  }

  hand(sequence: number): void {
    if (this.#bySequence.has(sequence)) return
    const handed = { sequence, isSettled: false }
    this.#open.push(handed)
    this.#bySequence.set(sequence, handed)
  }

  settle(sequence: number): void {
    const handed = this.#bySequence.get(sequence)
    if (handed === undefined) return
    handed.isSettled = true
    this.#bySequence.delete(sequence)
    let settled = 0
    while (this.#open[settled]?.isSettled === true) settled++
    for (const { sequence: through } of this.#open.splice(0, settled)) this.#through = through
  }
}
