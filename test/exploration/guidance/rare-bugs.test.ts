import { describe, expect, it } from 'vitest'
import { rareBugs } from '../rare-bugs.ts'
import { runsUntilFound } from '../runs-until-found.ts'

/*
 * A short form of `scripts/exploration-guidance.ts`, which prints the table of docs/exploration.md. The seeds are the first five, whatever comes of
 * them, and the bug is one of those that take more than a few hundred runs without guidance.
 */

describe('a fault in the recovery from another', () => {
  const [, , , inRecovery] = rareBugs
  const most = 500
  const medianOf = async (islands: number): Promise<number> => {
    if (inRecovery === undefined) throw new Error('There is no such bug.')
    const counts: number[] = []
    for (const seed of ['1', '2', '3', '4', '5'])
      counts.push(await runsUntilFound(inRecovery.product, seed, most, islands))
    return counts.sort((one, other) => one - other)[2] ?? Infinity
  }

  it('is met in fewer runs with guidance than without, in the median over five seeds', async () => {
    expect(await medianOf(1)).toBeLessThan(await medianOf(0))
  }, 300_000)
})
