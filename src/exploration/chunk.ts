import type { Level } from '../checks/plan.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { attemptFrom } from './attempt.ts'
import type { Guide } from './guidance/guide.ts'
import { lessonOf, type Lesson } from './guidance/lesson.ts'
import { boundedRun, type Outcome } from './needs-runs.ts'
import { recipeOf, type Recipe } from './recipe.ts'
import type { SearchSpace } from './search-space.ts'
import { trialOf } from './trial.ts'

/** How many runs a worker makes at a time. */
export const chunkSize = 4

/** A failing run of a search: enough to make it again, and to tell which of two is smaller. */
export interface Finding {
  readonly service: string
  readonly guarantee: string
  readonly level: Level
  readonly kind: string
  readonly sentence: string
  /** Which run of the search. */
  readonly index: number
  readonly recipe: Recipe
  readonly faults: number
  readonly events: number
}

/** A run that ended with an error of the program itself. */
export interface FailedRun {
  readonly index: number
  readonly recipe: Recipe
  readonly sentence: string
}

/** What became of a few runs of a search, one after another. A search is all of its chunks, in whatever order they were made. */
export interface ChunkResult {
  readonly chunk: number
  readonly runs: number
  readonly failing: number
  /** How many of them were ended at the bound of their events, or of their virtual time. */
  readonly cut: number
  /** The smallest of each kind. */
  readonly findings: readonly Finding[]
  /** One number for each run: alike where the runs behaved alike. */
  readonly behaviours: readonly number[]
  /** How many faults of each kind struck, and how many never did. */
  readonly struck: Readonly<Record<string, number>>
  readonly missed: number
  /** Kinds of facts that some run had. */
  readonly facts: readonly string[]
  /** In how many runs a guarantee had nothing to judge somewhere. */
  readonly undecided: Readonly<Record<string, number>>
  readonly errors: readonly FailedRun[]
  /** What is to be learned from each run; none once it has been. */
  readonly lessons: readonly Lesson[]
}

/** Which runs of a search are to be made: those of a chunk, or what is left of it. */
export interface ChunkOrder {
  readonly chunk: number
  /** The first of them and the one after the last. */
  readonly from: number
  readonly to: number
  /** What they may know of earlier runs; nothing where nothing guides the search. */
  readonly guide: Guide | undefined
}

/** The runs of a chunk in a search of so many. */
export function chunkOrder(chunk: number, total: number, guide?: Guide): ChunkOrder {
  const from = Math.min(total, chunk * chunkSize)
  return { chunk, from, to: Math.min(total, from + chunkSize), guide }
}

/** Makes the runs of one chunk. */
export function tryChunk(
  space: SearchSpace,
  { chunk, from, to, guide }: ChunkOrder,
  runOne: (scenario: Scenario) => Outcome = (scenario) => boundedRun(scenario, space.mostEvents),
): ChunkResult {
  const indices = Array.from({ length: to - from }, (_, place) => from + place)
  return indices.map((index) => resultOf(space, chunk, index, guide, runOne)).reduce(together, emptyChunk(chunk))
}

export function emptyChunk(chunk: number): ChunkResult {
  const nothing = { findings: [], behaviours: [], struck: {}, facts: [], undecided: {}, errors: [], lessons: [] }
  return { chunk, runs: 0, failing: 0, cut: 0, missed: 0, ...nothing }
}

function resultOf(
  space: SearchSpace,
  chunk: number,
  index: number,
  guide: Guide | undefined,
  runOne: (scenario: Scenario) => Outcome,
): ChunkResult {
  const recipe = recipeOf(space, index, guide)
  const { scenario } = attemptFrom(space, recipe)
  const outcome = runOne(scenario)
  const { failures, coverage, events, isCut, struck, missed, error, facts, undecided } = trialOf(outcome, space.wanted)
  const faults = scenario.faults.length
  const lesson = guide && lessonOf({ index, recipe, outcome, coverage, broke: failures.length > 0 }, guide)
  return {
    chunk,
    runs: 1,
    failing: failures.length > 0 ? 1 : 0,
    cut: isCut ? 1 : 0,
    findings: failures.map(({ service, guarantee, level, kind, sentence }) => {
      return { service, guarantee, level, kind, sentence, index, recipe, faults, events }
    }),
    behaviours: [coverage.behaviour],
    struck: countOfEach(struck),
    missed,
    facts,
    undecided: Object.fromEntries([...new Set(undecided)].map((name) => [name, 1])),
    errors: error === undefined ? [] : [{ index, recipe, sentence: error }],
    lessons: lesson === undefined ? [] : [lesson],
  }
}

function countOfEach(names: readonly string[]): Readonly<Record<string, number>> {
  return names.reduce<Readonly<Record<string, number>>>((counts, name) => added(counts, { [name]: 1 }), {})
}

/** Two results as one. In which order results are put together makes no difference, but for the number of the chunk. */
export function together(one: ChunkResult, other: ChunkResult): ChunkResult {
  return {
    chunk: one.chunk,
    runs: one.runs + other.runs,
    failing: one.failing + other.failing,
    cut: one.cut + other.cut,
    findings: smallestOfEach([...one.findings, ...other.findings], ({ kind }) => kind),
    behaviours: [...new Set([...one.behaviours, ...other.behaviours])].sort((a, b) => a - b),
    struck: added(one.struck, other.struck),
    missed: one.missed + other.missed,
    facts: [...new Set([...one.facts, ...other.facts])].sort(),
    undecided: added(one.undecided, other.undecided),
    errors: [...one.errors, ...other.errors].sort((a, b) => a.index - b.index),
    lessons: [...one.lessons, ...other.lessons].sort((a, b) => a.index - b.index),
  }
}

function added(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}

/** The smallest finding of each group, in the order of their groups' names. */
export function smallestOfEach(
  findings: readonly Finding[],
  groupOf: (finding: Finding) => string,
): readonly Finding[] {
  const smallest = new Map<string, Finding>()
  for (const finding of findings) {
    const known = smallest.get(groupOf(finding))
    if (known === undefined || isSmaller(finding, known)) smallest.set(groupOf(finding), finding)
  }
  return [...smallest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, finding]) => finding)
}

/** Fewer faults, then fewer events, then the earlier run: never a tie between two runs. */
function isSmaller(one: Finding, other: Finding): boolean {
  const differences = [one.faults - other.faults, one.events - other.events, one.index - other.index]
  return (differences.find((difference) => difference !== 0) ?? 0) < 0
}
