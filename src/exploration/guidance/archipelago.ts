import type { ChunkResult } from '../chunk.ts'
import { guideOf, learned, newIsland, type Island } from './island.ts'
import type { Guide } from './guide.ts'

/**
 * A run knows of the runs of its island, but for those in so many chunks of it before its own. These may be under way elsewhere: what a run knows
 * must not depend on who is faster, and nobody should have to wait.
 */
const lag = 4

/** All islands of a search, each learning from its chunks in their order: chunk n belongs to island n modulo their number. */
export class Archipelago {
  readonly #islands: Island[]
  readonly #guides = new Map<number, Guide>()

  /** `begun` are those of a search that goes on. */
  constructor(count: number, begun: readonly Island[]) {
    this.#islands = Array.from({ length: count }, (_, place) => begun[place] ?? newIsland)
  }

  get islands(): readonly Island[] {
    return this.#islands
  }

  /** The last chunk that has to be done before this one can be made, or nothing. */
  neededBy(chunk: number): number | undefined {
    const needed = chunk - lag * this.#islands.length
    return needed < 0 || this.#islands.length === 0 ? undefined : needed
  }

  /** What the runs of a chunk may know. Chunks must come in rising order; those that are learned from lose their lessons in `results`. */
  guideFor(chunk: number, results: Map<number, ChunkResult>): Guide | undefined {
    const count = this.#islands.length
    if (count === 0) return undefined
    const place = chunk % count
    let island = this.#islands[place] ?? newIsland
    for (const known = Math.floor(chunk / count) - lag; island.chunks <= known;) {
      const next = island.chunks * count + place
      const result = results.get(next)
      if (result === undefined) throw new Error(`Chunk ${next} is to be learned from before it is done.`)
      island = learned(island, result.lessons)
      results.set(next, { ...result, lessons: [] })
      this.#guides.delete(place)
    }
    this.#islands[place] = island
    const guide = this.#guides.get(place) ?? guideOf(island)
    this.#guides.set(place, guide)
    return guide
  }
}
