import { copyRemained } from '../../history/facts.ts'
import type { Micros } from '../../simulation/duration.ts'
import { hour, minute, second } from '../../simulation/duration.ts'
import type { Node } from '../../simulation/node.ts'
import type { Process } from '../../simulation/process.ts'
import type { World } from '../../simulation/world.ts'
import { valuesOf } from '../option.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { SqsConsumer } from './client/consumer.ts'
import { SqsProducer } from './client/producer.ts'
import { consumerTable, producerTable } from './options/client-table.ts'
import type { QueuePlan, ServicePlan } from './options/queue-plan.ts'
import { servicePlanOf } from './options/queue-plan.ts'
import { Endpoint } from './server/endpoint.ts'
import { HostedQueue } from './server/hosted-queue.ts'
import { StorageServers } from './server/storage-servers.ts'
import { unfinishedWork } from './unfinished-work.ts'

/** How long a host tries to deliver what nobody acknowledges, where a client waits for as long. */
const longestSilence: Micros = 16 * minute

/** The service, and the clients that talk to it. */
export class SqsSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[]
  readonly patience: Micros
  readonly #world: World
  readonly #plan: ServicePlan
  readonly #servers: StorageServers
  readonly #queues = new Map<string, HostedQueue>()
  readonly #node: Node
  readonly #consumed: ReadonlySet<string>
  #endpoint: Endpoint | undefined

  constructor(setup: SystemSetup) {
    const { world, name, settings, uses } = setup
    this.name = name
    this.#world = world
    this.#plan = servicePlanOf(settings)
    this.#consumed = new Set(uses.filter(({ role }) => role === 'consumer').map(({ address }) => address))
    this.parkingPlaces = parkingPlacesOf(this.#plan.queues)
    this.patience = patienceOf(this.#plan, uses)
    this.#node = this.#addEndpoint()
    this.#servers = new StorageServers(world, name, this.#plan.storage.servers)
    for (const plan of this.#plan.queues.values()) this.#queues.set(plan.name, this.#host(plan, setup))
    this.#addTargets()
    this.#servers.onTurn(() => world.afterEvent(() => this.#look()))
  }

  sourcesOf(address: string): readonly string[] {
    return this.#plan.queues.has(address) ? [address] : []
  }

  producer(process: Process, use: Use): Producer {
    const producer = new SqsProducer(process, this.#node.name, this.#queue(use.address), use)
    process.onStop((done) => producer.close(done))
    return producer
  }

  consumer(process: Process, use: Use): Consumer {
    const consumer = new SqsConsumer(process, this.#node.name, this.#queue(use.address), use)
    process.onStop((done) => consumer.close(done))
    return consumer
  }

  waitingFor(): string | undefined {
    const work: string[] = []
    for (const queue of this.#queues.values()) {
      if (queue.core.size === 0 || !(this.#consumed.has(queue.plan.name) || queue.isToBeRedriven)) continue
      const reachable = this.#servers.reachableFrom(this.#node)
      work.push(...unfinishedWork(queue, reachable, (name) => this.#world.history.names.text(name)))
    }
    return work.length === 0 ? undefined : work.join('; ')
  }

  takeInventory(): void {
    for (const { core, place } of this.#queues.values())
      for (const { message, state } of core.messages()) {
        const values = { copy: message.copy, message: message.envelope.message, place, state }
        this.#world.record(copyRemained, this.#node.label, values)
      }
  }

  #addEndpoint(): Node {
    return this.#world.addNode({
      name: `${this.name}-endpoint`,
      service: { servers: 1000, perRequest: this.#plan.timePerRequest, perKibibyte: 0 },
      start: (process) => {
        const { internalErrors } = this.#plan
        this.#endpoint = new Endpoint(process, { queues: [...this.#queues.values()], internalErrors })
      },
    })
  }

  #host(plan: QueuePlan, { world, name, nextCopy }: SystemSetup): HostedQueue {
    return new HostedQueue({
      plan,
      service: this.#plan,
      place: world.history.names.intern(`${name}/${plan.name}`),
      servers: this.#servers,
      random: world.random.fork(`${name}/${plan.name}`),
      nextCopy,
      queue: (other) => this.#queues.get(other),
    })
  }

  /** `storage-of(orders)` and `storage-of(order-17)`: the servers that keep a queue, or that have a message. */
  #addTargets(): void {
    const { targets, history } = this.#world
    targets.addToGroup(this.name, [this.#node.name, ...this.#servers.names])
    targets.addToGroup(`${this.name}-server`, this.#servers.names)
    targets.addRole('storage-of', (argument) => {
      if (this.#isPlace(argument)) return this.#servers.names
      if (!history.names.has(argument)) return []
      const message = history.names.intern(argument)
      const found = [...this.#queues.values()].flatMap(({ core }) => core.serversOf(message))
      return this.#servers.names.filter((_, server) => found.includes(server))
    })
  }

  #isPlace(argument: string): boolean {
    return argument.startsWith(`${this.name}/`) && this.#plan.queues.has(argument.slice(this.name.length + 1))
  }

  /** Other servers may be reached than before. */
  #look(): void {
    const { process } = this.#node
    if (process.alive && this.#endpoint !== undefined) process.step(() => this.#endpoint?.serversChanged())
  }

  #queue(name: string): QueuePlan {
    const plan = this.#plan.queues.get(name)
    if (plan === undefined) throw new Error(`There is no queue ${name}; the scenario should have been refused.`)
    return plan
  }
}

function parkingPlacesOf(queues: ServicePlan['queues']): readonly ParkingPlace[] {
  const places = new Set([...queues.values()].flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []))
  return [...places].map((place) => ({
    place,
    of: [...queues.keys()].filter((name) => endsIn(queues, name).has(place)),
  }))
}

/** The queues that get what a queue gives up, and what those give up. */
function endsIn(queues: ServicePlan['queues'], name: string): ReadonlySet<string> {
  const reached = new Set<string>()
  for (let next = queues.get(name)?.deadLetterQueue; next !== undefined && !reached.has(next);) {
    reached.add(next)
    next = queues.get(next)?.deadLetterQueue
  }
  return reached
}

/** A run waits so long at most, if nobody says otherwise, and would not see the end of a longer retention. */
const longestWatch: Micros = hour

/** The longest time after which something may still move: a message is visible again or expires, a call is tried again, an operator acts. */
function patienceOf({ queues, storage }: ServicePlan, uses: readonly Use[]): Micros {
  const ofQueues = [...queues.values()].flatMap(({ rules, waitTime, acts }) => [
    Math.max(rules.visibilityTimeout * (rules.maxReceiveCount ?? 1), rules.delay, acts.delaySet?.delay ?? 0) + waitTime,
    rules.retention <= longestWatch ? rules.retention : 0,
    acts.redrive?.at ?? 0,
  ])
  const ofClients = uses.map(({ role, settings }) => {
    const { requestTimeout, connectionTimeout, maxAttempts } =
      role === 'producer' ? valuesOf(producerTable, settings) : valuesOf(consumerTable, settings)
    const attempt = Math.max(requestTimeout ?? longestSilence, connectionTimeout ?? longestSilence)
    const hidden = role === 'consumer' ? (valuesOf(consumerTable, settings).VisibilityTimeout ?? 0) : 0
    return maxAttempts * attempt + hidden
  })
  return Math.max(0, ...ofQueues) + Math.max(0, ...ofClients) + storage.repairWithin + 30 * second
}
