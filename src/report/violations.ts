import type { Witness } from '../checks/check.ts'
import type { JudgedRow, Run } from '../run.ts'
import { causeText } from './cause.ts'
import { counted, unbreakable } from './quantities.ts'
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

/** The worst case of each broken guarantee; levels and guarantees of a service that are broken by the same case are told together. */
export function violationsOf(run: Run, trails: Trails = trailsOf(run)): readonly Violation[] {
  const groups: Case[][] = []
  for (const row of run.rows) {
    const [witness] = row.witnesses
    if (witness === undefined) continue
    const one = { row, witness, cause: causeText(run.history, witness, trails) }
    const group = groups.find((others) => others.some((other) => toldTogether(one, other)))
    if (group === undefined) groups.push([one])
    else group.push(one)
  }
  return groups.flatMap((cases) => violation(cases) ?? [])
}

/** Either the sentence is the same, or the levels of a guarantee are broken for the same reason. */
function toldTogether(one: Case, other: Case): boolean {
  if (one.row.service !== other.row.service || one.cause !== other.cause) return false
  if (one.witness.sentence === other.witness.sentence) return true
  const sameGuarantee = one.row.guarantee === other.row.guarantee && one.witness.item === other.witness.item
  return sameGuarantee && one.cause !== ''
}

interface Case {
  readonly row: JudgedRow
  readonly witness: Witness
  readonly cause: string
}

/** The trails of everything that the run's witnesses are about. */
export function trailsOf(run: Run): Trails {
  return readTrails(
    run.history,
    run.rows.flatMap((row) => row.witnesses),
  )
}

/** Told as the expected guarantee has it; of several levels, the effect says more than the delivery. */
function violation(cases: readonly Case[]): Violation | undefined {
  const told = cases.findLast(({ row }) => row.expected === 'violated') ?? cases.at(-1)
  if (told === undefined) return undefined
  const { row, witness, cause } = told
  const others = row.violations - 1
  const more = others > 0 ? ` (and ${counted(others, 'more case')})` : ''
  const sentence = `${witness.sentence.replace(/\.$/, '')}${more}.`
  const why = cause === '' || sentence.includes(cause.replaceAll(unbreakable, ' ')) ? '' : ` Why: ${cause}.`
  const rows = cases.map((one) => one.row)
  return { rows, witness, heading: headingOf(rows), sentence: sentence + why }
}

/** Guarantees by the levels at which they are broken. */
function headingOf(rows: readonly JudgedRow[]): string {
  const guarantees = [...new Set(rows.map(({ guarantee }) => guarantee))].join(', ')
  const levels = [...new Set(rows.map(({ level }) => level))].join(' and ')
  return `${rows[0]?.service ?? ''} ${guarantees} (${levels})`
}
