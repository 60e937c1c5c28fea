import type { AnyFact } from '../history/fact.ts'
import type { Fold } from '../history/fold.ts'
import type { Names } from '../history/names.ts'
import type { Level, Plan } from './plan.ts'
import type { RunEnd } from './run-end.ts'
import type { Sends } from './sends.ts'
import type { Sightings } from './sightings.ts'
import type { Traces } from './traces.ts'

/**
 * A check judges one guarantee: a fold over facts that ends in rows, one for each service (or pair of services) and level.
 * A `guarantee` uses what clients and stores saw; an `audit` may use what the broker knew of itself.
 */
export interface Check {
  readonly name: string
  /** The promise in one line: "every confirmed message arrives". */
  readonly title: string
  readonly scope: 'guarantee' | 'audit'
  /** Whether it is judged only of whom the plan asks it; always, unless it says so. */
  readonly onRequest?: boolean
  begin(context: CheckContext): CheckFold
}

export interface CheckFold extends Fold {
  /** The verdicts over the facts seen. Called once, after the last fact. */
  finish(): readonly CheckRow[]
}

/** What a check is given. `sends`, `sightings` and `end` are folds that the checks of a judgement share: they see a fact before the checks do. */
export interface CheckContext {
  readonly plan: Plan
  readonly names: Names
  readonly sends: Sends
  readonly sightings: Sightings
  readonly end: RunEnd
  /** The fact at this index, among the kinds of facts that checks listen to. */
  recall(index: number): AnyFact
  /** What was known last of each message: asked for only when something is to be told, because most runs have nothing to tell. */
  traces(): Traces
  /** What another check says that has no facts of its own to see; judged once, however many ask. */
  rowsOf(check: Check): readonly CheckRow[]
}

export type Verdict = 'holds' | 'violated' | 'unknown'

/** What is said of one service (or pair) about one guarantee at one level. */
export type CheckRow = RowHead & Judgement

export interface RowHead {
  /** A service, `from→to`, or `run`. */
  readonly service: string
  readonly guarantee: string
  readonly level: Level
  /** How many things the verdict is about. */
  readonly judged: number
  /** Figures that explain the verdict, by name; docs/guarantees.md lists them. */
  readonly counts: Readonly<Record<string, number>>
}

export type Judgement =
  | { readonly verdict: 'holds'; readonly violations: 0; readonly witnesses: readonly [] }
  | {
      readonly verdict: 'violated'
      readonly violations: number
      readonly witnesses: readonly Witness[]
      readonly reason?: string
    }
  | {
      readonly verdict: 'unknown'
      readonly violations: 0
      readonly witnesses: readonly []
      /** Why nothing can be said. */
      readonly reason: string
    }

/** One broken case, with the facts that show it. */
export interface Witness {
  /** The message, operation or copy that it is about. */
  readonly item: string
  /** What happened, in one sentence of plain English. */
  readonly sentence: string
  /** In the order in which they happened; a fact carries its index in the history. */
  readonly evidence: readonly AnyFact[]
}

/** How many witnesses a row keeps: the worst ones. */
export const witnessLimit = 5

/** The worst of several verdicts: violated, then unknown, then holds. No verdict at all is `unknown`. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('violated')) return 'violated'
  return verdicts.includes('unknown') || verdicts.length === 0 ? 'unknown' : 'holds'
}
