import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { CheckContext, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { actorText, evidenceOf, timeText } from './saying.ts'
import type { View } from './view.ts'
import { WorstFew } from './worst-few.ts'

/** What order is to be kept: that of every baseline. */
export interface OrderRule {
  readonly guarantee: string
  readonly baselines: readonly Baseline[]
  /** Why there was nothing to compare. */
  readonly nothing: string
}

/** A reason for operations to come one after another: by rank, among those of a lane. */
export interface Baseline {
  /** `undefined` for an operation that is to keep no order with any other. */
  readonly lane: (operation: Name, lanes: LaneNumbers) => number | undefined
  readonly rank: (operation: Name) => number
  /** The highest rank of what may come before it; its own where none is said. */
  readonly reach?: (operation: Name) => number
  /** Why the one should have come before the other, behind the name of the other, and the facts that show it. */
  readonly because: (late: Name, early: Name) => Reason
}

interface Reason {
  readonly words: string
  readonly evidence: readonly number[]
}

/** What a producer sends is to come in the order of its sequence, among what is in one lane; `laneText` says which: `key customer-3`. */
export function sequenceBaseline(
  { sends, names }: Pick<CheckContext, 'sends' | 'names'>,
  lane: Baseline['lane'],
  laneText: (operation: Name) => string,
): Baseline {
  return {
    lane,
    rank: (operation) => sends.sequenceOf(operation),
    because: (late, early) => ({
      words: `which ${names.text(sends.producerOf(late))} had sent later${laneText(late)}`,
      evidence: [sends.firstSubmissionOf(late), sends.firstSubmissionOf(early)],
    }),
  }
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

/** The arrivals at one view, held against one baseline: per lane only the highest operation so far is kept. */
class Front {
  readonly baseline: Baseline
  readonly #lanes = new LaneNumbers()
  readonly #highest: (Name | undefined)[] = []

  constructor(baseline: Baseline) {
    this.baseline = baseline
  }

  /** The highest operation of its lane that came before; `undefined` for the first. */
  pass(operation: Name): Name | undefined {
    const { lane, rank } = this.baseline
    const place = lane(operation, this.#lanes)
    if (place === undefined) return undefined
    const highest = this.#highest[place]
    if (highest === undefined || rank(operation) >= rank(highest)) this.#highest[place] = operation
    return highest
  }
}

interface Inversion {
  /** The operation that came too late, and the one that should have come after it. */
  readonly late: Name
  readonly early: Name
  readonly baseline: Baseline
}

/** Judges the first arrivals of a view: none may come after one that a baseline puts behind it. */
export function judgeOrder(context: CheckContext, view: View, rule: OrderRule): CheckRow {
  const inversions = new Inversions(context, rule)
  for (const operation of view.firstArrivals()) inversions.pass(operation)
  const { found, compared } = inversions
  return conclude(
    { service: view.viewer.label, guarantee: rule.guarantee, level: view.level, judged: compared, counts: {} },
    {
      violations: found.count,
      witnesses: found.kept.map((inversion) => witness(context, view, inversion)),
      undecided: compared === 0 ? rule.nothing : context.end.cutOff,
    },
  )
}

/** One pass over the first arrivals. An operation that anybody overtook counts once, whatever the number of baselines that it offends. */
class Inversions {
  readonly found = new WorstFew<Inversion>()
  /** Operations that had another one to be compared with. */
  compared = 0
  readonly #sends: CheckContext['sends']
  readonly #fronts: readonly Front[]

  constructor({ sends }: CheckContext, { baselines }: OrderRule) {
    this.#sends = sends
    this.#fronts = baselines.map((baseline) => new Front(baseline))
  }

  pass(operation: Name): void {
    if (!this.#sends.knowsOperation(operation)) return
    let [met, overtaken] = [false, false]
    for (const front of this.#fronts) {
      const early = front.pass(operation)
      if (early === undefined) continue
      met = true
      const distance = overtaken ? 0 : distanceBehind(operation, early, front.baseline)
      if (distance <= 0) continue
      overtaken = true
      this.found.add(distance, { late: operation, early, baseline: front.baseline })
    }
    if (met) this.compared++
  }
}

function distanceBehind(late: Name, early: Name, { rank, reach = rank }: Baseline): number {
  return rank(early) - reach(late)
}

function witness(context: CheckContext, view: View, { late, early, baseline }: Inversion): Witness {
  const { names, recall } = context
  const [lateAt, earlyAt] = [view.firstArrivalOf(late), view.firstArrivalOf(early)]
  const verb = view.level === 'effect' ? 'applied' : 'was handed'
  const [lateFact, earlyFact] = [recall(lateAt), recall(earlyAt)]
  const [lateText, earlyText] = [names.text(late), names.text(early)]
  const { words, evidence } = baseline.because(late, early)
  return {
    item: lateText,
    sentence:
      `${view.viewer.receiver} ${verb} ${lateText} after ${earlyText}, ${words}: ` +
      `${earlyText} at ${timeText(earlyFact.time)} by ${actorText(earlyFact, names)}, ` +
      `${lateText} at ${timeText(lateFact.time)} by ${actorText(lateFact, names)}.`,
    evidence: evidenceOf(recall, [...evidence, earlyAt, lateAt]),
  }
}
