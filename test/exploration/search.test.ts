import { describe, expect, it } from 'vitest'
import { chunkSize, tryChunk } from '../../src/exploration/chunk.ts'
import { alone, type Crew } from '../../src/exploration/crew.ts'
import { anything } from '../../src/exploration/failure.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { counterexamplesOf, search, summed, type SearchExtent } from '../../src/exploration/search.ts'
import { Random } from '../../src/simulation/random.ts'
import { scenarioOf, small } from './small-scenario.ts'

const space = searchSpaceOf(scenarioOf(small), { wanted: anything, seed: 's', nemesis: undefined })
const whole: SearchExtent = { runs: 50, shard: { index: 0, of: 1 }, stopAtFirst: false }
const unwatched = { stopped: () => false, onChunk: () => {} }

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
    const one = await search(space, whole, [], alone, unwatched)
    const several = await search(space, whole, [], unevenCrew(5), unwatched)
    expect(several).toEqual(one)
    expect(summed(one)).toMatchObject({ runs: 50, errors: [] })
    expect(summed(one).failing).toBeGreaterThan(5)
  })

  it('stops at the same run whatever the number of workers', async () => {
    const extent = { ...whole, stopAtFirst: true }
    const one = await search(space, extent, [], alone, unwatched)
    const several = await search(space, extent, [], unevenCrew(7), unwatched)
    expect(several).toEqual(one)
    expect(one.filter(({ failing }) => failing > 0)).toHaveLength(1)
  })

  it('is the sum of its shards', async () => {
    const shards = [0, 1, 2].map((index) => ({ ...whole, shard: { index, of: 3 } }))
    const parts = await Promise.all(shards.map((extent) => search(space, extent, [], alone, unwatched)))
    const all = summed(await search(space, whole, [], alone, unwatched))
    expect(summed(parts.flat().toReversed())).toEqual(all)
    expect(parts.map((chunks) => summed(chunks).runs).reduce((sum, runs) => sum + runs)).toBe(50)
  })

  it('goes on where it was interrupted: no run is lost and none is made twice', async () => {
    const seen: number[] = []
    const watch = {
      stopped: () => seen.length >= 3,
      onChunk: ({ chunk }: { readonly chunk: number }) => seen.push(chunk),
    }
    const first = await search(space, whole, [], unevenCrew(2), watch)
    expect(summed(first).runs).toBeLessThan(50)
    const made: number[] = []
    const rest = await search(space, whole, first, unevenCrew(3), {
      ...unwatched,
      onChunk: ({ chunk }) => made.push(chunk),
    })
    expect(made.filter((chunk) => first.some((result) => result.chunk === chunk))).toEqual([])
    expect(rest).toEqual(await search(space, whole, [], alone, unwatched))
  })

  it('makes no run beyond those asked for', () => {
    expect(tryChunk(space, 6, 50).runs).toBe(50 - 6 * chunkSize)
    expect(tryChunk(space, 7, 50).runs).toBe(0)
  })

  it('ends in one counterexample for each kind of cause', async () => {
    const { findings } = summed(await search(space, whole, [], alone, unwatched))
    const { counterexamples, unshrunk } = await counterexamplesOf(space, findings, 3, alone, () => {})
    const kinds = counterexamples.map(({ kind }) => kind)
    expect(unshrunk).toEqual([])
    expect(kinds.length).toBeGreaterThan(1)
    expect(new Set(kinds).size).toBe(kinds.length)
  })
})
