import { describe, expect, it } from 'vitest'
import { chunkOrder, chunkSize, tryChunk } from '../../src/exploration/chunk.ts'
import { attemptOf } from '../../src/exploration/attempt.ts'
import { alone, type Crew } from '../../src/exploration/crew.ts'
import { anything, failuresOf } from '../../src/exploration/failure.ts'
import { boundedRun, type Outcome } from '../../src/exploration/needs-runs.ts'
import { searchSummary } from '../../src/exploration/search-report.ts'
import { searchSpaceOf, type SearchSpace } from '../../src/exploration/search-space.ts'
import {
  counterexamplesOf,
  notBegun,
  search,
  summed,
  type Searched,
  type SearchExtent,
} from '../../src/exploration/search.ts'
import { Random } from '../../src/simulation/random.ts'
import { comparable } from './comparable.ts'
import { scenarioOf, small } from './small-scenario.ts'

const asked = { wanted: anything, seed: 's', nemesis: undefined }
const space = searchSpaceOf(scenarioOf(small), { ...asked, islands: 2 })
const fourIslands = searchSpaceOf(scenarioOf(small), { ...asked, islands: 4 })
const unguided = searchSpaceOf(scenarioOf(small), asked)
const whole: SearchExtent = { runs: 72, shard: { index: 0, of: 1 }, stopAtFirst: false }
const unwatched = { stopped: () => false, onChunk: () => {} }

const searches = new Map<SearchSpace, Promise<Searched>>()

/** All of a search by one worker, made once. */
function wholeSearch(of: SearchSpace): Promise<Searched> {
  const known = searches.get(of) ?? search(of, whole, notBegun, alone, unwatched)
  searches.set(of, known)
  return known
}

/** Lessons stay where nobody has learned from them yet. */
function withoutLessons(sum: ReturnType<typeof summed>) {
  return { ...sum, lessons: [] }
}

/** Several workers, of which now this one and now that one is faster. */
function unevenCrew(width: number): Crew {
  const random = new Random(`crew of ${width}`)
  return {
    ...alone,
    width,
    tryChunk: async (...args) => {
      const turns = random.between(0, 20)
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      return tryChunk(...args)
    },
  }
}

describe('a search', () => {
  it('comes to the same whatever the number of workers', async () => {
    const one = await wholeSearch(space)
    const several = await search(space, whole, notBegun, unevenCrew(5), unwatched)
    expect(comparable(several)).toEqual(comparable(one))
    expect(summed(one.chunks)).toMatchObject({ runs: 72, errors: [] })
    expect(summed(one.chunks).failing).toBeGreaterThan(5)
  })

  it('stops at the same run whatever the number of workers', async () => {
    const extent = { ...whole, stopAtFirst: true }
    const one = await search(space, extent, notBegun, alone, unwatched)
    const several = await search(space, extent, notBegun, unevenCrew(7), unwatched)
    expect(comparable(several)).toEqual(comparable(one))
    expect(one.chunks.filter(({ failing }) => failing > 0)).toHaveLength(1)
  })

  it.each([
    ['guided by islands, of which each shard has some', fourIslands, 1],
    ['guided by islands, of which each shard has some', fourIslands, 2],
    ['guided by islands, of which each shard has some', fourIslands, 3],
    ['guided by islands, of which each shard has some', fourIslands, 4],
    ['most runs of which are guided', space, 2],
    ['drawn afresh, in any number of shards', unguided, 3],
  ])('is the sum of its shards: %s', async (_how, whatever, of) => {
    const shards = Array.from({ length: of }, (_, index) => ({ ...whole, shard: { index, of } }))
    const parts = await Promise.all(shards.map((extent) => search(whatever, extent, notBegun, alone, unwatched)))
    const all = summed((await wholeSearch(whatever)).chunks)
    expect(withoutLessons(summed(parts.flatMap(({ chunks }) => chunks).toReversed()))).toEqual(withoutLessons(all))
    expect(parts.map(({ chunks }) => summed(chunks).runs).reduce((sum, runs) => sum + runs)).toBe(72)
    expect(new Set(parts.flatMap(({ chunks }) => chunks.map(({ chunk }) => chunk))).size).toBe(72 / chunkSize)
  })

  it('goes on to more runs than were asked for at first, the rest of the last chunk included', async () => {
    const first = await search(space, { ...whole, runs: 30 }, notBegun, alone, unwatched)
    expect(comparable(await search(space, whole, first, unevenCrew(2), unwatched))).toEqual(
      comparable(await wholeSearch(space)),
    )
  })

  it('makes most runs from earlier ones where it is guided, and none where it is not', async () => {
    const { chunks, islands } = await wholeSearch(space)
    const parents = chunks.flatMap(({ findings }) => findings.flatMap(({ recipe }) => recipe.parents))
    expect(parents.length).toBeGreaterThan(0)
    expect(islands.map(({ examples }) => examples.length > 0)).toEqual([true, true])
    const afresh = await wholeSearch(unguided)
    expect(afresh.chunks.flatMap(({ findings }) => findings.flatMap(({ recipe }) => recipe.parents))).toEqual([])
    expect(afresh.islands).toEqual([])
  })

  it('goes on where it was interrupted: no run is lost and none is made twice', async () => {
    const seen: number[] = []
    const watch = {
      stopped: () => seen.length >= 3,
      onChunk: ({ chunk }: { readonly chunk: number }) => seen.push(chunk),
    }
    const first = await search(space, whole, notBegun, unevenCrew(2), watch)
    expect(summed(first.chunks).runs).toBeLessThan(72)
    const made: number[] = []
    const rest = await search(space, whole, first, unevenCrew(3), {
      ...unwatched,
      onChunk: ({ chunk }) => made.push(chunk),
    })
    expect(made.filter((chunk) => first.chunks.some((result) => result.chunk === chunk))).toEqual([])
    expect(comparable(rest)).toEqual(comparable(await wholeSearch(space)))
  })

  it('goes on from whatever there was after any of its chunks, as when it is killed', async () => {
    const kept: Searched[] = []
    const keep = { ...unwatched, onChunk: (_: unknown, soFar: () => Searched) => kept.push(soFar()) }
    const complete = await wholeSearch(space)
    expect(comparable(await search(space, whole, notBegun, unevenCrew(2), keep))).toEqual(comparable(complete))
    expect(kept.map(({ chunks }) => chunks.length)).toEqual(kept.map((_, place) => place + 1))
    for (const begun of [kept[0], kept[5], kept.at(-2)])
      expect(comparable(await search(space, whole, begun ?? notBegun, unevenCrew(2), unwatched))).toEqual(
        comparable(complete),
      )
  })

  it('ends a run at its bound of events, and claims nothing that the whole run does not show', () => {
    const attempts = Array.from({ length: 16 }, (_, index) => attemptOf(unguided, index).scenario)
    const broken = (outcome: Outcome): readonly string[] =>
      typeof outcome === 'string'
        ? []
        : failuresOf(outcome, anything).map(({ guarantee, level }) => `${guarantee}/${level}`)
    const bounds = [60, 200, 600].flatMap((mostEvents) => attempts.map((scenario) => ({ scenario, mostEvents })))
    const cut = bounds.flatMap(({ scenario, mostEvents }) => {
      const outcome = boundedRun(scenario, mostEvents)
      return typeof outcome !== 'string' && outcome.ending === 'bound' ? [{ scenario, outcome }] : []
    })
    expect(cut.length).toBeGreaterThan(10)
    expect(cut.filter(({ outcome }) => broken(outcome).length > 0).length).toBeGreaterThan(0)
    for (const { scenario, outcome } of cut) {
      expect(broken(boundedRun(scenario, Infinity))).toEqual(expect.arrayContaining([...broken(outcome)]))
    }
  })

  it('says how many runs were ended before they were over', async () => {
    const bounded = searchSpaceOf(scenarioOf(small), { ...asked, mostEvents: 200 })
    const sum = summed((await search(bounded, { ...whole, runs: 12 }, notBegun, alone, unwatched)).chunks)
    expect(sum.cut).toBeGreaterThan(1)
    expect(searchSummary(bounded, sum).join(' ')).toContain(`${sum.cut} runs ended at 200 events`)
    expect(searchSummary(space, { ...sum, cut: 0 }).join(' ')).not.toContain('ended at')
    expect(space.mostEvents).toBe(50_000)
  })

  it('makes no run beyond those asked for', () => {
    expect(tryChunk(space, chunkOrder(12, 50)).runs).toBe(50 - 12 * chunkSize)
    expect(tryChunk(space, chunkOrder(13, 50)).runs).toBe(0)
  })

  it('ends in one counterexample for each kind of cause', async () => {
    const { findings } = summed((await search(unguided, { ...whole, runs: 40 }, notBegun, alone, unwatched)).chunks)
    const { counterexamples, unshrunk } = await counterexamplesOf(unguided, findings, 3, alone, () => {})
    const kinds = counterexamples.map(({ kind }) => kind)
    expect(unshrunk).toEqual([])
    expect(kinds.length).toBeGreaterThan(1)
    expect(new Set(kinds).size).toBe(kinds.length)
  })

  it('tells of a profile in faults that it has, whatever it is shrunk to', async () => {
    const crashing = searchSpaceOf(scenarioOf(small), { ...asked, nemesis: 'crashes' })
    const { findings } = summed((await search(crashing, { ...whole, runs: 24 }, notBegun, alone, unwatched)).chunks)
    const { counterexamples } = await counterexamplesOf(crashing, findings, 3, alone, () => {})
    expect(counterexamples.length).toBeGreaterThan(0)
    for (const { text } of counterexamples)
      expect(text).not.toMatch(/^ {4}(?:isolate|partition|reset-connections|slow-link|lossy-link|full-disk):/m)
  })

  it('finds only what it was asked for, whether somebody expects it or not', async () => {
    const expected = scenarioOf(`${small}expect: { billing: { no-duplicates: violated, exactly-once: violated } }\n`)
    const kindsOf = async (guarantees: readonly string[]): Promise<readonly string[]> => {
      const wanted = { guarantees, symptom: undefined }
      const asking = searchSpaceOf(expected, { ...asked, wanted })
      const { chunks } = await search(asking, whole, notBegun, alone, unwatched)
      return [...new Set(summed(chunks).findings.map(({ guarantee, level }) => `${guarantee}/${level}`))].sort()
    }
    expect(await kindsOf([])).not.toContain('no-duplicates/effect')
    expect(await kindsOf(['no-duplicates'])).toEqual(['no-duplicates/effect'])
    expect(await kindsOf(['no-duplicates/delivery'])).toEqual(['no-duplicates/delivery'])
    expect(await kindsOf(['no-loss', 'no-duplicates/effect'])).toEqual(['no-duplicates/effect', 'no-loss/effect'])
  })
})
