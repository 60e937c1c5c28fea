import type { Searched } from '../../src/exploration/search.ts'

/** A search with its bytes as text: two lists of a hundred thousand numbers take a second to compare one by one. */
export function comparable({ chunks, islands }: Searched): unknown {
  return {
    chunks,
    islands: islands.map((island) => ({ ...island, counts: Buffer.from(island.counts).toString('hex') })),
  }
}
