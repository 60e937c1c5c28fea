import { tryChunk } from '../../src/exploration/chunk.ts'
import { alone } from '../../src/exploration/crew.ts'
import { anything } from '../../src/exploration/failure.ts'
import type { Outcome } from '../../src/exploration/needs-runs.ts'
import { searchSpaceAround } from '../../src/exploration/search-space.ts'
import { notBegun, search } from '../../src/exploration/search.ts'
import { run } from '../../src/run.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { SystemKind } from '../../src/systems/system.ts'
import { rareBugScenario } from './rare-bugs.ts'

/** The number of the first run of a search that meets the bug of a product, counted from 1; one more than `runs` where none does. */
export async function runsUntilFound(
  product: SystemKind,
  seed: string,
  runs: number,
  islands: number,
): Promise<number> {
  const runOne = (scenario: Scenario): Outcome => {
    try {
      return run(scenario, { products: [product] })
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  const asItStands = run(rareBugScenario, { products: [product] })
  const wanted = { ...anything, guarantees: ['no-invention'] }
  const space = searchSpaceAround(asItStands, { wanted, seed, nemesis: undefined, islands })
  const crew = {
    ...alone,
    tryChunk: (...[of, order]: Parameters<typeof alone.tryChunk>) => Promise.resolve(tryChunk(of, order, runOne)),
  }
  const extent = { runs, shard: { index: 0, of: 1 }, stopAtFirst: true }
  const { chunks } = await search(space, extent, notBegun, crew, { stopped: () => false, onChunk: () => {} })
  const [error] = chunks.flatMap(({ errors }) => errors)
  if (error !== undefined) throw new Error(`Run ${error.index}: ${error.sentence}`)
  const found = chunks.flatMap(({ findings }) => findings.map(({ index }) => index))
  return found.length === 0 ? runs + 1 : Math.min(...found) + 1
}
