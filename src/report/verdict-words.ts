import type { JudgedRow, JudgedThreshold, Run } from '../run.ts'

/** How a verdict stands to what was expected; decides the colour. */
export type Standing = 'broken' | 'holds' | 'unknown'

/** `BROKEN, as this lesson expects`; `holds`; `unknown: nothing was confirmed`. */
export function verdictText(row: JudgedRow, run: Run): string {
  const words = `${verdictWord(row.verdict)}${comparedWithExpected(row, run)}`
  const reason = row.verdict === 'unknown' ? row.reason : ''
  return reason === '' ? words : `${words}: ${reason}`
}

function verdictWord(verdict: JudgedRow['verdict']): string {
  return verdict === 'violated' ? 'BROKEN' : verdict
}

function comparedWithExpected({ verdict, expected }: JudgedRow, run: Run): string {
  if (expected === undefined) return verdict === 'violated' ? unexpectedWords(run) : ''
  if (expected !== verdict) return `, but ${kindOfScenario(run)} expects ${expectedWords[expected]}`
  return verdict === 'holds' ? ', as expected' : `, as ${kindOfScenario(run)} expects`
}

/** A scenario that expects something need not name everything else. */
function unexpectedWords(run: Run): string {
  return run.scenario.expectations.length > 0
    ? `, of which ${kindOfScenario(run)} says nothing`
    : ', and nobody expected that'
}

const expectedWords = { holds: 'it to hold', violated: 'it to break', unknown: 'that nobody can tell' } as const

/** A scenario that asks for a prediction is a lesson. */
function kindOfScenario({ scenario }: Run): string {
  return scenario.predict === undefined ? 'this scenario' : 'this lesson'
}

export function standingOf({ verdict }: JudgedRow): Standing {
  return verdict === 'violated' ? 'broken' : verdict
}

/** A missed threshold is broken; one without a figure is not known. */
export function thresholdStanding({ met, measured }: JudgedThreshold): Standing {
  if (measured === undefined) return 'unknown'
  return met ? 'holds' : 'broken'
}

const conclusionWords: Readonly<Record<Run['conclusion'], string>> = {
  'as-expected': 'as expected',
  'not-as-expected': 'NOT AS EXPECTED',
  undecided: 'undecided',
}

/** How the run came out. Where nobody said what to expect, nothing can be as expected. */
export function conclusionText(run: Run): string {
  return run.conclusion === 'as-expected' && expectsNothing(run) ? 'nothing expected' : conclusionWords[run.conclusion]
}

const conclusionStandings: Readonly<Record<Run['conclusion'], Standing>> = {
  'as-expected': 'holds',
  'not-as-expected': 'broken',
  undecided: 'unknown',
}

/** Nobody can call it well or not when something broke of which nobody said what to expect. */
export function conclusionStanding(run: Run): Standing {
  const broken = run.rows.some(({ verdict }) => verdict === 'violated')
  return broken && run.conclusion === 'as-expected' && expectsNothing(run)
    ? 'unknown'
    : conclusionStandings[run.conclusion]
}

function expectsNothing({ scenario }: Run): boolean {
  return scenario.expectations.length + scenario.thresholds.length === 0 && scenario.otherwise === 'anything'
}

function unmentionedWords(run: Run): string {
  return expectsNothing(run) ? 'broken' : 'broken besides'
}

/** Everything counted in a few words: `2 broken as expected, 1 broken against what was expected, 9 hold, 1 unknown`. */
export function verdictCounts(run: Run): string {
  const broken = run.rows.filter(({ verdict }) => verdict === 'violated')
  const expected = broken.filter((row) => row.expected === 'violated').length
  const unmentioned = broken.filter((row) => row.expected === undefined).length
  const missed = run.thresholds.filter((threshold) => thresholdStanding(threshold) === 'broken').length
  const holding = run.rows.filter(({ verdict }) => verdict === 'holds').length
  const counts: readonly (readonly [number, string])[] = [
    [missed, missed === 1 ? 'threshold missed' : 'thresholds missed'],
    [broken.length - expected - unmentioned, 'broken against what was expected'],
    [expected, 'broken as expected'],
    [unmentioned, unmentionedWords(run)],
    [holding, holding === 1 ? 'holds' : 'hold'],
    [run.rows.filter(({ verdict }) => verdict === 'unknown').length, 'unknown'],
  ]
  const said = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`)
  return said.length === 0 ? 'nothing was judged' : said.join(', ')
}
