/**
 * `node scripts/run-typescript.mjs scripts/exploration-rates.ts [FILE] [RUNS]`: what a search costs a core, in CPU time: of the runs themselves and
 * of what is done around them (drawing, judging, coverage, learning), guided and not; and what a sweep costs.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { tryChunk } from '../src/exploration/chunk.ts'
import { alone, type Crew } from '../src/exploration/crew.ts'
import { anything } from '../src/exploration/failure.ts'
import { runOrError, type Outcome } from '../src/exploration/needs-runs.ts'
import { searchSpaceOf } from '../src/exploration/search-space.ts'
import { notBegun, search } from '../src/exploration/search.ts'
import { sweep } from '../src/exploration/sweep/sweep.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

const [file = 'scenarios/kafka/produce-acks-1.yaml', runs = '100'] = process.argv.slice(2)

async function main(scenario: Scenario): Promise<void> {
  runOrError(scenario)
  const base = cpu(() => runOrError(scenario))
  say(`the scenario itself: ${base.toFixed(1)} ms`)
  for (const islands of [0, 4]) await measureSearch(scenario, islands)
  const begun = process.cpuUsage()
  const small = withMessages(scenario, 2)
  const { covered } = await sweep(small, { wanted: anything, merging: true, pairs: 0 }, alone, {
    begin: () => {},
    made: () => {},
  })
  const swept = covered.reduce((sum, line) => sum + line.runs, 0)
  const points = covered.reduce((sum, line) => sum + line.points, 0)
  say(`sweep with 2 messages: ${points} points, ${swept} runs, ${(since(begun) / 1000).toFixed(1)} s`)
}

async function measureSearch(scenario: Scenario, islands: number): Promise<void> {
  const space = searchSpaceOf(scenario, { wanted: anything, seed: 'rates', nemesis: undefined, islands })
  let inside = 0
  let events = 0
  const runOne = (one: Scenario): Outcome => {
    const begun = process.cpuUsage()
    const outcome = runOrError(one)
    inside += since(begun)
    if (typeof outcome !== 'string') events += outcome.events
    return outcome
  }
  const crew: Crew = { ...alone, tryChunk: (...args) => Promise.resolve(tryChunk(...args, runOne)) }
  const extent = { runs: Number(runs), shard: { index: 0, of: 1 }, stopAtFirst: false }
  const begun = process.cpuUsage()
  await search(space, extent, notBegun, crew, { stopped: () => false, onChunk: () => {} })
  const all = since(begun)
  const each = (value: number): string => (value / Number(runs)).toFixed(1)
  const how = islands === 0 ? 'drawn afresh' : 'guided'
  say(
    `${how}: ${each(all)} ms a run, of which ${each(all - inside)} ms around it; ${each(events)} events a run; ${(1000 / (all / Number(runs))).toFixed(0)} runs/s`,
  )
}

function withMessages(scenario: Scenario, messages: number): Scenario {
  const services = scenario.services.map((service) => ({
    ...service,
    sends: service.sends.map((sends) =>
      sends.workload.kind === 'trace' ? sends : { ...sends, workload: { ...sends.workload, messages } },
    ),
  }))
  return { ...scenario, services }
}

function cpu(work: () => unknown): number {
  const begun = process.cpuUsage()
  work()
  return since(begun)
}

/** ms of one core. */
function since(begun: NodeJS.CpuUsage): number {
  return process.cpuUsage(begun).user / 1000
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

for (const { scenario } of loadScenarios([file], { ...noOverlay, variant: 'no-faults' }, [])) await main(scenario)
