import type { Level } from '../checks/plan.ts'
import { attemptOf, type Attempt } from './attempt.ts'
import type { SearchSpace } from './search-space.ts'
import { runOrError } from './needs-runs.ts'
import { trialOf } from './trial.ts'

/** How many runs a worker makes at a time. */
export const chunkSize = 8

/** A failing run of a search: enough to make it again, and to tell which of two is smaller. */
export interface Finding {
  readonly service: string
  readonly guarantee: string
  readonly level: Level
  readonly kind: string
  readonly sentence: string
  /** Which run of the search. */
  readonly index: number
  readonly faults: number
  readonly events: number
}

/** What became of a few runs of a search, one after another. A search is all of its chunks, in whatever order they were made. */
export interface ChunkResult {
  readonly chunk: number
  readonly runs: number
  readonly failing: number
  /** The smallest of each kind. */
  readonly findings: readonly Finding[]
  /** One number for each run: alike where the runs behaved alike. */
  readonly behaviours: readonly number[]
  /** How many faults of each kind struck, and how many never did. */
  readonly struck: Readonly<Record<string, number>>
  readonly missed: number
  /** Runs that ended with an error of the program itself. */
  readonly errors: readonly { readonly index: number; readonly sentence: string }[]
}

/** Makes the runs of one chunk, of at most `total` runs in all. */
export function tryChunk(space: SearchSpace, chunk: number, total: number): ChunkResult {
  const first = chunk * chunkSize
  const last = Math.min(total, first + chunkSize)
  const attempts = Array.from({ length: Math.max(0, last - first) }, (_, place) => attemptOf(space, first + place))
  return attempts.map((attempt) => resultOf(space, chunk, attempt)).reduce(together, emptyChunk(chunk))
}

export function emptyChunk(chunk: number): ChunkResult {
  return { chunk, runs: 0, failing: 0, findings: [], behaviours: [], struck: {}, missed: 0, errors: [] }
}

function resultOf(space: SearchSpace, chunk: number, { index, scenario }: Attempt): ChunkResult {
  const { failures, coverage, events, struck, missed, error } = trialOf(runOrError(scenario), space.wanted)
  const faults = scenario.faults.length
  return {
    chunk,
    runs: 1,
    failing: failures.length > 0 ? 1 : 0,
    findings: failures.map(({ service, guarantee, level, kind, sentence }) => {
      return { service, guarantee, level, kind, sentence, index, faults, events }
    }),
    behaviours: [coverage.behaviour],
    struck: Object.fromEntries([...new Set(struck)].map((kind) => [kind, struck.filter((one) => one === kind).length])),
    missed,
    errors: error === undefined ? [] : [{ index, sentence: error }],
  }
}

/** Two results as one. In which order results are put together makes no difference, but for the number of the chunk. */
export function together(one: ChunkResult, other: ChunkResult): ChunkResult {
  const kinds = [...new Set([...Object.keys(one.struck), ...Object.keys(other.struck)])].sort()
  return {
    chunk: one.chunk,
    runs: one.runs + other.runs,
    failing: one.failing + other.failing,
    findings: smallestOfEach([...one.findings, ...other.findings], ({ kind }) => kind),
    behaviours: [...new Set([...one.behaviours, ...other.behaviours])].sort((a, b) => a - b),
    struck: Object.fromEntries(kinds.map((kind) => [kind, (one.struck[kind] ?? 0) + (other.struck[kind] ?? 0)])),
    missed: one.missed + other.missed,
    errors: [...one.errors, ...other.errors].sort((a, b) => a.index - b.index),
  }
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
