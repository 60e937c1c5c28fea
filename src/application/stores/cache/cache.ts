import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import { valuesOf } from '../../../systems/option.ts'
import { RequestClient } from '../request-client.ts'
import type { Store, StoreKind } from '../store.ts'
import { CacheClient } from './cache-client.ts'
import { CacheServer } from './cache-server.ts'
import type { Command } from './command.ts'
import type { CacheReply } from './protocol.ts'
import { cacheFacts } from './facts.ts'
import type { CacheValues } from './options.ts'
import { Keyspace } from './keyspace.ts'
import { cacheOptions } from './options.ts'

/*
 * Keys with a time to live in the memory of a server, and a replica that gets every change a little later. Left out: the vote of those who
 * watch the servers (the replica decides by itself when the primary is gone, so that a cut between the two makes two primaries until it
 * heals), memory limits and evictions, and partial resynchronisation.
 */
export const cache: StoreKind = {
  name: 'cache',
  summary: 'Keys with a time to live, in memory, replicated asynchronously.',
  options: cacheOptions,
  facts: cacheFacts,
  takesEffects: false,
  build: (world, name, settings) => new Cache(world, name, valuesOf(cacheOptions, settings)),
}

class Cache implements Store {
  readonly name: string
  readonly patience: Micros
  readonly #values: CacheValues
  readonly #nodes: readonly string[]
  /** The server that started last on each node. */
  readonly #running = new Map<string, CacheServer>()

  constructor(world: World, name: string, values: CacheValues) {
    this.name = name
    this.#values = values
    this.#nodes = values.replica ? [`${name}-1`, `${name}-2`] : [name]
    this.patience = values.timeout + (values.replica ? values['down-after'] : 0)
    for (const [index, node] of this.#nodes.entries()) {
      const peer = this.#nodes[1 - index]
      world.addNode({
        name: node,
        start: (process) => {
          const server = new CacheServer(process, values, peer, index === 0)
          this.#running.set(node, server)
          server.start()
        },
      })
    }
    if (values.replica) world.targets.addToGroup(name, this.#nodes)
  }

  client(process: Process): CacheClient {
    const { timeout } = this.#values
    const servers = this.#nodes.map((node) => new RequestClient<Command, CacheReply>(process, node, 'cache', timeout))
    return new CacheClient(servers, this.#nodes, process, timeout, () => this.#contents())
  }

  #contents(): Keyspace {
    const running = [...this.#running.values()]
    return (running.find(({ isPrimary }) => isPrimary) ?? running[0])?.keys ?? new Keyspace()
  }
}
