import * as facts from '../../history/facts.ts'
import type { NeutralFact } from '../../history/facts.ts'
import type { Fold } from '../../history/fold.ts'
import { IntegerMap } from '../../history/integer-map.ts'

/**
 * How long a design goes on working off what the faults left behind: from the end of the last fault to the last handling of a message that was
 * sent before it. Messages that are never handled do not count: that is loss, and no delay.
 */
export class Recovery implements Fold {
  readonly kinds = [facts.submitted, facts.handled, facts.faultStruck, facts.faultEnded]
  /** By message: how many strikes and ends of faults there had been when it was sent, and one. */
  readonly #sentAfter = new IntegerMap()
  #changes = 0
  #over = 0
  #caughtUp = 0

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'submitted':
        this.#sentAfter.set(fact.message, this.#changes + 1)
        break
      case 'fault-struck':
      // One that is over at once has no end of its own.
      case 'fault-ended':
        this.#changes++
        this.#over = fact.time
        this.#caughtUp = fact.time
        break
      case 'handled': {
        const sent = this.#sentAfter.get(fact.message)
        if (sent > 0 && sent <= this.#changes) this.#caughtUp = fact.time
        break
      }
    }
  }

  /** µs; nothing where no fault struck. */
  finish(): number | undefined {
    return this.#changes === 0 ? undefined : Math.max(0, this.#caughtUp - this.#over)
  }
}
