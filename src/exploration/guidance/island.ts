import { featureCount } from '../coverage.ts'
import type { Example, Guide } from './guide.ts'
import type { Lesson } from './lesson.ts'

/** An example that is kept, with what its energy depends on. */
interface KeptExample extends Omit<Example, 'energy'> {
  readonly rare: readonly number[]
  /** How many runs were made from it. */
  readonly tried: number
}

/**
 * A part of a search that is guided by its own runs alone. So a search can be cut into shards, and every run depends on runs that whoever makes
 * it has made himself. A value: learning gives a new one.
 */
export interface Island {
  /** How many of its chunks it has learned from, in their order. */
  readonly chunks: number
  /** By feature: how many runs had it, up to {@link commonFrom}. */
  readonly counts: Uint8Array
  readonly examples: readonly KeptExample[]
}

/** A feature that so many runs had is common. Not too few: what leads somewhere step by step must not be forgotten on the way. */
const commonFrom = 40
/** How many examples are kept, and how many of them a guide has. */
const mostKept = 200
const mostShown = 32

export const newIsland: Island = { chunks: 0, counts: new Uint8Array(featureCount), examples: [] }

/** The island after one more chunk. */
export function learned(island: Island, lessons: readonly Lesson[]): Island {
  const counts = island.counts.slice()
  for (const feature of lessons.flatMap(({ rare }) => rare))
    counts[feature] = Math.min(commonFrom, countOf(counts, feature) + 1)
  const parents = lessons.flatMap(({ recipe }) => recipe.parents)
  const old = island.examples.map((example) => ({
    ...example,
    tried: example.tried + parents.filter((parent) => parent === example.index).length,
  }))
  const fresh = lessons
    .filter(({ rare, broke }) => rare.length > 0 && !broke)
    .map(({ index, recipe, rare, points }) => ({ index, recipe, rare, points, tried: 0 }))
  const kept = byEnergy(championsOf([...old, ...fresh], counts), counts).slice(0, mostKept)
  return { chunks: island.chunks + 1, counts, examples: kept.map(({ energy: _energy, ...example }) => example) }
}

/**
 * Of all that did something rare the one with the fewest faults, the earliest of these: whatever it takes to get there is in it, and little else.
 * Otherwise runs with a dozen faults, which all do something rare by chance, would crowd out the others.
 */
function championsOf(examples: readonly KeptExample[], counts: Uint8Array): readonly KeptExample[] {
  const taken = new Set<number>()
  const fewestFirst = [...examples].sort(
    (one, other) => one.recipe.faults.length - other.recipe.faults.length || one.index - other.index,
  )
  return fewestFirst.map((example) => {
    const rare = example.rare.filter((feature) => !taken.has(feature) && countOf(counts, feature) < commonFrom)
    for (const feature of rare) taken.add(feature)
    return { ...example, rare }
  })
}

/** What the next runs may know. */
export function guideOf({ counts, examples }: Island): Guide {
  const common = new Uint8Array(featureCount / 8)
  for (let feature = 0; feature < featureCount; feature++)
    if (counts[feature] === commonFrom) common[feature >> 3] = (common[feature >> 3] ?? 0) | (1 << (feature & 7))
  const shown = byEnergy(examples, counts).slice(0, mostShown)
  return { common, examples: shown.map(({ index, recipe, points, energy }) => ({ index, recipe, points, energy })) }
}

function countOf(counts: Uint8Array, feature: number): number {
  return counts[feature] ?? 0
}

/** The rarer what a run did, the fewer faults it took and the less often it was tried, the more energy it has. Those without any are left out. */
function byEnergy(examples: readonly KeptExample[], counts: Uint8Array): readonly (KeptExample & Example)[] {
  return examples
    .map((example) => ({ ...example, energy: energyOf(example, counts) }))
    .filter(({ energy }) => energy > 0)
    .sort((one, other) => other.energy - one.energy || one.index - other.index)
}

function energyOf({ rare, tried, recipe }: KeptExample, counts: Uint8Array): number {
  const rarity = rare.reduce((sum, feature) => sum + 1 / Math.max(1, countOf(counts, feature)), 0)
  return Math.round((10_000 * rootOf(rarity)) / ((1 + tried) * (2 + recipe.faults.length)))
}

/** By Newton's method: engines need not round `Math.sqrt` alike. */
function rootOf(value: number): number {
  let root = Math.max(1, value)
  for (let step = 0; step < 20; step++) root = (root + value / root) / 2
  return root
}
