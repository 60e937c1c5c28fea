import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { CheckContext, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { actorText, evidenceOf, timeText } from './saying.ts'
import type { View } from './view.ts'
import { WorstFew } from './worst-few.ts'

/** What order is to be kept: among the operations of a lane, by rank. */
export interface OrderRule {
  readonly guarantee: string
  /** `undefined` for an operation that is to keep no order with any other. */
  readonly lane: (operation: Name, lanes: LaneNumbers) => number | undefined
  readonly rank: (operation: Name) => number
  /** The lane of an operation in words: `key customer-3`. */
  readonly laneText: (operation: Name) => string
  /** Why there was nothing to compare. */
  readonly nothing: string
}

/** A small number for each pair of names, counted up from 1. */
export class LaneNumbers {
  readonly #numbers = new Map<Name, IntegerMap>()
  #count = 0

  of(first: Name, second: Name): number {
    let numbers = this.#numbers.get(first)
    if (numbers === undefined) this.#numbers.set(first, (numbers = new IntegerMap()))
    const known = numbers.get(second)
    if (known > 0) return known
    numbers.set(second, ++this.#count)
    return this.#count
  }
}

interface Inversion {
  /** The operation that came too late, and the one of a higher rank that came before it. */
  readonly late: Name
  readonly early: Name
}

/** Judges the first arrivals of a view: each must rank at least as high as all that came before it in its lane. */
export function judgeOrder(context: CheckContext, view: View, rule: OrderRule): CheckRow {
  const { inversions, compared } = findInversions(context, view, rule)
  return conclude(
    { service: view.viewer.label, guarantee: rule.guarantee, level: view.level, judged: compared, counts: {} },
    {
      violations: inversions.count,
      witnesses: inversions.kept.map((inversion) => witness(context, view, rule, inversion)),
      undecided: compared === 0 ? rule.nothing : context.end.cutOff,
    },
  )
}

/** One pass: per lane only the highest operation so far is kept. An operation that anybody overtook counts once. */
function findInversions({ sends }: CheckContext, view: View, rule: OrderRule) {
  const lanes = new LaneNumbers()
  const highest: (Name | undefined)[] = []
  const inversions = new WorstFew<Inversion>()
  let compared = 0
  for (const operation of view.firstArrivals()) {
    if (!sends.knowsOperation(operation)) continue
    const lane = rule.lane(operation, lanes)
    if (lane === undefined) continue
    const early = highest[lane]
    if (early !== undefined) compared++
    const distance = early === undefined ? 0 : rule.rank(early) - rule.rank(operation)
    if (early !== undefined && distance > 0) inversions.add(distance, { late: operation, early })
    else highest[lane] = operation
  }
  return { inversions, compared }
}

function witness(context: CheckContext, view: View, rule: OrderRule, { late, early }: Inversion): Witness {
  const { names, recall, sends } = context
  const [lateAt, earlyAt] = [view.firstArrivalOf(late), view.firstArrivalOf(early)]
  const verb = view.level === 'effect' ? 'applied' : 'was handed'
  const [lateFact, earlyFact] = [recall(lateAt), recall(earlyAt)]
  const [lateText, earlyText] = [names.text(late), names.text(early)]
  return {
    item: lateText,
    sentence:
      `${view.viewer.receiver} ${verb} ${lateText} after ${earlyText}, which ${names.text(sends.producerOf(late))} had sent later ` +
      `(${rule.laneText(late)}): ${earlyText} at ${timeText(earlyFact.time)} by ${actorText(earlyFact, names)}, ` +
      `${lateText} at ${timeText(lateFact.time)} by ${actorText(lateFact, names)}.`,
    evidence: evidenceOf(recall, [sends.firstSubmissionOf(late), sends.firstSubmissionOf(early), earlyAt, lateAt]),
  }
}
