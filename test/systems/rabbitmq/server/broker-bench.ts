import type { AnyFact } from '../../../../src/history/fact.ts'
import type { Micros } from '../../../../src/simulation/duration.ts'
import { hour, millisecond, second } from '../../../../src/simulation/duration.ts'
import { linkProfiles } from '../../../../src/simulation/link-profile.ts'
import type { Node } from '../../../../src/simulation/node.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import { World } from '../../../../src/simulation/world.ts'
import type { Command } from '../../../../src/systems/rabbitmq/core/command.ts'
import { rabbitFacts } from '../../../../src/systems/rabbitmq/facts.ts'
import type { BrokerSettings } from '../../../../src/systems/rabbitmq/server/broker-settings.ts'
import { brokerDefaults } from '../../../../src/systems/rabbitmq/server/broker-settings.ts'
import { RabbitBroker } from '../../../../src/systems/rabbitmq/server/rabbit-broker.ts'
import type { RawClientOptions } from './raw-client.ts'
import { RawClient } from './raw-client.ts'

export interface BenchOptions {
  readonly settings?: Partial<BrokerSettings>
  readonly definitions?: readonly Command[]
  readonly seed?: string
}

/** A small world with a broker of a system named `rabbit`, and the client nodes `one` and `two` that send the frames that a test tells them to. */
export class BrokerBench {
  readonly world: World
  readonly broker: RabbitBroker
  readonly #processes = new Map<string, Process>()

  constructor({ settings = {}, definitions = [], seed = 'server' }: BenchOptions = {}) {
    this.world = new World({
      seed,
      linkProfileOf: () => linkProfiles.lan,
      faults: [],
      faultKinds: [],
      settling: { healAfter: second, heal: 'all', bound: 240 * hour },
      factKinds: rabbitFacts,
      observeNetwork: false,
      keepHistory: true,
      strikesBefore: new Map(),
    })
    let copies = 0
    this.broker = new RabbitBroker({
      world: this.world,
      name: 'rabbit',
      settings: { ...brokerDefaults, ...settings },
      definitions,
      nextCopy: () => copies++,
    })
    for (const name of ['one', 'two'])
      this.world.addNode({ name, start: (process) => void this.#processes.set(name, process) })
    this.world.addParticipant({
      name: 'test',
      busyWith: () => 'the test',
      waitingFor: () => undefined,
      patience: 240 * hour,
    })
    this.world.begin()
  }

  get now(): Micros {
    return this.world.engine.now
  }

  get node(): Node {
    return this.world.node(this.broker.node)
  }

  runFor(duration: Micros): this {
    const { engine } = this.world
    const until = engine.now + duration
    // The clock moves to `until` even if nothing else happens then.
    engine.schedule(duration, { number: -100, occur: () => {} }, 0, undefined)
    while ((engine.nextTime() ?? Infinity) <= until && engine.step());
    return this
  }

  /** Lets the run go on until `done`, for at most a second. */
  runUntil(done: () => boolean): this {
    const { engine } = this.world
    const until = this.now + second
    while (!done() && (engine.nextTime() ?? Infinity) <= until && engine.step());
    return this
  }

  /** A new connection from a client node, with its channel 1 open. */
  connect(from: string, options: RawClientOptions = {}): RawClient {
    const process = this.#processes.get(from)
    if (process === undefined) throw new Error(`There is no client ${from}.`)
    const client = new RawClient(process, this.broker, {
      ...options,
      nameOf: (text) => this.world.history.names.intern(text),
    })
    client.openChannel(1)
    this.runFor(20 * millisecond)
    return client
  }

  facts(kind: string): readonly AnyFact[] {
    return [...this.world.history].filter((fact) => fact.kind === kind)
  }

  text(name: AnyFact[string] | undefined): string {
    return typeof name === 'number' ? this.world.history.names.text(name) : ''
  }

  /** The messages that are ready in a queue, in order; `!` marks those that are redelivered. */
  ready(queue: string): readonly string[] {
    const found = this.broker.running?.core.virtualHost.queue(queue)
    return [...(found?.ready ?? [])].map(
      ({ message, redelivered }) => `${this.broker.contents.content(message.id).type}${redelivered ? '!' : ''}`,
    )
  }

  /** What became of copies, as `message: fate` with the reason in brackets. */
  fates(): readonly string[] {
    return this.facts('copy-ended').map(({ message, fate, reason }) => {
      const why = this.text(reason)
      return `${this.text(message)}: ${this.text(fate)}${why === '' ? '' : ` (${why})`}`
    })
  }

  /** Copies without a fate, or with several, after the inventory: none in a sound account. */
  unaccounted(): readonly string[] {
    this.broker.takeInventory()
    const open = new Map<unknown, string>()
    const wrong: string[] = []
    for (const fact of this.world.history) {
      const { copy, message, place } = fact
      if (fact.kind === 'copy-stored') {
        if (open.has(copy)) wrong.push(`${String(copy)} twice`)
        open.set(copy, `${this.text(message)} in ${this.text(place)}`)
      } else if (fact.kind === 'copy-ended' || fact.kind === 'copy-remained') {
        if (!open.delete(copy)) wrong.push(`a second fate of ${this.text(message)} in ${this.text(place)}`)
      }
    }
    return [...wrong, ...open.values()]
  }

  /** Copies that the inventory found, by place. */
  remaining(): Readonly<Record<string, number>> {
    return countEach(this.facts('copy-remained').map(({ place }) => this.text(place)))
  }

  /** Messages that the queues have, by place. */
  contents(): Readonly<Record<string, number>> {
    const queues = [...(this.broker.running?.core.virtualHost.queues ?? [])]
    return countEach(queues.flatMap((queue) => queue.contents().map(() => `rabbit/${queue.name}`)))
  }
}

function countEach(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}
