import type { CheckRow, Verdict } from '../checks/check.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { metricAt } from '../metrics/metrics.ts'
import type { Expectation, Scenario, Threshold } from '../scenario/scenario.ts'
import type { Fault } from '../simulation/fault.ts'
import type { FaultState } from '../simulation/scheduled-fault.ts'

/** A verdict, and whether the scenario expected it; `expected` is nothing where it said nothing. */
export type JudgedRow = CheckRow & { readonly expected: Verdict | undefined; readonly met: boolean }

/** A threshold with the figure that was measured; nothing where there was none. */
export interface JudgedThreshold extends Threshold {
  readonly measured: number | undefined
  readonly met: boolean
}

/** A fault of the scenario, and what became of it. */
export interface JudgedFault {
  readonly fault: Fault
  readonly state: FaultState
}

/** Whether a run came out as its scenario says. `undecided`: something that it expects could not be judged, nothing at all could, or a fault never struck. */
export type Conclusion = 'as-expected' | 'not-as-expected' | 'undecided'

/**
 * The rows beside what the scenario expects of them. An expectation without a level is meant for every level; that something is violated is
 * met by one level at which it is, and then says nothing of the others.
 */
export function judgeRows(rows: readonly CheckRow[], { expectations, otherwise }: Scenario): readonly JudgedRow[] {
  return rows.map((row) => {
    const expected = expectedOf(row, rows, expectations)
    const unnamed = otherwise === 'anything' || row.verdict !== 'violated'
    return { ...row, expected, met: expected === undefined ? unnamed : expected === row.verdict }
  })
}

function expectedOf(
  row: CheckRow,
  rows: readonly CheckRow[],
  expectations: readonly Expectation[],
): Verdict | undefined {
  const meant = expectations.filter(({ service, guarantee }) => service === row.service && guarantee === row.guarantee)
  const expectation = meant.find(({ level }) => level === row.level) ?? meant.find(({ level }) => level === undefined)
  if (expectation === undefined || expectation.level !== undefined || expectation.verdict !== 'violated')
    return expectation?.verdict
  const violatedElsewhere = rowsMeantBy(expectation, rows).some(({ verdict }) => verdict === 'violated')
  return violatedElsewhere && row.verdict !== 'violated' ? undefined : 'violated'
}

function rowsMeantBy({ service, guarantee, level }: Expectation, rows: readonly CheckRow[]): readonly CheckRow[] {
  return rows.filter(
    (row) => row.service === service && row.guarantee === guarantee && (level === undefined || row.level === level),
  )
}

export function judgeThreshold(threshold: Threshold, metrics: Metrics): JudgedThreshold {
  const measured = metricAt(metrics, threshold.service, threshold.metric)
  return {
    ...threshold,
    measured,
    met: measured !== undefined && relates(measured, threshold.relation, threshold.value),
  }
}

function relates(measured: number, relation: Threshold['relation'], value: number): boolean {
  switch (relation) {
    case '<':
      return measured < value
    case '<=':
      return measured <= value
    case '==':
      return measured === value
    case '>=':
      return measured >= value
    case '>':
      return measured > value
  }
}

/** An expectation without a row is not met: it names something that nobody judged. */
export function conclusionOf(
  scenario: Scenario,
  rows: readonly JudgedRow[],
  thresholds: readonly JudgedThreshold[],
  faults: readonly JudgedFault[],
): Conclusion {
  const outcomes = [
    ...scenario.expectations.map((expectation) => outcomeOf(expectation, rows)),
    ...(testedNothing(scenario, rows) ? (['undecided'] as const) : []),
    ...thresholds.map(({ met, measured }): Conclusion =>
      met ? 'as-expected' : measured === undefined ? 'undecided' : 'not-as-expected',
    ),
  ]
  const unnamed = rows.some(({ expected, met }) => expected === undefined && !met)
  if (unnamed || outcomes.includes('not-as-expected')) return 'not-as-expected'
  const stale = faults.some(({ state }) => state === 'missed' || state === 'waiting')
  return stale || outcomes.includes('undecided') ? 'undecided' : 'as-expected'
}

/** Without a level, an expected `violated` is met by one level that is; every other verdict must be that of all levels. */
function outcomeOf(expectation: Expectation, rows: readonly JudgedRow[]): Conclusion {
  const { verdict } = expectation
  const verdicts = rowsMeantBy(expectation, rows).map((row) => row.verdict)
  if (matches(verdict, verdicts)) return 'as-expected'
  // Whatever else is unknown: no level that holds keeps another from being violated, but one that is violated keeps all from holding.
  const ruledOut = verdict === 'holds' && verdicts.includes('violated')
  return !ruledOut && (verdicts.length === 0 || verdicts.includes('unknown')) ? 'undecided' : 'not-as-expected'
}

/** No verdict could be given, and nobody said that it would be so. */
function testedNothing({ expectations }: Scenario, rows: readonly JudgedRow[]): boolean {
  return (
    rows.every(({ verdict }) => verdict === 'unknown') && !expectations.some(({ verdict }) => verdict === 'unknown')
  )
}

function matches(expected: Verdict, verdicts: readonly Verdict[]): boolean {
  if (expected === 'violated') return verdicts.includes('violated')
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === expected)
}

/** What a run that tested little must say of itself. */
export function notesOn(
  { expectations }: Pick<Scenario, 'expectations'>,
  faults: readonly JudgedFault[],
  rows: readonly JudgedRow[],
): readonly string[] {
  const missed = faults.filter(({ state }) => state === 'missed' || state === 'waiting')
  const nothing = rows.filter((row) => row.verdict === 'unknown')
  return [
    ...(faults.length > 0 && missed.length === faults.length
      ? ['No fault struck: this run shows only what happens when nothing breaks.']
      : []),
    ...missed.map(
      ({ fault }) =>
        `The fault "${fault.action} ${fault.targets.flat().join(', ')}" never struck: what it waited for did not happen, or nobody played the role.`,
    ),
    ...(rows.length > 0 && nothing.length === rows.length
      ? ['Nothing was handled: no guarantee had anything to judge.']
      : []),
    ...unjudgedNotes(expectations, rows),
  ]
}

/** What is expected of something that has no row, such as a chain along which nothing flows. */
function unjudgedNotes(expectations: readonly Expectation[], rows: readonly JudgedRow[]): readonly string[] {
  const judged = [...new Set(rows.map(({ service }) => service))].join(', ')
  return expectations
    .filter((expectation) => rowsMeantBy(expectation, rows).length === 0)
    .map(({ service, guarantee, level }) => {
      const what = level === undefined ? guarantee : `${guarantee}/${level}`
      return `Nobody judged ${what} of ${service}, of which something is expected. Judged were: ${judged}.`
    })
}
