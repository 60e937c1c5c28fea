/** Lets so many through at a time, in the order in which they come. */
export class RequestGate {
  readonly #capacity: number
  readonly #waiting: (() => void)[] = []
  #inside = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Runs `go` now, or when somebody has left. */
  enter(go: () => void): void {
    if (this.#inside >= this.#capacity) {
      this.#waiting.push(go)
      return
    }
    this.#inside += 1
    go()
  }

  leave(): void {
    this.#inside -= 1
    const next = this.#waiting.shift()
    if (next !== undefined) this.enter(next)
  }
}
