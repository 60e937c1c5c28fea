import type { FieldTable } from './field-table.ts'
import { sameTable } from './field-table.ts'
import { headersMatch } from './headers-match.ts'
import { TopicTrie } from './topic-trie.ts'

export type ExchangeType = 'direct' | 'fanout' | 'topic' | 'headers'

export const exchangeTypes: readonly ExchangeType[] = ['direct', 'fanout', 'topic', 'headers']

export interface ExchangeDeclaration {
  readonly name: string
  readonly type: ExchangeType
  readonly durable: boolean
  /** Deleted when the last of the bindings that it had goes. */
  readonly autoDelete: boolean
  /** Takes messages from other exchanges only. */
  readonly internal: boolean
  readonly arguments: FieldTable
}

export interface Destination {
  readonly kind: 'queue' | 'exchange'
  readonly name: string
}

/** A rule of an exchange: messages with this key, or these headers, go to that destination. */
export interface Binding {
  readonly source: string
  readonly destination: Destination
  readonly key: string
  readonly arguments: FieldTable
}

/** An exchange and the bindings that start at it. */
export class Exchange {
  readonly declaration: ExchangeDeclaration
  /** Where messages go that match nothing, from a policy; the argument of the declaration comes first. */
  policyAlternate: string | undefined
  #bindings: readonly Binding[] = []
  /** Bindings by key for a direct exchange, by pattern for a topic exchange; built when it is needed. */
  #index: Map<string, Binding[]> | TopicTrie<Binding> | undefined

  constructor(declaration: ExchangeDeclaration) {
    this.declaration = declaration
  }

  get bindings(): readonly Binding[] {
    return this.#bindings
  }

  get alternate(): string | undefined {
    const own = this.declaration.arguments['alternate-exchange']
    return typeof own === 'string' ? own : this.policyAlternate
  }

  /** Whether the binding is new. */
  bind(binding: Binding): boolean {
    if (this.#bindings.some((known) => sameBinding(known, binding))) return false
    this.#replace([...this.#bindings, binding])
    return true
  }

  /** How many of the bindings were taken away. */
  unbind(gone: (binding: Binding) => boolean): number {
    const before = this.#bindings.length
    this.#replace(this.#bindings.filter((binding) => !gone(binding)))
    return before - this.#bindings.length
  }

  /** Adds to `found` the destinations of every binding that the message matches. */
  match(keys: readonly string[], headers: FieldTable, found: Set<Binding>): void {
    if (this.declaration.type === 'fanout') for (const binding of this.#bindings) found.add(binding)
    else if (this.declaration.type === 'headers') this.#matchHeaders(headers, found)
    else for (const key of keys) this.#matchKey(key, found)
  }

  #matchHeaders(headers: FieldTable, found: Set<Binding>): void {
    for (const binding of this.#bindings) if (headersMatch(binding.arguments, headers)) found.add(binding)
  }

  #matchKey(key: string, found: Set<Binding>): void {
    this.#index ??= this.declaration.type === 'topic' ? byPattern(this.#bindings) : byKey(this.#bindings)
    if (this.#index instanceof TopicTrie) this.#index.collect(key, found)
    else for (const binding of this.#index.get(key) ?? []) found.add(binding)
  }

  #replace(bindings: readonly Binding[]): void {
    this.#bindings = bindings
    this.#index = undefined
  }
}

export function sameDestination(one: Destination, other: Destination): boolean {
  return one.kind === other.kind && one.name === other.name
}

export function sameBinding(one: Binding, other: Binding): boolean {
  return (
    one.source === other.source &&
    one.key === other.key &&
    sameDestination(one.destination, other.destination) &&
    sameTable(one.arguments, other.arguments)
  )
}

function byPattern(bindings: readonly Binding[]): TopicTrie<Binding> {
  const trie = new TopicTrie<Binding>()
  for (const binding of bindings) trie.add(binding.key, binding)
  return trie
}

function byKey(bindings: readonly Binding[]): Map<string, Binding[]> {
  const index = new Map<string, Binding[]>()
  for (const binding of bindings) {
    const known = index.get(binding.key)
    if (known === undefined) index.set(binding.key, [binding])
    else known.push(binding)
  }
  return index
}
