import type { Binding, Exchange } from './exchange.ts'
import type { FieldTable } from './field-table.ts'

/** The exchanges that routing can reach; what a virtual host offers to {@link route}. */
export interface Topology {
  exchange(name: string): Exchange | undefined
}

export interface Route {
  /** Names of queues in alphabetical order, each once however many bindings led to it. */
  readonly queues: readonly string[]
  /** Whether the routing keys alone decided: then the same keys lead to the same queues until the topology changes. */
  readonly keysDecide: boolean
}

/**
 * Where a message goes. The default exchange (`''`) takes the key for a queue's name and knows no alternate. Elsewhere bindings to exchanges
 * are followed, each exchange once. The alternate exchange is asked only if the bindings of *that* exchange match nothing at all: a binding
 * to an exchange which then finds no queue has matched.
 */
export function route(topology: Topology, exchange: string, keys: readonly string[], headers: FieldTable): Route {
  if (exchange === '') return { queues: [...new Set(keys)].sort(), keysDecide: true }
  const [seen, queues] = [new Set([exchange]), new Set<string>()]
  const reached = [exchange]
  let keysDecide = true
  for (let name = reached.pop(); name !== undefined; name = reached.pop()) {
    const current = topology.exchange(name)
    if (current === undefined) continue
    keysDecide &&= current.declaration.type !== 'headers'
    follow(current, keys, headers, { seen, reached, queues })
  }
  return { queues: [...queues].sort(), keysDecide }
}

interface Found {
  readonly seen: Set<string>
  readonly reached: string[]
  readonly queues: Set<string>
}

function follow(exchange: Exchange, keys: readonly string[], headers: FieldTable, found: Found): void {
  const matching = new Set<Binding>()
  exchange.match(keys, headers, matching)
  for (const { destination } of matching) {
    if (destination.kind === 'queue') found.queues.add(destination.name)
    else reach(destination.name, found)
  }
  if (matching.size === 0 && exchange.alternate !== undefined) reach(exchange.alternate, found)
}

function reach(exchange: string, found: Found): void {
  if (found.seen.has(exchange)) return
  found.seen.add(exchange)
  found.reached.push(exchange)
}
