import type { Scenario } from '../../scenario/scenario.ts'
import type { Crew } from '../crew.ts'
import type { Failure, Wanted } from '../failure.ts'
import { placementsIn, type Placement } from './placements.ts'
import { stepsOf } from './steps.ts'
import type { SweptPlacement } from './sweep-chunk.ts'

/** What is swept, and how far. */
export interface SweepExtent {
  readonly wanted: Wanted
  /** Points between which nothing can tell the difference are one. */
  readonly merging: boolean
  /** How many runs with two faults are made at most. */
  readonly pairs: number
}

/** A failure of a sweep, and the faults that led to it. */
export interface SweepFailure {
  readonly placements: readonly Placement[]
  readonly failure: Failure
}

/** One line of what was covered: a kind of fault on somebody, at so many points. */
export interface Covered {
  readonly what: string
  readonly points: number
  readonly runs: number
  readonly missed: number
  /** At how many of the points each guarantee broke. */
  readonly broken: Readonly<Record<string, number>>
}

export interface SweepResult {
  readonly events: number
  readonly covered: readonly Covered[]
  /** The first failure of each kind. */
  readonly failures: readonly SweepFailure[]
  readonly pairs: { readonly possible: number; readonly tried: number; readonly broken: number }
  readonly errors: readonly string[]
}

/** How many placements a worker tries at a time. */
const sliceSize = 20

/** Tries every single fault of a scenario, then second faults as far as the budget goes. */
export async function sweep(
  scenario: Scenario,
  { wanted, merging, pairs }: SweepExtent,
  crew: Crew,
  watch: { readonly begin: (runs: number) => void; readonly made: (runs: number) => void },
): Promise<SweepResult> {
  const steps = stepsOf(scenario)
  const placements = placementsIn(steps, merging)
  watch.begin(placements.length + pairs)
  const swept = await tried(scenario, [], placements, wanted, crew, watch.made)
  const singles = placements.map((placement, place) => ({ placements: [placement], outcome: swept[place] ?? nothing }))
  const second = await secondFaults(scenario, singles, { wanted, merging, pairs }, crew, watch.made)
  const all = [...singles, ...second.tried]
  return {
    events: steps.nodes.length,
    covered: coveredBy(singles),
    failures: firstOfEachKind(all),
    pairs: {
      possible: second.possible,
      tried: second.tried.length,
      broken: second.tried.filter(({ outcome }) => outcome.failures.length > 0).length,
    },
    errors: [...new Set(all.flatMap(({ outcome }) => outcome.error ?? []))],
  }
}

interface Tried {
  readonly placements: readonly Placement[]
  readonly outcome: SweptPlacement
}

const nothing: SweptPlacement = { failures: [], missed: true, error: undefined }

async function tried(
  scenario: Scenario,
  first: readonly Placement[],
  placements: readonly Placement[],
  wanted: Wanted,
  crew: Crew,
  made: (runs: number) => void,
): Promise<readonly SweptPlacement[]> {
  const slices = Array.from({ length: Math.ceil(placements.length / sliceSize) }, (_, slice) =>
    placements.slice(slice * sliceSize, (slice + 1) * sliceSize),
  )
  const results: (readonly SweptPlacement[])[] = []
  const open = [...slices.entries()]
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const [place, slice] = next
      results[place] = await crew.trySingles(scenario, first, slice, wanted)
      made(slice.length)
    }
  }
  await Promise.all(Array.from({ length: crew.width }, work))
  return results.flat()
}

/**
 * Second faults, from the runs with a first one that broke nothing: after each of so many first faults, evenly over all of them, every second one
 * behind it, evenly as far as the budget goes.
 */
async function secondFaults(
  scenario: Scenario,
  singles: readonly Tried[],
  { wanted, merging, pairs }: SweepExtent,
  crew: Crew,
  made: (runs: number) => void,
): Promise<{ readonly possible: number; readonly tried: readonly Tried[] }> {
  const harmless = singles.filter(
    ({ outcome }) => outcome.failures.length === 0 && !outcome.missed && outcome.error === undefined,
  )
  const firsts = evenly(harmless, Math.min(harmless.length, Math.ceil(pairs / secondsEach)))
  const found: Tried[] = []
  let behind = 0
  for (const { placements: first } of firsts) {
    const second = secondsAfter(scenario, first, merging)
    behind += second.length
    const chosen = evenly(second, Math.min(secondsEach, pairs - found.length))
    const outcomes = await tried(scenario, first, chosen, wanted, crew, made)
    found.push(
      ...chosen.map((placement, place) => ({ placements: [...first, placement], outcome: outcomes[place] ?? nothing })),
    )
  }
  const possible = firsts.length === 0 ? 0 : Math.round((behind / firsts.length) * harmless.length)
  return { possible, tried: found }
}

/** How many second faults are tried for each first. */
const secondsEach = 20

function secondsAfter(scenario: Scenario, first: readonly Placement[], merging: boolean): readonly Placement[] {
  const faults = [...scenario.faults, ...first.map(({ fault }) => fault)]
  const strikesBefore = new Map(first.map(({ event }, place) => [scenario.faults.length + place, event] as const))
  const from = Math.max(...first.map(({ event }) => event)) + 1
  return placementsIn(stepsOf({ ...scenario, faults }, strikesBefore), merging, from)
}

/** So many of the items, evenly over all of them. */
function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (count <= 0) return []
  return Array.from({ length: Math.min(count, items.length) }, (_, place) => {
    return items[Math.floor((place * items.length) / Math.min(count, items.length))]
  }).flatMap((item) => item ?? [])
}

function coveredBy(singles: readonly Tried[]): readonly Covered[] {
  const whats = [...new Set(singles.map(whatOf))]
  return whats.map((what) => {
    const those = singles.filter((one) => whatOf(one) === what)
    const guarantees = [...new Set(those.flatMap(({ outcome }) => outcome.failures.map(nameOf)))].sort()
    const breaking = (name: string): readonly Tried[] =>
      those.filter(({ outcome }) => outcome.failures.some((failure) => nameOf(failure) === name))
    return {
      what,
      points: pointsIn(those),
      runs: those.length,
      missed: pointsIn(those.filter(({ outcome }) => outcome.missed)),
      broken: Object.fromEntries(guarantees.map((name) => [name, pointsIn(breaking(name))])),
    }
  })
}

function whatOf({ placements }: Tried): string {
  return placements[0]?.what ?? ''
}

function pointsIn(some: readonly Tried[]): number {
  return some.reduce((sum, { placements }) => sum + (placements[0]?.points ?? 0), 0)
}

function nameOf({ guarantee, service }: Failure): string {
  return `${guarantee} of ${service}`
}

function firstOfEachKind(all: readonly Tried[]): readonly SweepFailure[] {
  const first = new Map<string, SweepFailure>()
  for (const { placements, outcome } of all)
    for (const failure of outcome.failures)
      if (!first.has(failure.kind)) first.set(failure.kind, { placements, failure })
  return [...first.values()]
}
