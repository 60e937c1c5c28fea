/**
 * `npm run scenarios:stability [-- FILES]`: how often each guarantee breaks over 200 seeds, and again with every latency of the network 20 %
 * shorter or longer. A lesson whose outcome depends on its seed teaches luck: rows that do not come out as expected every time are marked,
 * and the exit code is 1.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { run } from '../src/run.ts'
import type { Scenario } from '../src/scenario/scenario.ts'
import type { LinkProfile } from '../src/simulation/link-profile.ts'

/** One verdict of a scenario over many seeds. */
export interface Stability {
  readonly scenario: string
  readonly variant: string
  /** `billing no-loss (effect)`; `the run` for whether all of it came out as expected. */
  readonly name: string
  readonly expected: string | undefined
  readonly seeds: number
  /** In how many of the runs it was violated: as it stands, and with other latencies. */
  readonly violated: readonly [asItStands: number, otherLatencies: number]
  /** In how many of all these runs it was not as expected. */
  readonly flips: number
}

/** Runs the scenario under seeds derived from its own, twice as many times as `seeds`. The last row is about the runs as wholes. */
export function measureStability(scenario: Scenario, seeds: number): readonly Stability[] {
  const places = Array.from({ length: seeds }, (_, place) => place)
  const seeded = (place: number): Scenario => ({ ...scenario, seed: `${scenario.seed}/${place}` })
  const asItStands = places.map((place) => outcomeOf(seeded(place)))
  const otherLatencies = places.map((place) => outcomeOf(withLatencies(seeded(place), place % 2 === 0 ? 0.8 : 1.2)))
  const names = new Set([...asItStands, ...otherLatencies].flatMap((outcome) => [...outcome.keys()]))
  return [...names].map((name) => {
    const outcomes = [asItStands, otherLatencies].map((runs) => runs.flatMap((outcome) => outcome.get(name) ?? []))
    const violated = outcomes.map((rows) => rows.filter((row) => row.violated).length)
    const rows = outcomes.flat()
    return {
      scenario: scenario.name,
      variant: scenario.variant,
      name,
      expected: rows.find((row) => row.expected !== undefined)?.expected,
      seeds,
      violated: [violated[0] ?? 0, violated[1] ?? 0],
      flips: rows.filter((row) => !row.met).length,
    }
  })
}

/** The measured rows as a table; those that flip are marked. */
export function stabilityTable(rows: readonly Stability[]): string {
  const cells = rows.map(({ scenario, variant, name, expected, seeds, violated, flips }) => [
    variant === '' ? scenario : `${scenario} [${variant}]`,
    name,
    expected ?? '-',
    share(violated[0], seeds),
    share(violated[1], seeds),
    flips > 0 ? `FLIPS in ${flips} of ${2 * seeds}` : '',
  ])
  const table = [['scenario', 'guarantee', 'expected', 'violated', 'latencies ±20 %', ''], ...cells]
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((line) => (line[column] ?? '').length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function share(count: number, seeds: number): string {
  return `${((100 * count) / seeds).toFixed(1)} %`
}

interface Outcome {
  readonly violated: boolean
  readonly expected: string | undefined
  readonly met: boolean
}

/** What came out of one run, by what was judged. */
function outcomeOf(scenario: Scenario): ReadonlyMap<string, Outcome> {
  const { rows, conclusion } = run(scenario, { keepHistory: false })
  const judged = rows.map(({ service, guarantee, level, verdict, expected, met }) => {
    return [`${service} ${guarantee} (${level})`, { violated: verdict === 'violated', expected, met }] as const
  })
  const met = conclusion === 'as-expected'
  return new Map<string, Outcome>([...judged, ['the run', { violated: false, expected: 'as expected', met }]])
}

/** The scenario in a network whose every latency is `factor` times as long. */
function withLatencies(scenario: Scenario, factor: number): Scenario {
  const scaled = (profile: LinkProfile): LinkProfile => ({
    ...profile,
    latency: profile.latency.map(([fraction, micros]) => [fraction, Math.round(micros * factor)] as const),
  })
  const { everywhere, betweenZones, links } = scenario.network
  return {
    ...scenario,
    network: {
      everywhere: scaled(everywhere),
      betweenZones: betweenZones === undefined ? undefined : scaled(betweenZones),
      links: links.map(({ between, profile }) => ({ between, profile: scaled(profile) })),
    },
  }
}

function main(files: readonly string[]): void {
  const rows = loadScenarios(files, { ...noOverlay, variant: 'all' }, []).flatMap(({ scenario }) => {
    const measured = measureStability(scenario, 200)
    const flips = measured.filter((row) => row.flips > 0).length
    process.stderr.write(`${scenario.name} ${scenario.variant}: ${flips === 0 ? 'stable' : `${flips} flip`}\n`)
    return measured
  })
  process.stdout.write(`${stabilityTable(rows)}\n`)
  process.exitCode = rows.some((row) => row.flips > 0) ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  main(given.length > 0 ? given : [path.resolve('scenarios')])
}
