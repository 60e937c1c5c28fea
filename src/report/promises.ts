import { faultStruck } from '../history/facts.ts'
import type { Run } from '../run.ts'
import type { Standing } from './verdict-words.ts'

type Claim = Run['systems'][number]['claims'][number]

/** What became of a promise in a run. */
export interface PromiseOutcome {
  readonly standing: Standing
  readonly text: string
}

/** It was made under the faults that struck, and broken: the model is wrong, or whoever promised it. */
export const brokenPromise = 'BROKEN PROMISE'

/**
 * A promise binds only under the faults that it names; that of a consumer only for what senders are promised as well, also those of another system, from
 * which it may come.
 */
export function outcomeOf({ service, role, guarantee, level, holds, under }: Claim, run: Run): PromiseOutcome {
  const row = run.rows.find(
    (judged) => judged.service === service && judged.guarantee === guarantee && judged.level === level,
  )
  if (row === undefined) return { standing: 'unknown', text: 'not judged for this service by itself' }
  if (row.verdict === 'unknown') return { standing: 'unknown', text: 'not tested' }
  if (row.verdict === 'holds') return { standing: 'holds', text: holds ? 'kept' : 'held this time, without a promise' }
  if (!holds) return { standing: 'broken', text: 'broken, as its documentation says it may be' }
  const claims = run.systems.flatMap((system) => system.claims)
  const ofSenders = claims.filter((one) => one.role === 'producer' && one.guarantee === guarantee)
  if (role === 'consumer' && ofSenders.some((one) => !one.holds))
    return { standing: 'broken', text: 'broken; whoever sends is not promised it' }
  const bounds = role === 'consumer' ? [under, ...ofSenders.map((one) => one.under)] : [under]
  const outside = actionsThatStruck(run).filter((action) => bounds.some((bound) => !bound.includes(action)))
  if (outside.length > 0)
    return { standing: 'broken', text: `broken by what the promise leaves out: ${outside.join(', ')}` }
  return { standing: 'broken', text: brokenPromise }
}

function actionsThatStruck({ history, faults }: Run): readonly string[] {
  if (!history.kept)
    return [...new Set(faults.filter(({ state }) => state !== 'missed').map(({ fault }) => fault.action))]
  const actions = new Set<string>()
  for (const fact of history) {
    if (fact.kind === faultStruck.name) actions.add(history.names.text(Number(fact['action'])))
  }
  return [...actions]
}
