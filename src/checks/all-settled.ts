import type { FactKind } from '../history/fact.ts'
import type { NeutralFact } from '../history/facts.ts'
import { type Check, type CheckContext, type CheckFold, type CheckRow, type Witness, witnessLimit } from './check.ts'
import { conclude } from './conclude.ts'
import { wholeRun } from './plan.ts'
import { evidenceOf, factText } from './saying.ts'
import { WaitingCopies } from './waiting-copies.ts'

/** Once all faults are healed, everything comes to its end: no message waits for ever. */
export const allSettled: Check = {
  name: 'all-settled',
  title: 'once everything is healed, everything comes to its end',
  scope: 'guarantee',
  begin: (context) => new Settling(context),
}

class Settling implements CheckFold {
  readonly kinds: readonly FactKind[] = WaitingCopies.kinds
  readonly #context: CheckContext
  readonly #copies: WaitingCopies

  constructor(context: CheckContext) {
    this.#context = context
    const parking = new Set(Object.keys(context.plan.parked).map((place) => context.names.intern(place)))
    this.#copies = new WaitingCopies((place) => parking.has(place))
  }

  see(fact: NeutralFact): void {
    this.#copies.see(fact)
  }

  finish(): readonly CheckRow[] {
    const { end, sends } = this.#context
    const judged = sends.messages.length
    const waiting = this.#copies.waiting()
    const head = {
      service: wholeRun,
      guarantee: allSettled.name,
      level: 'run',
      judged,
      counts: { remained: waiting.length },
    } as const
    return [
      conclude(head, {
        violations: end.stuck === undefined ? 0 : Math.max(1, waiting.length),
        witnesses: this.#witnesses(waiting.slice(0, witnessLimit)),
        violationReason: end.stuck,
        undecided: judged === 0 ? 'nothing was sent' : end.cutOff,
      }),
    ]
  }

  /** What waits, and for what the run did; where nothing remained, the end of the run has to speak for itself. */
  #witnesses(waiting: readonly number[]): readonly Witness[] {
    const { names, recall, end } = this.#context
    if (waiting.length === 0 && end.fact >= 0)
      return [
        { item: wholeRun, sentence: `The run got stuck${end.waiting}.`, evidence: evidenceOf(recall, [end.fact]) },
      ]
    return waiting.map((index) => ({
      item: names.text(Number(recall(index)['message'])),
      sentence: `${factText(recall(index), names)}, when the run got stuck${end.waiting}.`,
      evidence: evidenceOf(recall, [index, end.fact]),
    }))
  }
}
