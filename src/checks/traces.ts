import type { Name } from '../history/fact.ts'
import {
  acknowledged,
  copyEnded,
  delivered,
  effectSkipped,
  effectUndone,
  handled,
  handlingFailed,
  type NeutralFact,
} from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import { IntegerMap } from '../history/integer-map.ts'

/** What was known last of each message. Witnesses of a loss tell it; no verdict depends on it. */
export class Traces implements Fold {
  readonly kinds = [delivered, handled, handlingFailed, acknowledged, effectSkipped, effectUndone, copyEnded]
  /** Per service, per message: 1 + index of the last fact about the message there. */
  readonly #atService = new Map<Name, IntegerMap>()
  /** Per message: 1 + index of the fact by which a copy of it ended last. */
  readonly #copyEnds = new IntegerMap()

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'delivered':
      case 'handled':
      case 'handling-failed':
      case 'acknowledged':
      case 'effect-skipped':
      case 'effect-undone':
        return this.#of(fact.service).set(fact.message, fact.index + 1)
      case 'copy-ended':
        return this.#copyEnds.set(fact.message, fact.index + 1)
    }
  }

  /** Index of the last fact about a message at a service, or about its copies; -1 when there is none. */
  lastOf(service: Name, message: Name): number {
    return Math.max(this.#of(service).get(message), this.#copyEnds.get(message)) - 1
  }

  #of(service: Name): IntegerMap {
    const known = this.#atService.get(service)
    if (known !== undefined) return known
    const traces = new IntegerMap()
    this.#atService.set(service, traces)
    return traces
  }
}
