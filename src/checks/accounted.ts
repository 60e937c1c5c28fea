import { Column } from '../history/columns.ts'
import type { FactKind, FactOf } from '../history/fact.ts'
import { copyEnded, copyRemained, copyStored, type NeutralFact } from '../history/facts.ts'
import type { Check, CheckContext, CheckFold, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { IntegerMap } from '../history/integer-map.ts'
import { wholeRun } from './plan.ts'
import { evidenceOf, factText } from './saying.ts'
import { WorstFew } from './worst-few.ts'

/** Every copy that a system stored has one fate, and no other: it left its place once, or was still there at the end. */
export const accounted: Check = {
  name: 'accounted',
  title: 'every copy of every message has exactly one fate',
  scope: 'audit',
  begin: (context) => new Accounts(context),
}

type Mistake = 'has no fate' | 'has a second fate' | 'was never stored' | 'was stored a second time'

interface Case {
  readonly mistake: Mistake
  /** Indices of the facts that show it, the first of them about the copy. */
  readonly facts: readonly number[]
}

class Accounts implements CheckFold {
  readonly kinds: readonly FactKind[] = [copyStored, copyEnded, copyRemained]
  readonly #context: CheckContext
  /** Per copy: 1 + index of the fact that stored it, and of the one that told its fate. */
  readonly #stored = new IntegerMap()
  readonly #ended = new IntegerMap()
  readonly #copies = new Column((size) => new Int32Array(size))
  readonly #fates = new Map<string, number>()
  readonly #cases = new WorstFew<Case>()

  constructor(context: CheckContext) {
    this.#context = context
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'copy-stored':
        return this.#store(fact)
      case 'copy-ended':
        return this.#end(fact, this.#context.names.text(fact.fate))
      case 'copy-remained':
        return this.#end(fact, 'remained')
    }
  }

  finish(): readonly CheckRow[] {
    const { end } = this.#context
    let open = 0
    for (let place = 0; place < this.#copies.length; place++) {
      const copy = this.#copies.at(place)
      if (this.#ended.get(copy) > 0) continue
      open++
      if (end.cutOff === undefined) this.#cases.add(0, { mistake: 'has no fate', facts: [this.#stored.get(copy) - 1] })
    }
    const judged = this.#copies.length
    const counts = { ...Object.fromEntries([...this.#fates].sort(([a], [b]) => (a < b ? -1 : 1))), open }
    return [
      conclude(
        { service: wholeRun, guarantee: accounted.name, level: 'run', judged, counts },
        {
          violations: this.#cases.count,
          witnesses: this.#cases.kept.map((found) => this.#witness(found)),
          undecided: this.#undecided(judged, open),
        },
      ),
    ]
  }

  #undecided(judged: number, open: number): string | undefined {
    if (judged === 0) return 'no copy of a message was stored anywhere'
    return open > 0 ? `${open} of ${judged} copies were still under way: ${this.#context.end.cutOff}` : undefined
  }

  #store({ copy, index }: FactOf<typeof copyStored>): void {
    const before = this.#stored.get(copy)
    if (before > 0) return this.#cases.add(1, { mistake: 'was stored a second time', facts: [before - 1, index] })
    this.#stored.set(copy, index + 1)
    this.#copies.push(copy)
  }

  #end({ copy, index }: FactOf<typeof copyEnded> | FactOf<typeof copyRemained>, fate: string): void {
    this.#fates.set(fate, (this.#fates.get(fate) ?? 0) + 1)
    const before = this.#ended.get(copy)
    if (before > 0) return this.#cases.add(2, { mistake: 'has a second fate', facts: [before - 1, index] })
    this.#ended.set(copy, index + 1)
    if (this.#stored.get(copy) === 0) this.#cases.add(1, { mistake: 'was never stored', facts: [index] })
  }

  #witness({ mistake, facts }: Case): Witness {
    const { names, recall } = this.#context
    const evidence = evidenceOf(recall, facts)
    const first = evidence[0]
    const message = first === undefined ? '?' : names.text(Number(first['message']))
    const copy = first === undefined ? '?' : String(first['copy'])
    const said = evidence.map((fact) => factText(fact, names)).join(', then ')
    return { item: message, sentence: `Copy ${copy} of ${message} ${mistake}: ${said}.`, evidence }
  }
}
