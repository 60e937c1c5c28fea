import type { Witness } from '../checks/check.ts'
import type { JudgedRow, Run } from '../run.ts'
import { causeText } from './cause.ts'
import { counted } from './quantities.ts'
import { readTrails, type Trails } from './trails.ts'

/** A broken case as it is told: whom it concerns, what happened, and why. */
export interface Violation {
  /** The guarantees of one service that this case breaks worst. */
  readonly rows: readonly JudgedRow[]
  readonly witness: Witness
  /** What was broken: `billing no-duplicates, exactly-once (effect)`. */
  readonly heading: string
  /** The witness's sentence, how many more there are, and the cause: a line for people. */
  readonly sentence: string
}

/** The worst case of each broken guarantee; guarantees that are broken by the same case are told together. */
export function violationsOf(run: Run, trails: Trails = trailsOf(run)): readonly Violation[] {
  const groups = new Map<string, JudgedRow[]>()
  for (const row of run.rows) {
    const [witness] = row.witnesses
    if (witness === undefined) continue
    const key = JSON.stringify([row.service, witness.sentence])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((rows) => {
    const witness = rows[0]?.witnesses[0]
    return witness === undefined ? [] : [violation(run, rows, witness, trails)]
  })
}

/** The trails of everything that the run's witnesses are about. */
export function trailsOf(run: Run): Trails {
  return readTrails(
    run.history,
    run.rows.flatMap((row) => row.witnesses),
  )
}

function violation({ history }: Run, rows: readonly JudgedRow[], witness: Witness, trails: Trails): Violation {
  const others = Math.max(...rows.map(({ violations }) => violations)) - 1
  const more = others > 0 ? ` (and ${counted(others, 'more case')})` : ''
  const cause = causeText(history, witness, trails)
  const why = cause === '' ? '' : `: ${cause}`
  return { rows, witness, heading: headingOf(rows), sentence: `${witness.sentence.replace(/\.$/, '')}${more}${why}.` }
}

/** Guarantees by the levels at which they are broken. */
function headingOf(rows: readonly JudgedRow[]): string {
  const guarantees = [...new Set(rows.map(({ guarantee }) => guarantee))].join(', ')
  const levels = [...new Set(rows.map(({ level }) => level))].join(' and ')
  return `${rows[0]?.service ?? ''} ${guarantees} (${levels})`
}
