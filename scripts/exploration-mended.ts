/**
 * `node scripts/run-typescript.mjs scripts/exploration-mended.ts [RUNS] [FILES]`: searches the mended variants of the broken lessons, each under
 * the faults that it is claimed to bear: those of its own schedule by kind, on the parts that are struck there, at any moment, for as long as there or
 * shorter and no stronger. Prints a line for each, and how many bore it all. What is known to be outside of a claim (`mended-limits.ts`) is told apart;
 * anything else ends with 1.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptFrom } from '../src/exploration/attempt.ts'
import type { Finding } from '../src/exploration/chunk.ts'
import { alone } from '../src/exploration/crew.ts'
import { anything, roleOf } from '../src/exploration/failure.ts'
import { runOrError } from '../src/exploration/needs-runs.ts'
import { nodesOf, searchSpaceOf, type SearchSpace, type StrikeableNode } from '../src/exploration/search-space.ts'
import { notBegun, search, summed } from '../src/exploration/search.ts'
import { withDrawnFaults } from '../src/pipeline/draw-nemesis.ts'
import type { Expectation, Scenario } from '../src/scenario/scenario.ts'
import type { Fault } from '../src/simulation/fault.ts'
import { limits, type Limit } from './mended-limits.ts'

const [given = '200', ...files] = process.argv.slice(2)
const runs = Number(given)

async function main(patterns: readonly string[]): Promise<void> {
  print(['variant', 'what is claimed', 'under', 'runs', 'found'])
  print(['---', '---', '---', '--:', '---'])
  const all = loadScenarios(patterns, { ...noOverlay, variant: 'all' }, []).map(({ scenario }) => scenario)
  let bore = 0
  let surprises = 0
  for (const variant of all) {
    const lesson = all.find(({ name, variant: chosen }) => name === variant.name && chosen === '')
    const claims = lesson === undefined ? [] : claimsOf(variant, lesson)
    if (lesson === undefined || claims.length === 0) continue
    const space = spaceFor(variant)
    if (space === undefined) continue
    const extent = { runs, shard: { index: 0, of: 1 }, stopAtFirst: false }
    const { chunks } = await search(space, extent, notBegun, alone, { stopped: () => false, onChunk: () => {} })
    const found = summed(chunks).findings.filter((finding) => claims.some((claim) => isAbout(claim, finding)))
    const called = `${variant.name} [${variant.variant}]`
    const unclaimed = limits.filter((limit) => limit.variant === called)
    const judged = found.map((finding) => ({
      finding,
      limit: unclaimed.find(
        ({ failure, shownBy }) => finding.kind.startsWith(failure) && isShown(space, finding, shownBy),
      ),
    }))
    const surprising = judged.filter(({ limit }) => limit === undefined)
    if (found.length === 0) bore++
    surprises += surprising.length
    const outside = judged.flatMap(({ finding, limit }) =>
      limit === undefined ? [] : `${finding.kind} (outside of the claim: ${limit.reason})`,
    )
    const under = `${space.kinds.join(', ')} on ${space.nodes.map(({ name }) => name).join(', ')}`
    print([
      called,
      claims.map(said).join(', '),
      under,
      String(runs),
      found.length === 0
        ? 'nothing'
        : [...surprising.map(({ finding: { kind, index } }) => `**run ${index}: ${kind}**`), ...outside].join('; '),
    ])
  }
  process.stdout.write(`\n${bore} bore ${runs} runs each; ${surprises} kinds of failures are not accounted for.\n`)
  if (surprises > 0) process.exitCode = 1
}

/** Whether the run of a finding shows what its limit is known by. */
function isShown(space: SearchSpace, { recipe }: Finding, shownBy: Limit['shownBy']): boolean {
  if (shownBy === undefined) return true
  const outcome = runOrError(attemptFrom(space, recipe).scenario)
  return typeof outcome !== 'string' && shownBy(outcome)
}

/** What a variant says holds, where its lesson breaks it. */
function claimsOf(variant: Scenario, lesson: Scenario): readonly Expectation[] {
  if (variant.variant === '' || variant.faults.length + (variant.nemesis === undefined ? 0 : 1) === 0) return []
  const broken = lesson.expectations.filter(({ verdict }) => verdict === 'violated')
  return variant.expectations.filter(
    ({ verdict, service, guarantee, level }) =>
      verdict === 'holds' &&
      broken.some((one) => one.service === service && one.guarantee === guarantee && (one.level ?? level) === level),
  )
}

/** The variant without its faults, and what may be drawn. */
function spaceFor(variant: Scenario): SearchSpace | undefined {
  const { faults } = withDrawnFaults(variant)
  const bare = { ...variant, faults: [], nemesis: undefined }
  const nodes = nodesOf(bare)
  const parts = new Set(faults.flatMap(({ targets }) => targets.flat().flatMap((target) => partOf(target, nodes))))
  const space = searchSpaceOf(bare, { wanted: anything, seed: variant.seed, nemesis: undefined, islands: 4 })
  const struck = nodes.filter(({ name, part }) => parts.has(part) || parts.has(name))
  if (faults.length === 0 || struck.length === 0) return undefined
  const kinds = space.kinds.filter((kind) => faults.some(({ action }) => action === kind))
  const longest = Math.max(...faults.map(({ duration }) => duration ?? Infinity))
  const strongest = strongestOf(faults)
  const bounds = { longest: Math.min(space.longest, longest), strongest }
  return { ...space, ...bounds, kinds, nodes: struck, changesWorkload: false, isForGood: false }
}

/** Brokers by what they are, since which of them is struck is chance; consumers, stores and producers by the name of their service or store. */
function partOf(target: string, nodes: readonly StrikeableNode[]): readonly string[] {
  if (target.startsWith('handler(') || target.includes('consumer')) return ['consumer']
  if (target.includes('(')) return ['broker']
  const alike = nodes.filter(({ name }) => roleOf(name) === roleOf(target))
  return alike.map(({ part, name }) => (part === 'broker' ? part : name))
}

/** No parameter of a kind of fault is beyond what it is in the schedule: a machine that is twice as slow says nothing about one that stands still. */
function strongestOf(faults: readonly Fault[]): SearchSpace['strongest'] {
  const strongest: Record<string, Record<string, number>> = {}
  for (const { action, parameters } of faults)
    for (const [name, value] of Object.entries(parameters)) {
      const known = (strongest[action] ??= {})
      if (typeof value === 'number') known[name] = Math.max(known[name] ?? -Infinity, value)
    }
  return strongest
}

function isAbout(
  claim: Expectation,
  found: { readonly service: string; readonly guarantee: string; readonly level: string },
): boolean {
  const isLevel = claim.level === undefined || claim.level === found.level
  return claim.service === found.service && claim.guarantee === found.guarantee && isLevel
}

function said({ service, guarantee, level }: Expectation): string {
  return `${guarantee}${level === undefined ? '' : ` (${level})`} of ${service}`
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

await main(files.length > 0 ? files : ['scenarios'])
