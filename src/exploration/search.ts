import { attemptFrom } from './attempt.ts'
import {
  chunkOrder,
  chunkSize,
  emptyChunk,
  smallestOfEach,
  together,
  type ChunkOrder,
  type ChunkResult,
  type Finding,
} from './chunk.ts'
import type { Crew } from './crew.ts'
import { Archipelago } from './guidance/archipelago.ts'
import type { Island } from './guidance/island.ts'
import type { Recipe } from './recipe.ts'
import type { SearchSpace } from './search-space.ts'
import type { ErrorCase } from './shrink/shrink-error.ts'
import type { Counterexample } from './shrink/shrink.ts'

/** How far a search goes, and which part of it is ours. */
export interface SearchExtent {
  readonly runs: number
  readonly shard: { readonly index: number; readonly of: number }
  readonly stopAtFirst: boolean
}

/** Who watches a search, and may end it. */
export interface SearchWatch {
  /** Asked before each chunk. */
  readonly stopped: () => boolean
  /** `soFar` is all that there is of the search by then, to go on from. */
  readonly onChunk: (result: ChunkResult, soFar: () => Searched) => void
}

/** As much of a search as there is: its chunks, and what its islands have learned. */
export interface Searched {
  readonly chunks: readonly ChunkResult[]
  readonly islands: readonly Island[]
}

export const notBegun: Searched = { chunks: [], islands: [] }

/**
 * Makes the chunks of a search that are not done yet, as many at a time as there are workers. With `stopAtFirst` it ends with the first chunk
 * that found something: later ones, which another worker may have been faster with, do not count.
 */
export async function search(
  space: SearchSpace,
  extent: SearchExtent,
  done: Searched,
  crew: Crew,
  watch: SearchWatch,
): Promise<Searched> {
  const results = new Map(done.chunks.map((result) => [result.chunk, result]))
  const archipelago = new Archipelago(space.islands, done.islands)
  const open = chunksOf(extent, space.islands).filter(
    (chunk) => leftOf(chunk, extent, results.get(chunk)) !== undefined,
  )
  const soFar = (): Searched => ({ chunks: inOrder(results.values()), islands: [...archipelago.islands] })
  const underWay = new Map<number, Promise<void>>()
  const firstFailing = (): number =>
    extent.stopAtFirst ? Math.min(...[...results.values()].filter(isFailing).map(({ chunk }) => chunk)) : Infinity
  const make = async (chunk: number): Promise<void> => {
    await underWay.get(archipelago.neededBy(chunk) ?? -1)
    const order = leftOf(chunk, extent, results.get(chunk))
    if (order === undefined) return
    const result = await crew.tryChunk(space, { ...order, guide: archipelago.guideFor(chunk, results) })
    const before = results.get(chunk)
    results.set(chunk, before === undefined ? result : together(before, result))
    watch.onChunk(result, soFar)
  }
  const work = async (): Promise<void> => {
    for (let chunk = open.shift(); chunk !== undefined && !watch.stopped(); chunk = open.shift()) {
      if (chunk > firstFailing()) return
      const made = make(chunk)
      underWay.set(chunk, made)
      await made
    }
  }
  await Promise.all(Array.from({ length: crew.width }, work))
  const last = firstFailing()
  const { chunks, islands } = soFar()
  return { chunks: chunks.filter(({ chunk }) => chunk <= last), islands }
}

function inOrder(chunks: Iterable<ChunkResult>): readonly ChunkResult[] {
  return [...chunks].sort((one, other) => one.chunk - other.chunk)
}

/** What of a chunk is still to be made; nothing where it is done. The last chunk of a search may be one of a longer search in part. */
function leftOf(chunk: number, { runs }: SearchExtent, done: ChunkResult | undefined): ChunkOrder | undefined {
  const order = chunkOrder(chunk, runs)
  const from = order.from + (done?.runs ?? 0)
  return from < order.to ? { ...order, from } : undefined
}

/** A shard has whole islands, where there are any: what a run knows is what its own shard has found. */
function chunksOf({ runs, shard }: SearchExtent, islands: number): number[] {
  const count = Math.ceil(runs / chunkSize)
  const ours = (chunk: number): boolean => (islands === 0 ? chunk : chunk % islands) % shard.of === shard.index
  return Array.from({ length: count }, (_, chunk) => chunk).filter(ours)
}

function isFailing({ failing, errors }: ChunkResult): boolean {
  return failing > 0 || errors.length > 0
}

/** All chunks as one result. */
export function summed(results: readonly ChunkResult[]): ChunkResult {
  return results.reduce(together, emptyChunk(0))
}

/** What shrinking made of the findings of a search. */
export interface Shrunk {
  readonly counterexamples: readonly Counterexample[]
  /** Failing runs that could not be made small, with the reason: mistakes of the program. */
  readonly unshrunk: readonly { readonly finding: Finding; readonly reason: string }[]
}

/** Makes the smallest counterexample of each kind of cause; `most` is how many failing runs are shrunk for that. */
export async function counterexamplesOf(
  space: SearchSpace,
  findings: readonly Finding[],
  most: number,
  crew: Crew,
  onEach: () => void,
): Promise<Shrunk> {
  const unshrunk: Shrunk['unshrunk'][number][] = []
  const shrinkOne = async (finding: Finding): Promise<readonly Counterexample[]> => {
    const { recipe, service, guarantee, level } = finding
    // What a profile does not have is not to be told of it.
    const kinds = space.nemesis === undefined ? space.kinds : []
    const target = { service, guarantee, level, symptom: space.wanted.symptom, kinds }
    try {
      return [await crew.shrink(attemptFrom(space, recipe).scenario, target)]
    } catch (error) {
      unshrunk.push({ finding, reason: error instanceof Error ? error.message : String(error) })
      return []
    } finally {
      onEach()
    }
  }
  const shrunk = await Promise.all(worthShrinking(findings).slice(0, most).map(shrinkOne))
  return { counterexamples: onePerKind(shrunk.flat()), unshrunk }
}

/** The errors of the program that a search ran into, one of each sentence. */
export async function errorCasesOf(
  space: SearchSpace,
  errors: ChunkResult['errors'],
  crew: Crew,
): Promise<readonly ErrorCase[]> {
  const first = new Map<string, Recipe>()
  for (const { recipe, sentence } of errors) {
    const saying = sentence.replaceAll(/-?\d+/g, 'n')
    if (!first.has(saying)) first.set(saying, recipe)
  }
  return await Promise.all([...first.values()].map((recipe) => crew.shrinkError(attemptFrom(space, recipe).scenario)))
}

/** The smallest failing run of each guarantee and blamed fault, the smallest of all first: what came before and after matters only later. */
export function worthShrinking(findings: readonly Finding[]): readonly Finding[] {
  const smallest = smallestOfEach(findings, ({ kind }) => kind.replace(/ (after|before) .*$/, ''))
  return [...smallest].sort((one, other) => one.faults - other.faults || one.events - other.events)
}

/** One counterexample for each kind of cause: the one with the fewest faults, messages and events. */
export function onePerKind(cases: readonly Counterexample[]): readonly Counterexample[] {
  const smallest = new Map<string, Counterexample>()
  for (const one of cases) {
    const known = smallest.get(one.kind)
    if (known === undefined || compareSizes(one, known) < 0) smallest.set(one.kind, one)
  }
  return [...smallest.values()].sort(compareSizes)
}

function compareSizes({ after: one, ...first }: Counterexample, { after: other, ...second }: Counterexample): number {
  const bySize = one.faults - other.faults || one.messages - other.messages || one.events - other.events
  return bySize || (first.text < second.text ? -1 : Number(first.text > second.text))
}
