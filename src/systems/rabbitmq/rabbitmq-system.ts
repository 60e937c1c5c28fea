import type { Micros } from '../../simulation/duration.ts'
import { minute } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { connectionSettings, consumerValues, producerValues } from './client/client-settings.ts'
import { Connections } from './client/connections.ts'
import { GetConsumer } from './client/get-consumer.ts'
import { RabbitProducer } from './client/producer.ts'
import { PushConsumer } from './client/push-consumer.ts'
import type { Command } from './core/command.ts'
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
    this.parkingPlaces = this.#broker.parkingPlaces
    this.patience = patienceOf(brokerSettings, this.#topology, uses)
  }

  /** What is bound, whether or not anybody listens; further keys and headers are those of whoever sends there. */
  sourcesOf(address: string): readonly string[] {
    const to = publishAddress(address, this.#topology)
    if (to === undefined) return []
    const senders = this.#uses.filter((use) => use.role === 'producer' && use.address === address)
    const routes = senders.length === 0 ? [routeOf(undefined)] : senders.map(routeOf)
    const queues = routes.flatMap(({ keys, headers }) =>
      this.#topology.route(to.exchange, [to.routingKey, ...keys], headers),
    )
    return [...new Set(queues)].sort()
  }

  producer(process: Process, use: Use): Producer {
    const values = producerValues(use.settings)
    const to = publishAddress(use.address, this.#topology) ?? { exchange: '', routingKey: use.address }
    const connection = this.#connections.of(process, values)
    const producer = new RabbitProducer(process, connection, to, this.#broker.contents, values)
    process.onStop((done) => producer.close(done))
    return producer
  }

  consumer(process: Process, { address: queue, settings }: Use): Consumer {
    const values = consumerValues(settings)
    const declares = values.declare || this.#topology.isExclusive(queue)
    const declarations = declares ? this.#topology.declarationsOf(queue).flatMap(methodOf) : []
    const subscription = { queue, declarations, contents: this.#broker.contents, values }
    const connection = this.#connections.of(process, values)
    const consumer =
      values.mode === 'get'
        ? new GetConsumer(process, connection, subscription)
        : new PushConsumer(process, connection, subscription)
    process.onStop((done) => consumer.close(done))
    this.#consumers = [...this.#consumers.filter(({ alive }) => alive), consumer]
    return consumer
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
    return [options?.messageTimeToLive ?? 0, options?.expires ?? 0]
  })
  const ofClients = uses.map((use) => {
    const values = use.role === 'producer' ? producerValues(use.settings) : consumerValues(use.settings)
    const { heartbeat, connectTimeout, recoverAfter = 0, reopenAfter } = connectionSettings(values)
    const noticed = 3 * Math.max(heartbeat, broker.heartbeat)
    const waits = 'expiration' in values ? (values.expiration ?? 0) : values['get-interval']
    return Math.max(noticed + connectTimeout + recoverAfter + reopenAfter, waits)
  })
  const late = broker.consumerTimeout + broker.channelTickInterval
  return longest([...ofQueues, ...ofClients, late]) + minute
}

function longest(times: readonly Micros[]): Micros {
  return times.reduce((most, time) => (Number.isFinite(time) ? Math.max(most, time) : most), 0)
}
