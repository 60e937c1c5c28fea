import type { Node } from '../../../simulation/node.ts'
import type { World } from '../../../simulation/world.ts'

/** Facts after which other servers may be reached than before. */
const turns = ['node-started', 'node-resumed', 'fault-struck', 'fault-ended'] as const

/**
 * The servers behind the endpoint that keep messages. They are nodes so that faults can strike them: one that is down, frozen or cut off is
 * unavailable, and comes back with what it had.
 */
export class StorageServers {
  readonly names: readonly string[]
  readonly #world: World
  readonly #nodes: readonly Node[]
  readonly #all: ReadonlySet<number>

  constructor(world: World, system: string, count: number) {
    this.#world = world
    this.names = Array.from({ length: count }, (_, server) => `${system}-server-${server + 1}`)
    this.#nodes = this.names.map((name) => world.addNode({ name, start: () => {} }))
    this.#all = new Set(this.names.keys())
  }

  get all(): ReadonlySet<number> {
    return this.#all
  }

  reachableFrom(endpoint: Node): ReadonlySet<number> {
    const reached = [...this.#all].filter((server) => this.#reaches(endpoint, server))
    return reached.length === this.#nodes.length ? this.#all : new Set(reached)
  }

  /** Calls back whenever other servers may be reached than before. */
  onTurn(look: () => void): void {
    for (const turn of turns) this.#world.listen(turn, look)
  }

  #reaches(endpoint: Node, server: number): boolean {
    const node = this.#nodes[server]
    const { network } = this.#world
    return node !== undefined && node.up && !node.paused && network.open(endpoint, node) && network.open(node, endpoint)
  }
}
