import type { Level } from '../checks/plan.ts'
import type { AnyFact } from '../history/fact.ts'
import { faultStruck } from '../history/facts.ts'
import { causeOf, type Cause } from '../report/cause.ts'
import type { Trails } from '../report/trails.ts'
import { trailsOf } from '../report/violations.ts'
import type { JudgedRow, Run } from '../run.ts'
import { showing, type Symptom } from './symptom.ts'

/** What a search looks for. */
export interface Wanted {
  /**
   * Only these (`no-loss`, `no-duplicates/delivery`), whatever the scenario expects of them; none means every one that is broken against
   * expectation.
   */
  readonly guarantees: readonly string[]
  /** Only runs that show this. */
  readonly symptom: Symptom | undefined
}

export const anything: Wanted = { guarantees: [], symptom: undefined }

/** A guarantee that a run broke, and why. */
export interface Failure {
  /** A service, `from→to`, or `run`. */
  readonly service: string
  readonly guarantee: string
  /** Where it is judged: what a service was handed, or what came of it. */
  readonly level: Level
  /** Guarantee and cause as kinds: two failures of one kind are the same discovery. */
  readonly kind: string
  /** What happened to the worst case, a sentence. */
  readonly sentence: string
  /** The place in the schedule of the fault that is blamed; nothing where none is. */
  readonly fault: number | undefined
}

/**
 * What a run broke that was looked for: one failure for each service and guarantee. A service whose effects are judged is judged by them: that
 * a message came twice is no failure where its effect did not, unless somebody asks or expects it.
 */
export function failuresOf(run: Run, wanted: Wanted): readonly Failure[] {
  const broken = run.rows.filter((row) => row.verdict === 'violated' && isWanted(row, run, wanted))
  const rows = wanted.symptom === undefined ? broken : aboutSymptom(broken, run, wanted.symptom)
  if (rows.length === 0) return []
  const told = new Map(rows.map((row) => [`${row.service} ${row.guarantee}`, row]))
  const separate = [...told.values()].filter((row) => wanted.guarantees.length > 0 || !isImplied(row, rows))
  const trails = trailsOf(run)
  return separate.map((row) => failureOf(run, row, trails))
}

/**
 * Those that are broken for what shows the symptom: that something else was lost in the same run says nothing to somebody who saw an effect twice. Where it is beyond
 * the few witnesses that a row keeps, all of them.
 */
function aboutSymptom(rows: readonly JudgedRow[], { history }: Run, symptom: Symptom): readonly JudgedRow[] {
  const items = showing(history, symptom)
  if (items.size === 0) return []
  const about = rows.filter(({ witnesses }) => witnesses.some(({ item }) => items.has(item)))
  return about.length > 0 ? about : rows
}

function isWanted(row: JudgedRow, run: Run, { guarantees }: Wanted): boolean {
  const { guarantee, level, expected } = row
  if (guarantees.includes(`${guarantee}/${level}`)) return true
  const asked = guarantees.length > 0 ? guarantees.includes(guarantee) : expected !== 'violated'
  return asked && (level !== 'delivery' || expected === 'holds' || !isJudgedByEffects(row, run))
}

/** A run that was cut off does not know yet what comes of its effects; that they are not judged is no reason to judge it by less. */
function isJudgedByEffects({ service, guarantee }: JudgedRow, { rows, ending }: Run): boolean {
  return rows.some(
    (row) =>
      row.service === service &&
      row.guarantee === guarantee &&
      row.level === 'effect' &&
      (row.verdict !== 'unknown' || ending === 'bound'),
  )
}

/** Whether a narrower guarantee says the same: what is lost or doubled is not there once, and on the last hop not there end to end. */
function isImplied({ service, guarantee }: JudgedRow, rows: readonly JudgedRow[]): boolean {
  const parts = guarantee === 'exactly-once' ? ['no-loss', 'no-duplicates', 'exactly-once'] : [guarantee]
  const [, receiver] = service.split('→')
  return rows.some(
    (row) =>
      (row.service === service && row.guarantee !== guarantee && parts.includes(row.guarantee)) ||
      (row.service === receiver && parts.includes(row.guarantee)),
  )
}

function failureOf(run: Run, { service, guarantee, level, witnesses }: JudgedRow, trails: Trails): Failure {
  const [witness] = witnesses
  const cause = witness && causeOf(run.history, witness, trails)
  const kind = `${service} ${guarantee}${level === 'delivery' ? ' (delivery)' : ''}: ${cause === undefined ? 'without a cause' : chainOf(run, cause)}`
  const struck = cause?.fault ?? (cause?.struck.kind === faultStruck.name ? cause.struck : undefined)
  const fault = struck === undefined ? undefined : Number(struck['fault'])
  return { service, guarantee, level, kind, sentence: witness?.sentence ?? '', fault }
}

/** `crash of billing (node-crashed) after effect-applied before delivered`. */
function chainOf({ history }: Run, { struck, fault, before, after }: Cause): string {
  const text = (fact: AnyFact, field: string): string => history.names.text(Number(fact[field]))
  const by = fault ?? struck
  const what =
    by.kind === faultStruck.name ? `${text(by, 'action')} of ${rolesOf(text(by, 'target'))}` : `no fault (${by.kind})`
  return [
    what,
    ...(before === undefined ? [] : [`after ${before.kind}`]),
    ...(after === undefined ? [] : [`before ${after.kind}`]),
  ].join(' ')
}

/** Members of one service or system play one role: `billing-1, billing-2` are both `billing`. */
function rolesOf(targets: string): string {
  return [...new Set(targets.split(', ').map(roleOf))].sort().join(' and ')
}

/** `billing-2` → `billing`. */
export function roleOf(node: string): string {
  return node.replace(/-\d+$/, '')
}
