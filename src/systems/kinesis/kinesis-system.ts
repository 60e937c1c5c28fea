import type { Micros } from '../../simulation/duration.ts'
import { minute } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { World } from '../../simulation/world.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Consumer, Envelope, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { BatchProducer } from './client/batch-producer.ts'
import type { Endpoints } from './client/endpoints.ts'
import { serviceClient } from './client/endpoints.ts'
import { KclWorker } from './client/kcl-worker.ts'
import { RecordProducer } from './client/record-producer.ts'
import { isFinished } from './core/lease.ts'
import type { Checkpoint, Lease } from './core/lease.ts'
import { isUneven } from './core/lease-choice.ts'
import type { Shard } from './core/shard.ts'
import type { Stream } from './core/stream.ts'
import { nodeOfWorker, workerIdentifier } from './core/worker-name.ts'
import { consumerTable, producerTable } from './options/client-tables.ts'
import { LeaseService, LeaseTables } from './server/lease-service.ts'
import { Service } from './server/service.ts'
import { serviceSettingsOf } from './server/service-settings.ts'
import { StreamStore } from './server/stream-store.ts'

/** Kinesis with its streams, the lease tables of its applications, and the clients of both. */
export class KinesisSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[] = []
  readonly patience: Micros
  readonly store: StreamStore
  readonly tables = new LeaseTables()
  readonly #world: World
  readonly #uses: readonly Use[]
  readonly #endpoints: Endpoints
  #workers: KclWorker[] = []

  constructor({ world, name, settings, uses, nextCopy }: SystemSetup) {
    this.name = name
    this.#world = world
    this.#uses = uses
    this.store = new StreamStore({ world, system: name, settings: serviceSettingsOf(settings), nextCopy })
    this.#endpoints = { service: `${name}-kinesis`, table: `${name}-dynamodb` }
    const last = this.store.settings.reshards.at(-1)?.at ?? 0
    this.patience = last + patienceOf(uses)
    this.#addNodes()
  }

  sourcesOf(address: string): readonly string[] {
    return this.store.stream(address) === undefined ? [] : [address]
  }

  producer(process: Process, { address: stream, settings }: Use): Producer {
    const values = valuesOf(producerTable, settings)
    const client = serviceClient(process, this.#endpoints, values)
    const keyOf = ({ key, message }: Envelope): string => (key === '' ? this.#world.history.names.text(message) : key)
    const context = { process, client, stream, keyOf }
    const isSingle = values.api === 'PutRecord'
    const producer = isSingle ? new RecordProducer(context, values) : new BatchProducer(context, values)
    process.onStop((done) => producer.close(done))
    return producer
  }

  consumer(process: Process, use: Use): Consumer {
    const { address: stream, group, settings } = use
    const worker = new KclWorker(this.#endpoints, {
      process,
      worker: workerIdentifier(process.name, process.incarnation),
      application: tableKey(group, stream),
      group,
      stream,
      settings: valuesOf(consumerTable, settings),
      placeOf: (shard) => this.store.placeOf(stream, shard),
    })
    process.onStop((done) => worker.close(done))
    this.#workers = [...this.#workers.filter(({ alive }) => alive), worker]
    return worker
  }

  waitingFor(): string | undefined {
    const work = new Set<string>()
    for (const use of this.#uses) if (use.role === 'consumer') this.#noteUnread(use, work)
    const unsettled = this.#workers.reduce((sum, worker) => sum + worker.unsettled, 0)
    if (unsettled > 0) work.add(`${countOf(unsettled)} being handled`)
    const { nextReshard } = this.store
    if (nextReshard !== undefined) work.add(`shards of ${nextReshard.stream} to be changed`)
    return work.size === 0 ? undefined : [...work].join('; ')
  }

  takeInventory(): void {
    this.store.takeInventory()
  }

  #addNodes(): void {
    const { service, table } = this.#endpoints
    const nodes = [
      this.#world.addNode({ name: service, start: (process) => void new Service(process, this.store) }),
      this.#world.addNode({
        name: table,
        start: (process) => void new LeaseService(process, this.tables, (key) => this.#namesOf(key)),
      }),
    ]
    const { targets } = this.#world
    targets.addToGroup(
      this.name,
      nodes.map((node) => node.name),
    )
    const isOurs = (address: string): boolean =>
      this.store.stream(address.slice(this.name.length + 1)) !== undefined && address.startsWith(`${this.name}/`)
    targets.addRole('storage-of', (address) => (isOurs(address) ? [service] : []))
    targets.addRole('owner', (address) => this.#ownerOf(address))
  }

  #namesOf(key: string) {
    const [group = '', stream = ''] = key.split(' of ')
    return { group, placeOf: (shard: string) => this.store.placeOf(stream, shard) }
  }

  /** The nodes whose workers have the lease of `events/orders/shardId-000000000000`, for one application or all of them. */
  #ownerOf(address: string): readonly string[] {
    const [system, stream = '', shard = ''] = address.split('/')
    if (system !== this.name) return []
    const groups = [...new Set(this.#uses.filter((use) => use.address === stream).map(({ group }) => group))]
    return groups.flatMap((group) => {
      const owner = this.tables.of(tableKey(group, stream)).lease(shard)?.owner
      return owner === undefined ? [] : [nodeOfWorker(owner)]
    })
  }

  /** Notes what an application has still to read, shard by shard. Asked at every look whether the run is over. */
  #noteUnread(use: Use, work: Set<string>): void {
    const { address, group, settings } = use
    const stream = this.store.stream(address)
    if (stream === undefined) return
    const table = this.tables.of(tableKey(group, address))
    const begins = valuesOf(consumerTable, settings).initialPositionInStream
    const hasLeases = table.leases.length > 0
    for (const shard of stream.shards) {
      const lease = table.lease(shard.id)
      // Who begins at the latest leaves out shards that were closed before.
      if (lease === undefined && hasLeases && begins === 'LATEST' && !shard.isOpen) continue
      const unread = this.#unread(shard, lease)
      if (unread > 0) work.add(`${countOf(unread)} of ${address}/${shard.id} that ${group} has not processed`)
    }
    if (this.#willReadAgain(stream, table.leases, use)) work.add(`the leases of ${group} to be shared`)
  }

  /** Whether leases are going to change hands, and what is not checkpointed comes again with them. */
  #willReadAgain(stream: Stream<Envelope>, leases: readonly Lease[], { address, group, settings }: Use): boolean {
    const application = tableKey(group, address)
    const open = leases.filter((lease) => !isFinished(lease))
    const isBehind = open.some(({ shard, checkpoint }) => {
      return (stream.shard(shard)?.countBehind(sequenceOf(checkpoint)) ?? 0) > 0
    })
    if (!isBehind) return false
    const workers = this.#workers.filter((worker) => worker.alive && worker.application === application)
    return isUneven(
      open,
      workers.map(({ identifier }) => identifier),
      valuesOf(consumerTable, settings).maxLeasesForWorker ?? Infinity,
    )
  }

  #unread(shard: Shard<Envelope>, lease: Lease | undefined): number {
    if (lease === undefined) return shard.countBehind(0)
    if (isFinished(lease)) return 0
    const worker = this.#workers.find(({ alive, identifier }) => alive && identifier === lease.owner)
    const settled = worker?.settledThrough(shard.id)
    return shard.countBehind(Math.max(sequenceOf(lease.checkpoint), settled ?? 0))
  }
}

function sequenceOf(checkpoint: Checkpoint): number {
  return checkpoint.type === 'AFTER_SEQUENCE_NUMBER' ? checkpoint.sequence : 0
}

function tableKey(group: string, stream: string): string {
  return `${group} of ${stream}`
}

function countOf(records: number): string {
  return `${records} ${records === 1 ? 'record' : 'records'}`
}

/** The longest time after which something may still move by itself: a lease is over and is found to be, a request is given up. */
function patienceOf(uses: readonly Use[]): Micros {
  return Math.max(0, ...uses.map(patienceOfUse)) + minute
}

function patienceOfUse({ role, settings }: Use): Micros {
  if (role === 'producer') return producerPatience(settings)
  const values = valuesOf(consumerTable, settings)
  const failover = 6 * values.failoverTimeMillis
  const retry = values['on-exception'] === 'retry' ? values['retry-backoff'] : 0
  return failover + Math.max(values.parentShardPollIntervalMillis, values.readTimeout, retry)
}

function producerPatience(settings: Settings): Micros {
  const { max_attempts: attempts, readTimeout, RecordTtl } = valuesOf(producerTable, settings)
  return Math.max(RecordTtl, Math.min(attempts, 5) * readTimeout)
}
