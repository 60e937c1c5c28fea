import { describe, expect, it } from 'vitest'
import { isSameSpace, readState, saveState, stateToResume } from '../../src/cli/search-state.ts'
import { shared, unshared } from '../../src/cli/shared-value.ts'
import { alone } from '../../src/exploration/crew.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { notBegun, search } from '../../src/exploration/search.ts'
import { parseSymptom } from '../../src/exploration/symptom.ts'
import { temporaryFolder } from '../cli/onceproof.ts'
import { scenarioOf, small } from './small-scenario.ts'

/** With values that JSON has no word for: bandwidths and gaps without end, and bytes. */
const wanted = { guarantees: [], symptom: parseSymptom('effects(op)=2..') }
const scenario = scenarioOf(`${small}network: loopback\n`)
const space = searchSpaceOf(scenario, { wanted, seed: 'state', nemesis: undefined, islands: 2 })
const extent = { runs: 40, shard: { index: 0, of: 1 }, stopAtFirst: false }
const unwatched = { stopped: () => false, onChunk: () => {} }

describe('a search that is saved', () => {
  it('comes back as it was, and goes on to the same end', async () => {
    const folder = temporaryFolder()
    const begun = await search(space, { ...extent, runs: 24 }, notBegun, alone, unwatched)
    const file = saveState(folder, { runs: 40, space, searched: begun })
    const state = readState(file)
    expect(isSameSpace(state.space, space)).toBe(true)
    expect(state.space.wanted.symptom?.gap.most).toBe(Infinity)
    expect(state.space.scenario.network).toEqual(scenario.network)
    const resumed = stateToResume(folder, space)
    expect(resumed?.islands).toEqual(begun.islands)
    expect(await search(space, extent, resumed ?? notBegun, alone, unwatched)).toEqual(
      await search(space, extent, notBegun, alone, unwatched),
    )
  })

  it('is another one where anything differs', async () => {
    const folder = temporaryFolder()
    saveState(folder, { runs: 40, space, searched: notBegun })
    expect(stateToResume(folder, { ...space, islands: 3 })).toBeUndefined()
    expect(stateToResume(folder, space)).toEqual(notBegun)
  })
})

describe('a value for many jobs', () => {
  it('is written down once, and read as it was', () => {
    const written = shared(space)
    expect(shared(space)).toBe(written)
    expect(unshared(written)).toEqual(space)
    expect(unshared(written)).toBe(unshared(written))
    expect(shared({ ...space }).number).not.toBe(written.number)
  })
})
