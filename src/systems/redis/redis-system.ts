import type { Micros } from '../../simulation/duration.ts'
import { minute } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Settings } from '../option.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { clientPolicyOf } from './client/client-policy.ts'
import { Contents } from './client/contents.ts'
import { GroupReader } from './client/group-reader.ts'
import { ListWorker } from './client/list-worker.ts'
import { RedisProducer } from './client/producer.ts'
import type { Whereabouts } from './client/redis-client.ts'
import { RedisClient } from './client/redis-client.ts'
import { StreamReader } from './client/stream-reader.ts'
import { Subscriber } from './client/subscriber.ts'
import { consumerValues, furtherLists, groupOf, producerValues } from './options/client-values.ts'
import type { Topology } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'
import { Deployment } from './server/deployment.ts'
import { serverSettingsOf } from './server/server-settings.ts'

type RedisConsumer = Subscriber | ListWorker | GroupReader | StreamReader

/** A master with its replicas and Sentinels, and the clients that talk to them. */
export class RedisSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[]
  readonly patience: Micros
  readonly #topology: Topology
  readonly #deployment: Deployment
  readonly #contents = new Contents()
  readonly #whereabouts: Whereabouts
  readonly #uses: readonly Use[]
  #consumers: RedisConsumer[] = []

  constructor({ world, name, version, settings, uses, nextCopy }: SystemSetup) {
    const server = serverSettingsOf(settings, version)
    this.name = name
    this.#topology = topologyOf(settings)
    this.#deployment = new Deployment({ world, name, settings: server, topology: this.#topology, uses, nextCopy })
    const { servers, sentinels } = this.#deployment
    this.#whereabouts = { server: servers[0]?.name ?? name, sentinels }
    this.#uses = uses
    this.parkingPlaces = parkingPlacesOf(uses)
    this.patience = patienceOf(settings, uses)
  }

  /** Whoever pops from several lists is known by the first of them. */
  sourcesOf(address: string): readonly string[] {
    if (!this.#topology.places.has(address)) return []
    return [address, ...this.#uses.filter((use) => furtherLists(use).includes(address)).map((use) => use.address)]
  }

  producer(process: Process, use: Use): Producer {
    const values = producerValues(use.settings)
    const client = new RedisClient(process, this.#whereabouts, clientPolicyOf(values))
    const { address: key, service } = use
    const target = { place: this.#topology.places.get(key) ?? 'stream', key, service }
    const producer = new RedisProducer(client, target, values, this.#contents)
    process.onStop((done) => producer.close(done))
    return producer
  }

  consumer(process: Process, use: Use): Consumer {
    const consumer = this.#open(process, use)
    process.onStop((done) => consumer.close(done))
    this.#consumers = [...this.#consumers.filter(({ alive }) => alive), consumer]
    return consumer
  }

  waitingFor(): string | undefined {
    const held = this.#consumers.reduce((sum, consumer) => sum + (consumer.alive ? consumer.held : 0), 0)
    const inHand = held === 0 ? [] : [`${held} messages that consumers hold and have not handled`]
    const readers = this.#consumers.flatMap((consumer) =>
      consumer instanceof StreamReader && consumer.alive ? [consumer.reading] : [],
    )
    const work = [...this.#deployment.unfinished(), ...this.#deployment.unread(readers), ...inHand]
    return work.length === 0 ? undefined : work.join('; ')
  }

  takeInventory(): void {
    this.#deployment.takeInventory()
  }

  #open(process: Process, use: Use): RedisConsumer {
    const values = consumerValues(use.settings)
    const policy = clientPolicyOf(values)
    const { address: key } = use
    const placeOf = (name: string): number => this.#deployment.ledger.placeOf(name)
    switch (this.#topology.places.get(key)) {
      case 'channel':
        return new Subscriber(process, this.#whereabouts, policy, key, this.#contents)
      case 'list':
        return new ListWorker(process, this.#whereabouts, policy, key, values, this.#contents, placeOf)
      default: {
        if (values.read === 'XREAD')
          return new StreamReader(process, this.#whereabouts, policy, key, values, this.#contents)
        const consumer = values.consumer === 'member' ? process.name : `${process.name}/${process.incarnation}`
        const group = groupOf(use)
        const membership = { key, group, consumer, values, contents: this.#contents, placeOf }
        return new GroupReader(process, this.#whereabouts, policy, membership)
      }
    }
  }
}

/** Streams of dead letters, and whose those are. */
function parkingPlacesOf(uses: readonly Use[]): readonly ParkingPlace[] {
  const targets = new Map<string, string[]>()
  for (const use of uses) {
    if (use.role !== 'consumer') continue
    const target = consumerValues(use.settings)['dead-letter']
    if (target !== null) targets.set(target, [...(targets.get(target) ?? []), use.address])
  }
  return [...targets].map(([place, of]) => ({ place, of }))
}

/** The longest time after which something may still move by itself. */
function patienceOf(settings: Settings, uses: readonly Use[]): Micros {
  const { values } = serverSettingsOf(settings, '8.8')
  // Whoever has voted votes for nobody else for twice the time of a failover.
  const failover =
    values.sentinels === 0 ? 0 : values['down-after-milliseconds'] + 2 * values['failover-timeout'] + minute
  const ofConsumers = uses.map((use) => {
    if (use.role === 'producer') return producerValues(use.settings)['wait.timeout']
    const { 'min-idle-time': idle, visibility_ms: visible, ...rest } = consumerValues(use.settings)
    const claims = (idle ?? 0) + rest['claim-interval']
    return Math.max(2 * claims, 3 * ((visible ?? 0) + rest['reap-interval']), rest['retry-after'], rest.block)
  })
  const replication = values.replicas === 0 ? 0 : values['repl-timeout'] + values['repl-diskless-sync-delay']
  return Math.max(failover, replication, ...ofConsumers) + minute
}
