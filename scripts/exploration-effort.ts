/**
 * `node scripts/run-typescript.mjs scripts/exploration-effort.ts [FILES]`: how many drawn runs it takes to find what the broken lessons show,
 * beginning with each lesson without its faults, and how small the counterexample gets. Prints the table of docs/exploration.md.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptOf } from '../src/exploration/attempt.ts'
import { failuresOf, type Failure } from '../src/exploration/failure.ts'
import { searchSpaceOf } from '../src/exploration/search-space.ts'
import { shrink } from '../src/exploration/shrink/shrink.ts'
import { runOrError } from '../src/exploration/needs-runs.ts'
import { counted } from '../src/report/quantities.ts'
import { run } from '../src/run.ts'
import type { Expectation, Scenario } from '../src/scenario/scenario.ts'

/** No more runs than this for a lesson, and no more time than that in ms. */
const mostRuns = 150
const mostTime = 40_000

function main(files: readonly string[]): void {
  print(['lesson', 'what breaks', 'runs', 'search', 'before', 'after', 'shrinking'])
  print(['---', '---', '--:', '--:', '---', '---', '---'])
  for (const { scenario, file } of loadScenarios(files, noOverlay, [])) {
    const broken = scenario.expectations.filter(({ verdict }) => verdict === 'violated')
    const [expectation] = broken
    if (expectation === undefined) continue
    print([scenario.name, said(expectation), ...effort(withoutFaults(file, scenario), expectation)])
  }
}

/** The lesson with nothing in it that breaks anything: its variant without faults, or as it is where it has none. */
function withoutFaults(file: string, scenario: Scenario): Scenario {
  if (scenario.faults.length === 0 && scenario.nemesis === undefined) return scenario
  return loadScenarios([file], { ...noOverlay, variant: 'no-faults' }, [])[0]?.scenario ?? scenario
}

function effort(scenario: Scenario, expectation: Expectation): readonly string[] {
  const { guarantee, level } = expectation
  const wanted = { guarantees: [level === undefined ? guarantee : `${guarantee}/${level}`], symptom: undefined }
  const isMeant = (failure: Failure): boolean => failure.service === expectation.service
  if (failuresOf(run(scenario), wanted).some(isMeant)) return ['0', '', 'breaks without any fault', '', '']
  const space = searchSpaceOf(scenario, { wanted, seed: scenario.seed, nemesis: undefined })
  const started = performance.now()
  let index = 0
  for (; index < mostRuns && performance.now() - started < mostTime; index++) {
    const attempt = attemptOf(space, index)
    const outcome = runOrError(attempt.scenario)
    const failure = typeof outcome === 'string' ? undefined : failuresOf(outcome, wanted).find(isMeant)
    if (failure === undefined) continue
    const searched = seconds(started)
    const shrinkingFrom = performance.now()
    const small = shrink(attempt.scenario, { ...failure, symptom: undefined })
    const size = ({ faults, messages }: typeof small.after): string =>
      `${counted(faults, 'fault')}, ${counted(messages, 'message')}`
    const shrunk = `${small.runs} runs, ${seconds(shrinkingFrom)}`
    return [
      String(index + 1),
      searched,
      size(small.before),
      `${size(small.after)}: ${small.kind.split(': ')[1] ?? ''}`,
      shrunk,
    ]
  }
  return [`not in ${index}`, seconds(started), '', '', '']
}

function said({ service, guarantee, level }: Expectation): string {
  return `${guarantee}${level === undefined ? '' : ` (${level})`} of ${service}`
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

main(process.argv.length > 2 ? process.argv.slice(2) : ['scenarios/00-the-tutorials', 'scenarios/01-delivery'])
