import type { ClassicQueue } from './classic-queue.ts'
import type { Binding, Destination, ExchangeDeclaration } from './exchange.ts'
import { Exchange, sameBinding, sameDestination } from './exchange.ts'
import type { FieldTable } from './field-table.ts'
import { emptyTable } from './field-table.ts'
import type { Message } from './message.ts'
import { headersOf } from './message.ts'
import type { Policy } from './policy.ts'
import { policyFor } from './policy.ts'
import type { Topology } from './route.ts'
import { route } from './route.ts'

/** The exchanges, bindings, queues and policies of a virtual host. It knows no channels and handles no messages. */
export class VirtualHost implements Topology {
  readonly #exchanges = new Map<string, Exchange>()
  readonly #queues = new Map<string, ClassicQueue>()
  readonly #policies = new Map<string, Policy>()
  /** By exchange, then by routing key; empty after every change. */
  readonly #routes = new Map<string, Map<string, readonly ClassicQueue[]>>()

  constructor() {
    for (const declaration of predeclared) this.addExchange(declaration)
  }

  get exchanges(): Iterable<Exchange> {
    return this.#exchanges.values()
  }

  get queues(): Iterable<ClassicQueue> {
    return this.#queues.values()
  }

  get policies(): Iterable<Policy> {
    return this.#policies.values()
  }

  exchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name)
  }

  queue(name: string): ClassicQueue | undefined {
    return this.#queues.get(name)
  }

  /** The queues that get a copy of the message, each once, in the order of their names. */
  queuesFor(message: Message): readonly ClassicQueue[] {
    const [key, ...more] = message.routingKeys
    if (key === undefined || more.length > 0) return this.#find(message).queues
    const known = this.#routes.get(message.exchange)?.get(key)
    if (known !== undefined) return known
    const { queues, keysDecide } = this.#find(message)
    if (keysDecide) this.#remember(message.exchange, key, queues)
    return queues
  }

  addExchange(declaration: ExchangeDeclaration): void {
    const exchange = new Exchange(declaration)
    exchange.policyAlternate = alternateOf(policyFor(this.#policies.values(), 'exchange', declaration.name))
    this.#exchanges.set(declaration.name, exchange)
    this.#routes.clear()
  }

  addQueue(queue: ClassicQueue): void {
    this.#queues.set(queue.name, queue)
    this.#routes.clear()
  }

  /** Removes an exchange and its bindings. The names of the exchanges that are gone with it, itself first. */
  removeExchange(name: string): readonly string[] {
    if (!this.#exchanges.delete(name)) return []
    return [name, ...this.#removeDestination({ kind: 'exchange', name })]
  }

  /** Removes a queue and its bindings. The names of the exchanges that are gone with it. */
  removeQueue(name: string): readonly string[] {
    this.#queues.delete(name)
    return this.#removeDestination({ kind: 'queue', name })
  }

  bind(binding: Binding): void {
    if (this.#exchanges.get(binding.source)?.bind(binding) === true) this.#routes.clear()
  }

  isBound(binding: Binding): boolean {
    return this.#exchanges.get(binding.source)?.bindings.some((known) => sameBinding(known, binding)) ?? false
  }

  /** The names of the exchanges that are gone with the binding. */
  unbind(binding: Binding): readonly string[] {
    this.#routes.clear()
    const source = this.#exchanges.get(binding.source)
    const gone = source?.unbind((known) => sameBinding(known, binding)) ?? 0
    return source !== undefined && gone > 0 ? this.#removeIfUnused(source) : []
  }

  /** What the policies say to a queue of this name. */
  queuePolicy(name: string): FieldTable {
    return policyFor(this.#policies.values(), 'queue', name)
  }

  setPolicy(policy: Policy): void {
    this.#policies.set(policy.name, policy)
    this.#policiesChanged()
  }

  clearPolicy(name: string): void {
    this.#policies.delete(name)
    this.#policiesChanged()
  }

  #find(message: Message): { readonly queues: readonly ClassicQueue[]; readonly keysDecide: boolean } {
    const { queues, keysDecide } = route(this, message.exchange, message.routingKeys, headersOf(message))
    const present = queues.map((name) => this.#queues.get(name)).filter((queue) => queue !== undefined)
    return { queues: present, keysDecide }
  }

  #remember(exchange: string, key: string, queues: readonly ClassicQueue[]): void {
    const known = this.#routes.get(exchange)
    if (known === undefined || known.size >= mostRoutes) this.#routes.set(exchange, new Map([[key, queues]]))
    else known.set(key, queues)
  }

  #removeDestination(destination: Destination): readonly string[] {
    this.#routes.clear()
    const bereft = [...this.#exchanges.values()].filter(
      (exchange) => exchange.unbind((binding) => sameDestination(binding.destination, destination)) > 0,
    )
    return bereft.flatMap((exchange) => this.#removeIfUnused(exchange))
  }

  #removeIfUnused({ declaration, bindings }: Exchange): readonly string[] {
    return declaration.autoDelete && bindings.length === 0 ? this.removeExchange(declaration.name) : []
  }

  #policiesChanged(): void {
    this.#routes.clear()
    for (const exchange of this.#exchanges.values()) {
      exchange.policyAlternate = alternateOf(policyFor(this.#policies.values(), 'exchange', exchange.declaration.name))
    }
  }
}

/** Routes remembered per exchange; keys that are never seen twice must not fill the memory. */
const mostRoutes = 10_000

/** The exchanges that every virtual host has. The first is the default exchange. */
const predeclared: readonly ExchangeDeclaration[] = [
  predeclaredExchange('', 'direct'),
  predeclaredExchange('amq.direct', 'direct'),
  predeclaredExchange('amq.fanout', 'fanout'),
  predeclaredExchange('amq.topic', 'topic'),
  predeclaredExchange('amq.headers', 'headers'),
  predeclaredExchange('amq.match', 'headers'),
  { ...predeclaredExchange('amq.rabbitmq.trace', 'topic'), internal: true },
]

function predeclaredExchange(name: string, type: ExchangeDeclaration['type']): ExchangeDeclaration {
  return { name, type, durable: true, autoDelete: false, internal: false, arguments: emptyTable }
}

function alternateOf(policy: FieldTable): string | undefined {
  const name = policy['alternate-exchange']
  return typeof name === 'string' ? name : undefined
}
