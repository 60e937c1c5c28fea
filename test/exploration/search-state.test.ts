import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSameSpace, readState, saveState, stateToResume } from '../../src/cli/search-state.ts'
import { shared, unshared } from '../../src/cli/shared-value.ts'
import { alone } from '../../src/exploration/crew.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { notBegun, search } from '../../src/exploration/search.ts'
import { parseSymptom } from '../../src/exploration/symptom.ts'
import { temporaryFolder } from '../cli/onceproof.ts'
import { comparable } from './comparable.ts'
import { scenarioOf, small } from './small-scenario.ts'

/** With values that JSON has no word for: bandwidths and gaps without end, and bytes. */
const wanted = { guarantees: [], symptom: parseSymptom('effects(op)=2..') }
const scenario = scenarioOf(`${small}network: loopback\n`)
const space = searchSpaceOf(scenario, { wanted, seed: 'state', nemesis: undefined, islands: 1 })
const extent = { runs: 24, shard: { index: 0, of: 1 }, stopAtFirst: false }
const unwatched = { stopped: () => false, onChunk: () => {} }

describe('a search that is saved', () => {
  it('comes back as it was, and goes on to the same end', async () => {
    const folder = temporaryFolder()
    const begun = await search(space, { ...extent, runs: 20 }, notBegun, alone, unwatched)
    const file = saveState(folder, { runs: 24, space, searched: begun })
    // As it is left by a kill in the middle of writing: what was kept before counts.
    writeFileSync(path.join(folder, '.search.json.writing'), '{"format":"onceproof search 3","runs":4')
    expect(begun.islands.map(({ chunks }) => chunks)).toEqual([1])
    const state = readState(file)
    expect(isSameSpace(state.space, space)).toBe(true)
    expect(state.space.wanted.symptom?.gap.most).toBe(Infinity)
    expect(state.space.scenario.network).toEqual(scenario.network)
    const resumed = stateToResume(folder, space)
    expect(comparable(resumed ?? notBegun)).toEqual(comparable(begun))
    expect(comparable(await search(space, extent, resumed ?? notBegun, alone, unwatched))).toEqual(
      comparable(await search(space, extent, notBegun, alone, unwatched)),
    )
  })

  it('is another one where anything differs, and then nobody writes over it', () => {
    const folder = temporaryFolder()
    expect(stateToResume(folder, space)).toBeUndefined()
    saveState(folder, { runs: 24, space, searched: notBegun })
    expect(() => stateToResume(folder, { ...space, islands: 3 })).toThrow(
      /search\.json: is another search, of .* \(seed state\)\. Give the options that it was begun with/,
    )
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
