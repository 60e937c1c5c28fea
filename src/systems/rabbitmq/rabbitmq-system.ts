import type { Micros } from '../../simulation/duration.ts'
import { minute } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Settings } from '../option.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import type { ProducerValues } from './client/client-settings.ts'
import { connectionSettings, consumerValues, producerValues } from './client/client-settings.ts'
import { Connections } from './client/connections.ts'
import { DirectReplies } from './client/direct-replies.ts'
import { GetConsumer } from './client/get-consumer.ts'
import { RabbitProducer } from './client/producer.ts'
import { PushConsumer } from './client/push-consumer.ts'
import type { RetryTarget } from './client/retries.ts'
import { Retries, Shovel } from './client/retries.ts'
import type { Command } from './core/command.ts'
import { isReplyAddress, replyQueue } from './core/direct-reply.ts'
import { publishAddress } from './options/address.ts'
import { brokerSettingsOf, versionOf } from './options/broker-settings-of.ts'
import { fieldTableOf } from './options/field-pairs.ts'
import type { Topology } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'
import type { Method } from './protocol.ts'
import type { BrokerSettings } from './server/broker-settings.ts'
import { RabbitBroker } from './server/rabbit-broker.ts'

type RabbitConsumer = PushConsumer | GetConsumer

/** A RabbitMQ broker and the clients that talk to it. */
export class RabbitSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[]
  readonly patience: Micros
  readonly #broker: RabbitBroker
  readonly #topology: Topology
  readonly #connections: Connections
  readonly #uses: readonly Use[]
  readonly #consumed: ReadonlySet<string>
  #consumers: RabbitConsumer[] = []
  readonly #replies = new WeakMap<Process, DirectReplies>()

  constructor({ world, name, version: named, settings, uses, nextCopy }: SystemSetup) {
    const version = versionOf(named)
    const brokerSettings = brokerSettingsOf(settings, version)
    this.name = name
    this.#uses = uses
    this.#topology = topologyOf(settings, version)
    const { definitions } = this.#topology
    this.#broker = new RabbitBroker({ world, name, settings: brokerSettings, definitions, nextCopy })
    this.#connections = new Connections(this.#broker.node)
    this.#consumed = new Set(uses.filter(({ role }) => role === 'consumer').map(({ address }) => address))
    this.parkingPlaces = merged([...this.#broker.parkingPlaces, ...uses.flatMap(parkedByApplication)])
    this.patience = patienceOf(brokerSettings, this.#topology, uses)
  }

  /** What is bound, whether or not anybody listens, and what lies behind a delay; further keys and headers are those of whoever sends there. */
  sourcesOf(address: string): readonly string[] {
    const to = publishAddress(address, this.#topology)
    if (to === undefined) return address === replyQueue ? [replyQueue] : []
    const senders = this.#uses.filter((use) => use.role === 'producer' && use.address === address)
    const routes = senders.length === 0 ? [routeOf(undefined)] : senders.map(routeOf)
    const queues = routes.flatMap(({ keys, headers }) =>
      this.#topology.route(to.exchange, [to.routingKey, ...keys], headers),
    )
    const isTimed = senders.some(({ settings }) => producerValues(settings).expiration !== null)
    const reached = new Set(queues)
    for (const queue of reached) for (const next of this.#afterDelay(queue, isTimed)) reached.add(next)
    return [...reached].sort()
  }

  /** A queue that nobody consumes from, and where messages expire, is a delay: they are meant for where they go then. */
  #afterDelay(queue: string, isTimed: boolean): readonly string[] {
    const expires = isTimed || Number.isFinite(this.#topology.optionsOf(queue)?.messageTimeToLive ?? Infinity)
    return this.#consumed.has(queue) || !expires ? [] : this.#broker.deadLetterTargets(queue)
  }

  producer(process: Process, use: Use): Producer {
    const values = producerValues(use.settings)
    if (!isReplyAddress(use.address)) return this.#publisher(process, use.address, values)
    // Whoever answers needs no connection for each requester.
    return this.#publisher(process, use.address, { ...values, connection: values.connection ?? replyQueue })
  }

  standsFor(address: string): string {
    return isReplyAddress(address) ? replyQueue : address
  }

  consumer(process: Process, { address: queue, settings }: Use): Consumer {
    if (queue === replyQueue) return this.#repliesTo(process)
    const values = consumerValues(settings)
    const declares = values.declare || this.#topology.isExclusive(queue)
    const declarations = declares ? this.#topology.declarationsOf(queue).flatMap(methodOf) : []
    const retries = this.#retries(process, settings)
    const to = values['shovel-to']
    const shovel = to === null ? undefined : new Shovel(process, this.#target(process, settings, to))
    const subscription = { queue, declarations, contents: this.#broker.contents, values, retries, shovel }
    const connection = this.#connections.of(process, values)
    const consumer =
      values.mode === 'get'
        ? new GetConsumer(process, connection, subscription)
        : new PushConsumer(process, connection, subscription)
    process.onStop((done) => consumer.close(done))
    this.#consumers = [...this.#consumers.filter(({ alive }) => alive), consumer]
    return consumer
  }

  /** Publishes with confirms, each target on a channel of its own that is opened when it is needed. */
  #retries(process: Process, settings: Settings): Retries | undefined {
    const {
      'retry-to': retryTo,
      'park-to': parkTo,
      'park-after': after,
      'retry-count': counter,
    } = consumerValues(settings)
    if (retryTo === null && parkTo === null) return undefined
    const target = (queue: string): RetryTarget => this.#target(process, settings, queue)
    return new Retries(process, {
      retryTo: retryTo === null ? undefined : target(retryTo),
      parking: parkTo === null || after === null ? undefined : { ...target(parkTo), after },
      counter,
    })
  }

  #target(process: Process, settings: Settings, queue: string): RetryTarget {
    const own = { values: { ...settings.values, confirms: true, delivery_mode: '2' }, explicit: settings.explicit }
    let producer: RabbitProducer | undefined
    const open = (): RabbitProducer => this.#publisher(process, queue, producerValues(own))
    return { place: `${this.name}/${queue}`, producer: () => (producer ??= open()) }
  }

  #publisher(process: Process, address: string, values: ProducerValues): RabbitProducer {
    const to = publishAddress(address, this.#topology) ?? { exchange: '', routingKey: address }
    const connection = this.#connections.of(process, values)
    const replies = this.#consumed.has(replyQueue) ? this.#repliesTo(process) : undefined
    const producer = new RabbitProducer(process, connection, to, this.#broker.contents, values, replies)
    process.onStop((done) => producer.close(done))
    return producer
  }

  /** All that a process asks of this broker is answered in one place. */
  #repliesTo(process: Process): DirectReplies {
    const known = this.#replies.get(process) ?? new DirectReplies(process)
    this.#replies.set(process, known)
    return known
  }

  waitingFor(): string | undefined {
    const held = this.#consumers.reduce((sum, consumer) => sum + consumer.held, 0)
    const inHand = held === 0 ? [] : [`${held} messages that consumers hold and have not handled`]
    const inBroker = this.#broker.waitingFor(this.#consumed)
    const work = [...(inBroker === undefined ? [] : [inBroker]), ...inHand]
    return work.length === 0 ? undefined : work.join('; ')
  }

  takeInventory(): void {
    this.#broker.takeInventory()
  }
}

/** Where an application puts what came back too often. */
function parkedByApplication({ role, address, settings }: Use): readonly ParkingPlace[] {
  if (role === 'producer') return []
  const place = consumerValues(settings)['park-to']
  return place === null ? [] : [{ place, of: [address] }]
}

/** Each place once, with all the sources that lead there. */
function merged(places: readonly ParkingPlace[]): readonly ParkingPlace[] {
  return [...new Set(places.map(({ place }) => place))].map((place) => ({
    place,
    of: [...new Set(places.flatMap((each) => (each.place === place ? each.of : [])))],
  }))
}

function routeOf(use: Use | undefined) {
  if (use === undefined) return { keys: [], headers: {} }
  const { CC, BCC, headers } = producerValues(use.settings)
  return { keys: [...CC, ...BCC], headers: fieldTableOf(headers) }
}

/** A declaration as a client makes it, on a channel of its own. */
function methodOf(command: Command): readonly Method[] {
  if (command.kind !== 'declare-queue' && command.kind !== 'bind') return []
  const { channel: _channel, ...method } = command
  return [method]
}

/** The longest time after which something may still move by itself: a message expires, a dead peer is noticed, a connection comes back. */
function patienceOf(broker: BrokerSettings, { queues, optionsOf }: Topology, uses: readonly Use[]): Micros {
  const ofQueues = queues.flatMap((queue) => {
    const options = optionsOf(queue)
    const late = (options?.consumerTimeout ?? 0) + broker.channelTickInterval
    return [options?.messageTimeToLive ?? 0, options?.expires ?? 0, late]
  })
  const ofClients = uses.map((use) => {
    const values = use.role === 'producer' ? producerValues(use.settings) : consumerValues(use.settings)
    const { heartbeat, connectTimeout, recoverAfter = 0, reopenAfter } = connectionSettings(values)
    const noticed = heartbeat === 'none' ? 0 : 3 * Math.max(heartbeat, broker.heartbeat)
    const waits = 'expiration' in values ? (values.expiration ?? 0) : values['get-interval']
    return Math.max(noticed + connectTimeout + recoverAfter + reopenAfter, waits)
  })
  const late = broker.consumerTimeout + broker.channelTickInterval
  return longest([...ofQueues, ...ofClients, late]) + minute
}

function longest(times: readonly Micros[]): Micros {
  return times.reduce((most, time) => (Number.isFinite(time) ? Math.max(most, time) : most), 0)
}
