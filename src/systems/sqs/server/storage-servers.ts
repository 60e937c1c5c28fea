import type { Node } from '../../../simulation/node.ts'
import type { World } from '../../../simulation/world.ts'

/** Facts after which other servers may be reached than before. */
const turns = [
  'node-started',
  'node-crashed',
  'node-lost-power',
  'node-stopped',
  'node-paused',
  'node-resumed',
  'fault-struck',
  'fault-ended',
] as const

/**
 * The servers behind the endpoint that keep messages. They are nodes so that faults can strike them: one that is down, frozen or cut off is
 * unavailable, and comes back with what it had.
 */
export class StorageServers {
  readonly names: readonly string[]
  readonly #world: World
  readonly #nodes: readonly Node[]
  readonly #all: ReadonlySet<number>
  /** What was last found, until the next turn. */
  #reached: ReadonlySet<number> | undefined

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
    if (this.#reached !== undefined) return this.#reached
    const reached = [...this.#all].filter((server) => this.#reaches(endpoint, server))
    return (this.#reached = reached.length === this.#nodes.length ? this.#all : new Set(reached))
  }

  /** Calls back whenever other servers may be reached than before. */
  onTurn(look: () => void): void {
    for (const turn of turns)
      this.#world.listen(turn, () => {
        this.#reached = undefined
        look()
      })
  }

  #reaches(endpoint: Node, server: number): boolean {
    const node = this.#nodes[server]
    const { network } = this.#world
    return node !== undefined && node.up && !node.paused && network.open(endpoint, node) && network.open(node, endpoint)
  }
}
