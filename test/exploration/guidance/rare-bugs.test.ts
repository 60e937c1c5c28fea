import { describe, expect, it } from 'vitest'
import { rareBugs } from '../rare-bugs.ts'
import { runsUntilFound } from '../runs-until-found.ts'

/*
 * A short form of `scripts/exploration-guidance.ts`, which takes medians over more seeds and prints the table of docs/exploration.md.
 */

describe('a bug that needs faults in a certain relation', () => {
  it('is met by a guided search', async () => {
    const [, frozenBroker] = rareBugs
    if (frozenBroker === undefined) throw new Error('There are no planted bugs.')
    expect(await runsUntilFound(frozenBroker.product, 'seed-6', 300, 1)).toBeLessThan(300)
  }, 60_000)
})
