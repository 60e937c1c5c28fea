import { say } from './output.ts'

/** ms between two lines. */
const every = 10_000

/** For a stream that is no terminal: a line now and then, so that whoever reads a log sees that something goes on. */
export class PlainProgress {
  #last = performance.now()

  /** Says where things stand, if the last line is long ago. */
  look(text: () => string): void {
    const now = performance.now()
    if (now - this.#last < every) return
    this.#last = now
    say(text())
  }
}
