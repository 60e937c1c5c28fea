import type { FactKind } from '../history/fact.ts'
import { copyRemained, type NeutralFact } from '../history/facts.ts'
import type { Check, CheckContext, CheckFold, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { wholeRun } from './plan.ts'
import { evidenceOf, factText } from './saying.ts'
import { WorstFew } from './worst-few.ts'

/** Once all faults are healed, everything comes to its end: no message waits for ever. */
export const allSettled: Check = {
  name: 'all-settled',
  title: 'once everything is healed, everything comes to its end',
  scope: 'guarantee',
  begin: (context) => new Settling(context),
}

class Settling implements CheckFold {
  readonly kinds: readonly FactKind[] = [copyRemained]
  readonly #context: CheckContext
  readonly #parking: ReadonlySet<number>
  /** Indices of facts about copies that remained where nobody meant them to rest. */
  readonly #waiting = new WorstFew<number>()

  constructor(context: CheckContext) {
    this.#context = context
    this.#parking = new Set(Object.keys(context.plan.parked).map((place) => context.names.intern(place)))
  }

  see(fact: NeutralFact): void {
    if (fact.kind === 'copy-remained' && !this.#parking.has(fact.place)) this.#waiting.add(0, fact.index)
  }

  finish(): readonly CheckRow[] {
    const { end, sends } = this.#context
    const judged = sends.messages.length
    const head = {
      service: wholeRun,
      guarantee: allSettled.name,
      level: 'run',
      judged,
      counts: this.#counts(),
    } as const
    return [
      conclude(head, {
        violations: end.stuck === undefined ? 0 : Math.max(1, this.#waiting.count),
        witnesses: this.#witnesses(),
        violationReason: end.stuck,
        undecided: judged === 0 ? 'nothing was sent' : end.cutOff,
      }),
    ]
  }

  #counts(): Readonly<Record<string, number>> {
    return { remained: this.#waiting.count }
  }

  /** What remained; where nothing did, the end of the run has to speak for itself. */
  #witnesses(): readonly Witness[] {
    const { names, recall, end } = this.#context
    if (this.#waiting.count === 0 && end.fact >= 0)
      return [
        { item: wholeRun, sentence: `The run got stuck${end.waiting}.`, evidence: evidenceOf(recall, [end.fact]) },
      ]
    return this.#waiting.kept.map((index) => ({
      item: names.text(Number(recall(index)['message'])),
      sentence: `${factText(recall(index), names)}.`,
      evidence: evidenceOf(recall, [index, end.fact]),
    }))
  }
}
