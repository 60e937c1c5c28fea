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
import { Traces } from './traces.ts'

/** Judges a kept history in one pass: a row for each service or pair, guarantee and level, in the order of the checks. */
export function judge(history: History, plan: Plan, checks: readonly Check[] = allChecks): readonly CheckRow[] {
  const judgement = begin(history.names, plan, checks, memoryOf(history))
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
  const traces = new Traces()
  const judgement = begin(history.names, plan, checks, {
    recall: (index) => memory?.recall(index) ?? history.at(index),
    traces: () => traces,
  })
  const folds = [...judgement.folds, traces]
  memory = new FactMemory(
    history,
    folds.flatMap((fold) => fold.kinds),
  )
  follow(history, folds)
  return judgement
}

/** Where what witnesses tell comes from. */
type Memory = Pick<CheckContext, 'recall' | 'traces'>

function memoryOf(history: History): Memory {
  let traces: Traces | undefined
  return {
    recall: (index) => history.at(index),
    traces() {
      if (traces === undefined) replay(history, [(traces = new Traces())])
      return traces
    },
  }
}

interface Judging {
  readonly folds: readonly Fold[]
  readonly finish: () => readonly CheckRow[]
}

function begin(names: Names, plan: Plan, checks: readonly Check[], memory: Memory): Judging {
  const sends = new Sends(names)
  const sightings = new Sightings(plan, names, sends, memory.recall)
  const end = new RunEnd(names)
  const rows = new Map<Check, readonly CheckRow[]>()
  const rowsOf = (check: Check): readonly CheckRow[] => {
    const known = rows.get(check) ?? (judging.get(check) ?? check.begin(context)).finish()
    rows.set(check, known)
    return known
  }
  const context: CheckContext = { plan, names, sends, sightings, end, ...memory, rowsOf }
  const wanted = checks.filter(({ name, onRequest }) => onRequest !== true || isAskedFor(plan, { guarantee: name }))
  const judging = new Map(wanted.map((check) => [check, check.begin(context)]))
  return {
    folds: [sends, sightings, end, ...judging.values()],
    finish: () =>
      wanted.flatMap((check) => rowsOf(check).filter((row) => check.onRequest !== true || isAskedFor(plan, row))),
  }
}
