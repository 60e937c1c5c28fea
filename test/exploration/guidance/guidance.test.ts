import { describe, expect, it } from 'vitest'
import { chunkOrder, tryChunk } from '../../../src/exploration/chunk.ts'
import { coverageOf } from '../../../src/exploration/coverage.ts'
import { anything } from '../../../src/exploration/failure.ts'
import { isCommon } from '../../../src/exploration/guidance/guide.ts'
import { guideOf, learned, newIsland, type Island } from '../../../src/exploration/guidance/island.ts'
import type { Lesson } from '../../../src/exploration/guidance/lesson.ts'
import { recipeOf, type Recipe } from '../../../src/exploration/recipe.ts'
import { searchSpaceOf } from '../../../src/exploration/search-space.ts'
import { faultKinds } from '../../../src/simulation/faults/registry.ts'
import type { Fault } from '../../../src/simulation/fault.ts'
import { run } from '../../../src/run.ts'
import { scenarioOf, small } from '../small-scenario.ts'

const space = searchSpaceOf(scenarioOf(small), { wanted: anything, seed: 'g', nemesis: undefined, islands: 1 })
const recipe: Recipe = { seed: 's', workload: undefined, faults: [], features: [], parents: [] }
const lesson = (index: number, rare: readonly number[], more: Partial<Lesson> = {}): Lesson => ({
  index,
  recipe,
  rare,
  points: [],
  broke: false,
  ...more,
})
const after = (...chunks: readonly (readonly Lesson[])[]): Island => chunks.reduce(learned, newIsland)
const examplesOf = (island: Island) => guideOf(island).examples.map(({ index }) => index)

describe('an island', () => {
  it('holds the rarest for the likeliest, and forgets what has become common', () => {
    const island = after([lesson(0, [7]), lesson(1, [7, 8]), lesson(2, [7, 8, 9])])
    expect(examplesOf(island)).toEqual([2, 1, 0])
    const common = after(
      Array.from({ length: 40 }, (_, index) => lesson(index, [7])),
      [lesson(40, [9])],
    )
    expect(examplesOf(common)).toEqual([40])
    expect([7, 9].map((feature) => isCommon(guideOf(common).common, feature))).toEqual([true, false])
  })

  it('tries the same less often the more often it was tried', () => {
    const children = [3, 4, 5].map((index) => lesson(index, [], { recipe: { ...recipe, parents: [1] } }))
    expect(examplesOf(after([lesson(1, [7, 8]), lesson(2, [9])], children))).toEqual([2, 1])
  })

  it('keeps of those that did the same the one with the fewest faults', () => {
    const fault: Fault = { action: 'crash', targets: [['a']], parameters: {}, strikes: { at: 0 }, duration: 1 }
    const large = lesson(0, [7], { recipe: { ...recipe, faults: [fault, fault] } })
    expect(examplesOf(after([large], [lesson(1, [7], { recipe: { ...recipe, faults: [fault] } })]))).toEqual([1])
  })

  it('takes no example from a run that broke something, though it knows what that did', () => {
    const island = after([lesson(0, [7], { broke: true })])
    expect(examplesOf(island)).toEqual([])
    expect(island.counts[7]).toBe(1)
  })

  it('is a value: learning changes nothing about it', () => {
    const before = after([lesson(0, [7])])
    const copy = structuredClone(before)
    learned(before, [lesson(1, [7, 8])])
    expect(before).toEqual(copy)
  })
})

describe('a guided run', () => {
  const { lessons } = tryChunk(space, { ...chunkOrder(0, 4), guide: guideOf(newIsland) })
  const guide = guideOf(after(lessons))
  const recipes = Array.from({ length: 80 }, (_, index) => recipeOf(space, index, guide))
  const changed = recipes.filter(({ parents }) => parents.length > 0)

  it('is a changed one of those before, three times in four', () => {
    expect(lessons).toHaveLength(4)
    expect(guide.examples.length).toBeGreaterThan(0)
    expect(changed).toHaveLength(60)
    const known = guide.examples.map(({ index }) => index)
    expect(changed.flatMap(({ parents }) => parents).filter((parent) => !known.includes(parent))).toEqual([])
  })

  it('is the same whenever it is drawn, and differs from its parent', () => {
    expect(recipes.map((_, index) => recipeOf(space, index, guide))).toEqual(recipes)
    const parents = guide.examples.map((example) => JSON.stringify(example.recipe.faults))
    const same = changed.filter(({ faults }) => parents.includes(JSON.stringify(faults)))
    expect(same.length).toBeLessThan(changed.length / 5)
  })

  it('has faults that there are, no more than a dozen, none longer than faults last', () => {
    const faults = changed.flatMap((one) => one.faults)
    expect(new Set(faults.map(({ action }) => action)).size).toBeGreaterThan(5)
    expect(faults.filter(({ action }) => !faultKinds.some(({ name }) => name === action))).toEqual([])
    expect(Math.max(...changed.map((one) => one.faults.length))).toBeLessThanOrEqual(12)
    expect(Math.max(...faults.map(({ duration = 0 }) => duration))).toBeLessThanOrEqual(space.longest)
  })

  it('may wait for what the run without faults does not have', () => {
    const known = new Set(space.points.map(({ anchor }) => anchor.fact))
    const waits = changed.flatMap(({ faults }) =>
      faults.flatMap(({ strikes }) => ('when' in strikes ? strikes.when.fact : [])),
    )
    expect(waits.some((fact) => !known.has(fact))).toBe(true)
  })
})

describe('what a run covers', () => {
  const featuresOf = (text: string, set: readonly string[] = []): ReadonlySet<number> =>
    new Set(coverageOf(run(scenarioOf(text, set)).history).features.keys())
  const crash = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]\n'

  it('is more with a fault, and says at which facts', () => {
    const [plain, struck] = [featuresOf(small), featuresOf(small + crash)]
    expect([...struck].filter((feature) => !plain.has(feature)).length).toBeGreaterThan(10)
    const { history } = run(scenarioOf(small + crash))
    const places = [...coverageOf(history).features.values()]
    expect(places.every((place) => place >= 0 && place < history.length)).toBe(true)
  })

  it('does not depend on which message or member it was', () => {
    const [one, other] = [featuresOf(small + crash), featuresOf(small + crash.replaceAll('order-4', 'order-7'))]
    const differing = [...one].filter((feature) => !other.has(feature)).length
    expect(differing).toBeLessThan(one.size / 10)
  })
})
