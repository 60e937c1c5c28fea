import type { Name } from '../../history/fact.ts'
import { copyEnded, copyRemained } from '../../history/facts.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Node } from '../../simulation/node.ts'
import type { Process } from '../../simulation/process.ts'
import type { World } from '../../simulation/world.ts'
import { valuesOf } from '../option.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { Broker } from './broker.ts'
import { QueueConsumer } from './consumer.ts'
import { memoryConsumerOptions, memoryOptions } from './options.ts'
import { MemoryProducer } from './producer.ts'
import type { Copy } from './queue.ts'
import { TopicSubscriber } from './subscriber.ts'
import type { Topology } from './topology.ts'
import { topologyOf } from './topology.ts'
import { unfinishedWork } from './unfinished-work.ts'

/** Facts that end the memory of a process. */
const endings = ['node-crashed', 'node-lost-power', 'node-stopped']

/** One broker and the clients that talk to it. */
export class MemorySystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[]
  readonly patience: Micros
  readonly #world: World
  readonly #topology: Topology
  readonly #node: Node
  readonly #consumed: ReadonlySet<string>
  #broker: Broker | undefined

  constructor(setup: SystemSetup) {
    const { world, name, settings, uses } = setup
    this.name = name
    this.#world = world
    this.#topology = topologyOf(settings)
    this.#consumed = new Set(uses.filter(({ role }) => role === 'consumer').map(({ address }) => address))
    this.parkingPlaces = parkingPlacesOf(this.#topology)
    this.patience = patienceOf(this.#topology, uses)
    this.#node = this.#addNode(setup)
    for (const ending of endings) {
      world.listen(ending, (fact) => {
        if (fact.node === this.#node.label) this.#recordLosses(fact.index)
      })
    }
  }

  sourcesOf(address: string): readonly string[] {
    return this.#has(address) ? [address] : []
  }

  producer(process: Process, use: Use): Producer {
    return new MemoryProducer(process, this.name, use.address, use.settings)
  }

  consumer(process: Process, use: Use): Consumer {
    return this.#topology.queues.has(use.address)
      ? new QueueConsumer(process, this.name, use.address, use.settings)
      : new TopicSubscriber(process, this.name, use.address, use.settings)
  }

  waitingFor(): string | undefined {
    if (this.#broker === undefined) return undefined
    return unfinishedWork(this.#broker, this.#consumed, (message) => this.#world.history.names.text(message))
  }

  takeInventory(): void {
    this.#eachCopy((copy, place, state) => {
      const values = { copy: copy.number, message: copy.envelope.message, place, state }
      this.#world.record(copyRemained, this.#node.label, values)
    })
  }

  #has(address: string): boolean {
    return this.#topology.queues.has(address) || this.#topology.topics.includes(address)
  }

  #addNode({ world, name, settings, nextCopy }: SystemSetup): Node {
    const context = {
      topology: this.#topology,
      placeOf: (place: string) => world.history.names.intern(`${name}/${place}`),
      nextCopy,
    }
    const node = world.addNode({
      name,
      service: { servers: 1, perRequest: valuesOf(memoryOptions, settings)['time-per-request'], perKibibyte: 0 },
      start: (process) => {
        this.#broker = new Broker(process, context)
      },
    })
    world.targets.addRole('storage-of', (address) => (this.#owns(address) ? [name] : []))
    return node
  }

  #owns(address: string): boolean {
    return address.startsWith(`${this.name}/`) && this.#has(address.slice(this.name.length + 1))
  }

  /** The broker cannot tell any more what it lost: the run can. */
  #recordLosses(cause: number): void {
    this.#eachCopy(({ number, envelope }, place) => {
      const values = { copy: number, message: envelope.message, place, fate: 'lost', reason: 'the memory is gone' }
      this.#world.record(copyEnded, this.#node.label, values, cause)
    })
    this.#broker = undefined
  }

  #eachCopy(visit: (copy: Copy, place: Name, state: 'ready' | 'processing') => void): void {
    for (const { queue, place } of this.#broker?.desks ?? []) {
      for (const copy of queue.ready()) visit(copy, place, 'ready')
      for (const copy of queue.processing()) visit(copy, place, 'processing')
    }
  }
}

function parkingPlacesOf({ queues, deadLetterQueues }: Topology): readonly ParkingPlace[] {
  return [...deadLetterQueues].map((place) => ({
    place,
    of: [...queues.keys()].filter((name) => endsIn(queues, name).has(place)),
  }))
}

/** The queues that get what a queue gives up, and what those give up. */
function endsIn(queues: Topology['queues'], name: string): ReadonlySet<string> {
  const reached = new Set<string>()
  for (let next = queues.get(name)?.deadLetterQueue; next !== undefined && !reached.has(next);) {
    reached.add(next)
    next = queues.get(next)?.deadLetterQueue
  }
  return reached
}

function patienceOf({ queues }: Topology, uses: readonly Use[]): Micros {
  const ofQueues = [...queues.values()].flatMap(({ visibilityTimeout, redriveAt }) => [
    visibilityTimeout ?? 0,
    redriveAt ?? 0,
  ])
  const ofClients = uses.map((use) => {
    const values = valuesOf(memoryConsumerOptions, use.settings)
    return Math.max(values.timeout, values['connection-timeout']) + values['reconnect-at-most']
  })
  return Math.max(0, ...ofQueues) + Math.max(0, ...ofClients)
}
