import { runEnded, type NeutralFact } from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import type { Names } from '../history/names.ts'

/** How the run ended. A run that settled or got stuck is judged as it stands; one that was cut off leaves questions open. */
export class RunEnd implements Fold {
  readonly kinds = [runEnded]
  readonly #names: Names
  #ending: string | undefined
  #waitingFor = ''
  #fact = -1

  constructor(names: Names) {
    this.#names = names
  }

  see(fact: NeutralFact): void {
    if (fact.kind !== 'run-ended') return
    this.#ending = this.#names.text(fact.ending)
    this.#waitingFor = this.#names.text(fact.waitingFor)
    this.#fact = fact.index
  }

  /** `settled`, `stuck`, `bound`, `stopped`; `undefined` when the history does not say. */
  get ending(): string | undefined {
    return this.#ending
  }

  /** Index of the fact that ended the run; -1 when there is none. */
  get fact(): number {
    return this.#fact
  }

  /** Why what did not happen might still have happened; `undefined` when it would not. */
  get cutOff(): string | undefined {
    switch (this.#ending) {
      case 'settled':
      case 'stuck':
        return undefined
      case 'bound':
        return `the run reached its bound before everything had settled${this.waiting}`
      case undefined:
        return 'the history does not say how the run ended'
      default:
        return `the run was stopped before everything had settled${this.waiting}`
    }
  }

  /** Why nothing moved any more; `undefined` when the run did not get stuck. */
  get stuck(): string | undefined {
    return this.#ending === 'stuck' ? `the run got stuck${this.waiting}` : undefined
  }

  /** The end of a sentence: `, waiting for …`, or nothing. */
  get waiting(): string {
    return this.#waitingFor === '' ? '' : `, waiting for ${this.#waitingFor}`
  }
}
