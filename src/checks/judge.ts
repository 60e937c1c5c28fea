import type { AnyFact } from '../history/fact.ts'
import { follow, replay, type Fold } from '../history/fold.ts'
import type { History } from '../history/history.ts'
import type { Names } from '../history/names.ts'
import type { Check, CheckContext, CheckRow } from './check.ts'
import { FactMemory } from './fact-memory.ts'
import { isAskedFor, type Plan } from './plan.ts'
import { checks as allChecks } from './registry.ts'
import { RunEnd } from './run-end.ts'
import { Sends } from './sends.ts'
import { Sightings } from './sightings.ts'

/** Judges a kept history in one pass: a row for each service or pair, guarantee and level, in the order of the checks. */
export function judge(history: History, plan: Plan, checks: readonly Check[] = allChecks): readonly CheckRow[] {
  const judgement = begin(history.names, plan, checks, (index) => history.at(index))
  replay(history, judgement.folds)
  return judgement.finish()
}

/** Judges a run while it goes on: begin before the first fact, ask for the rows after the last one. */
export function judgeLive(
  history: History,
  plan: Plan,
  checks: readonly Check[] = allChecks,
): { readonly finish: () => readonly CheckRow[] } {
  let memory: FactMemory | undefined
  const judgement = begin(history.names, plan, checks, (index) => memory?.recall(index) ?? history.at(index))
  if (!history.kept)
    memory = new FactMemory(
      history,
      judgement.folds.flatMap((fold) => fold.kinds),
    )
  follow(history, judgement.folds)
  return judgement
}

interface Judging {
  readonly folds: readonly Fold[]
  readonly finish: () => readonly CheckRow[]
}

function begin(names: Names, plan: Plan, checks: readonly Check[], recall: (index: number) => AnyFact): Judging {
  const sends = new Sends(names)
  const sightings = new Sightings(plan, names, sends, recall)
  const end = new RunEnd(names)
  const context: CheckContext = { plan, names, sends, sightings, end, recall }
  const wanted = checks.filter(({ name, onRequest }) => onRequest !== true || isAskedFor(plan, { guarantee: name }))
  const judging = wanted.map((check) => ({ check, fold: check.begin(context) }))
  return {
    folds: [sends, sightings, end, ...judging.map(({ fold }) => fold)],
    finish: () =>
      judging.flatMap(({ check, fold }) =>
        fold.finish().filter((row) => check.onRequest !== true || isAskedFor(plan, row)),
      ),
  }
}
