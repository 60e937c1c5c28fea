/**
 * `node scripts/run-typescript.mjs scripts/exploration-effort.ts [FILES]`: how many runs of a search with its default settings it takes to find
 * what the broken lessons show, beginning with each lesson without its faults, and how small the counterexample gets. Prints the table of
 * docs/exploration.md. What is found only when it is asked for by `--guarantee` is marked. Ends with 1 where a counterexample has a fault or a message that it could do
 * without, or is larger than three faults and ten messages.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptFrom } from '../src/exploration/attempt.ts'
import type { Finding } from '../src/exploration/chunk.ts'
import { alone } from '../src/exploration/crew.ts'
import { anything, failuresOf, type Failure } from '../src/exploration/failure.ts'
import { searchSpaceOf, type SearchSpace } from '../src/exploration/search-space.ts'
import { notBegun, search } from '../src/exploration/search.ts'
import { shrink } from '../src/exploration/shrink/shrink.ts'
import { counted } from '../src/report/quantities.ts'
import { run } from '../src/run.ts'
import type { Expectation, Scenario } from '../src/scenario/scenario.ts'
import { leftOver } from '../test/exploration/left-over.ts'

/** What `explore` makes where nobody says how many, and how much of a core's time a lesson may take, in µs. */
const mostRuns = 500
const mostMicros = 60_000_000

async function main(files: readonly string[]): Promise<void> {
  print(['lesson', 'what breaks', 'runs', 'search', 'before', 'after', 'shrinking'])
  print(['---', '---', '--:', '--:', '---', '---', '---'])
  for (const { scenario, file } of loadScenarios(files, noOverlay, [])) {
    const broken = scenario.expectations.filter(({ verdict }) => verdict === 'violated')
    const [expectation] = broken
    if (expectation === undefined) continue
    print([scenario.name, said(expectation), ...(await effort(withoutFaults(file, scenario), expectation))])
  }
}

/** The lesson with nothing in it that breaks anything: its variant without faults, or as it is where it has none. */
function withoutFaults(file: string, scenario: Scenario): Scenario {
  if (scenario.faults.length === 0 && scenario.nemesis === undefined) return scenario
  return loadScenarios([file], { ...noOverlay, variant: 'no-faults' }, [])[0]?.scenario ?? scenario
}

async function effort(scenario: Scenario, expectation: Expectation): Promise<readonly string[]> {
  const isMeant = ({ service, guarantee, level }: Pick<Failure, 'service' | 'guarantee' | 'level'>): boolean =>
    service === expectation.service &&
    guarantee === expectation.guarantee &&
    (expectation.level === undefined || level === expectation.level)
  const { guarantee, level } = expectation
  const named = { guarantees: [level === undefined ? guarantee : `${guarantee}/${level}`], symptom: undefined }
  if (failuresOf(run(scenario), named).some(isMeant)) return ['0', '', 'breaks without any fault', '', '']
  const asked = { seed: scenario.seed, nemesis: undefined, islands: 4 }
  const found =
    (await searched(searchSpaceOf(scenario, { ...asked, wanted: anything }), isMeant)) ??
    (await searched(searchSpaceOf(scenario, { ...asked, wanted: named }), isMeant))
  if (found === undefined) return [`not in ${mostRuns}`, '', '', '', '']
  const shrinkingFrom = process.cpuUsage()
  const small = shrink(attemptFrom(found.space, found.finding.recipe).scenario, {
    ...found.finding,
    symptom: undefined,
  })
  const size = ({ faults, messages }: typeof small.after): string =>
    `${counted(faults, 'fault')}, ${counted(messages, 'message')}`
  const isLarge = small.after.faults > 3 || small.after.messages > 10
  const marks = [...(isLarge ? ['large'] : []), ...leftOver(small)].map((mark) => `**${mark}** `).join('')
  if (marks !== '') process.exitCode = 1
  return [
    `${found.finding.index + 1}${found.space.wanted === named ? ' (asked for)' : ''}`,
    found.took,
    size(small.before),
    `${marks}${size(small.after)}: ${small.kind.split(': ')[1] ?? ''}`,
    `${small.runs} runs, ${seconds(shrinkingFrom)}`,
  ]
}

interface Found {
  readonly space: SearchSpace
  readonly finding: Finding
  readonly took: string
}

/** The first run of a search that breaks what is meant. */
async function searched(space: SearchSpace, isMeant: (finding: Finding) => boolean): Promise<Found | undefined> {
  const extent = { runs: mostRuns, shard: { index: 0, of: 1 }, stopAtFirst: false }
  const started = process.cpuUsage()
  const found: Finding[] = []
  await search(space, extent, notBegun, alone, {
    stopped: () => found.length > 0 || process.cpuUsage(started).user > mostMicros,
    onChunk: ({ findings }) => found.push(...findings.filter(isMeant)),
  })
  const [finding] = found.sort((one, other) => one.index - other.index)
  return finding && { space, finding, took: seconds(started) }
}

function said({ service, guarantee, level }: Expectation): string {
  return `${guarantee}${level === undefined ? '' : ` (${level})`} of ${service}`
}

/** Seconds of one core. */
function seconds(since: NodeJS.CpuUsage): string {
  return `${(process.cpuUsage(since).user / 1e6).toFixed(1)} s`
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

await main(process.argv.length > 2 ? process.argv.slice(2) : ['scenarios'])
