import { describe, expect, it } from 'vitest'
import { rareBugs } from '../rare-bugs.ts'
import { runsUntilFound } from '../runs-until-found.ts'

/*
 * A short form of `scripts/exploration-guidance.ts`, which prints the table of docs/exploration.md. The seeds are the first three, whatever comes of
 * them, and the bug is one of those that take more than a few hundred runs without guidance. Both kinds of search get as many runs as most of those
 * with guidance need, and no more: without guidance it would take long to find out how many more it takes.
 */

describe('a fault in the recovery from another', () => {
  const [, , , inRecovery] = rareBugs
  const most = 230
  const foundBy = async (islands: number): Promise<number> => {
    if (inRecovery === undefined) throw new Error('There is no such bug.')
    let found = 0
    for (const seed of ['1', '2', '3'])
      if (found < 2 && (await runsUntilFound(inRecovery.product, seed, most, islands)) <= most) found++
    return found
  }

  it(`is met in ${most} runs by most searches with guidance, and by few without`, async () => {
    expect(await foundBy(1)).toBeGreaterThanOrEqual(2)
    expect(await foundBy(0)).toBeLessThan(2)
  })
})
