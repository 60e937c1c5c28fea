import type { Name } from '../../history/fact.ts'
import type { World } from '../../simulation/world.ts'
import type { Envelope } from '../system.ts'
import { noLeader, type TopicPartition } from './core/controller/partition-registration.ts'
import { divergenceFrom } from './core/replication/fetch-reading.ts'
import { RecordTable } from './record-table.ts'
import { Broker } from './server/broker.ts'
import type { ClusterContext } from './server/cluster-context.ts'
import type { ClusterSettings } from './server/cluster-settings.ts'
import { brokerNode, controllerNode, controllerService } from './server/cluster-settings.ts'
import { CommittedView } from './server/committed-view.ts'
import { Controller } from './server/controller/controller.ts'
import { CopyAudit } from './server/copy-audit.ts'
import { offsetsTopic } from './core/group/committed-offsets.ts'
import type { HostedGroup } from './server/group/hosted-group.ts'
import type { OffsetsRecord } from './server/group/offsets-record.ts'
import { addClusterTargets } from './server/cluster-targets.ts'
import { offsetsPartitionOf } from './server/offsets-topic.ts'
import type { HostedPartition } from './server/hosted-partition.ts'

export interface ClusterOptions {
  readonly world: World
  /** The name of the system; the nodes are `<name>-1` … and `<name>-controller-1` …. */
  readonly name: string
  readonly settings: ClusterSettings
  /** Numbers the next copy of a message. */
  readonly nextCopy: () => number
}

/**
 * The servers of a Kafka cluster in a world. Clients reach the brokers over the network and ask this class only for what no network carries:
 * the contents of records, and, for the run's own account, how far everything is.
 */
export class Cluster {
  readonly name: string
  readonly settings: ClusterSettings
  /** Where producers put the contents of their records, and consumers find them. */
  readonly records = new RecordTable<Envelope>()
  /** Nodes of the brokers: `bootstrap.servers`. */
  readonly bootstrap: readonly string[]
  readonly #world: World
  readonly #context: ClusterContext
  /** The incarnations that were started last. */
  readonly #brokers = new Map<number, Broker>()
  readonly #controllers = new Map<string, Controller>()

  constructor({ world, name, settings, nextCopy }: ClusterOptions) {
    this.#world = world
    this.name = name
    this.settings = settings
    const intern = (text: string): Name => world.history.names.intern(text)
    const placeOf = ({ topic, partition }: TopicPartition): Name => intern(`${name}/${topic}/${partition}`)
    this.#context = {
      name,
      settings,
      records: this.records,
      offsetsRecords: new RecordTable<OffsetsRecord>(),
      view: new CommittedView({ cluster: name, intern, placeOf }),
      audit: new CopyAudit({ world, records: this.records, nextCopy, placeOf }),
      intern,
      placeOf,
    }
    this.bootstrap = Array.from({ length: settings.brokers }, (_, index) => brokerNode(name, index + 1))
    this.#addControllers()
    this.#addBrokers()
    addClusterTargets(world, this)
    this.#watchPower()
  }

  /** What the quorum has committed so far. */
  get view(): CommittedView {
    return this.#context.view
  }

  /** The running incarnation of a broker; `undefined` while it is down. */
  broker(brokerId: number): Broker | undefined {
    return this.#world.node(brokerNode(this.name, brokerId)).up ? this.#brokers.get(brokerId) : undefined
  }

  /** The running incarnation of a controller. */
  controller(controllerId: number): Controller | undefined {
    const node = controllerNode(this.name, controllerId)
    return this.#world.node(node).up ? this.#controllers.get(node) : undefined
  }

  /** Replicas of a partition on brokers that are up, by broker. */
  replicas(of: TopicPartition): ReadonlyMap<number, HostedPartition> {
    const found = new Map<number, HostedPartition>()
    for (let brokerId = 1; brokerId <= this.settings.brokers; brokerId++) {
      const partition = this.broker(brokerId)?.replicas.partition(of)
      if (partition !== undefined) found.set(brokerId, partition)
    }
    return found
  }

  /** Brokers that were started and are not registered yet, where nothing keeps them from it: nobody knows yet what they have. */
  get returning(): readonly string[] {
    if (this.#world.schedule.lastingOn('all')) return []
    return this.bootstrap.filter((_, index) => this.broker(index + 1)?.lifecycle.isReady === false)
  }

  /** Partitions of which a broker still has records that their leader has not, and nothing keeps it from hearing so: it will cut them off. */
  get diverging(): readonly TopicPartition[] {
    const { image } = this.view
    const topics = [...image.topics].filter((topic) => topic !== offsetsTopic)
    return topics
      .flatMap((topic) => (image.partitions(topic) ?? []).map((_, partition) => ({ topic, partition })))
      .filter((of) => this.#diverges(of))
  }

  /** How many partitions a topic has now; 0 before it is created. */
  partitionCount(topic: string): number {
    return this.view.image.partitions(topic)?.length ?? 0
  }

  /** The offset of the next record at the leader of a partition; `undefined` while it has none that runs. */
  endOffset(of: TopicPartition): number | undefined {
    return this.#leaderReplica(of)?.log.endOffset
  }

  /** The offset that a group has committed, as its coordinator knows it; `undefined` for none, or while nobody coordinates it. */
  committedOffset(group: string, of: TopicPartition): number | undefined {
    return this.#coordinated(group)?.offsets.get(of)?.offset
  }

  /** Whether the members of a group are joining anew: those that own partitions afterwards go on from what is committed. */
  isRebalancing(group: string): boolean {
    const state = this.#coordinated(group)?.group.state
    return state === 'PreparingRebalance' || state === 'CompletingRebalance'
  }

  /** Records what became of each copy that no fault has ended. */
  takeInventory(): void {
    this.#context.audit.takeInventory()
  }

  #coordinated(group: string): HostedGroup | undefined {
    const partition = offsetsPartitionOf(this.settings, group)
    const leader = this.view.image.partition({ topic: offsetsTopic, partition })?.leader ?? noLeader
    const coordinator = leader === noLeader ? undefined : this.broker(leader)?.coordinator
    return coordinator?.group(group, partition)
  }

  #diverges(of: TopicPartition): boolean {
    const leader = this.#leaderReplica(of)
    if (leader === undefined) return false
    for (const [brokerId, { log }] of this.replicas(of)) {
      const reached = { fetchOffset: log.endOffset, lastFetchedEpoch: log.latestEpoch, maxBytes: 0 }
      const node = this.#world.node(brokerNode(this.name, brokerId))
      if (divergenceFrom(leader.log, reached) !== undefined && !this.#world.schedule.lastingOn([node])) return true
    }
    return false
  }

  #leaderReplica(of: TopicPartition): HostedPartition | undefined {
    const leader = this.view.image.partition(of)?.leader ?? noLeader
    const partition = leader === noLeader ? undefined : this.broker(leader)?.replicas.partition(of)
    return partition?.leader === undefined ? undefined : partition
  }

  #addControllers(): void {
    const { controllers, disk } = this.settings
    for (let id = 1; id <= controllers; id++) {
      const name = controllerNode(this.name, id)
      this.#world.addNode({
        name,
        service: controllerService,
        disk,
        start: (process) => this.#controllers.set(name, new Controller(process, this.#context, id)),
      })
    }
  }

  #addBrokers(): void {
    const { brokers, disk, service, zones } = this.settings
    for (let id = 1; id <= brokers; id++) {
      const zone = zones[(id - 1) % Math.max(1, zones.length)]
      this.#world.addNode({
        name: brokerNode(this.name, id),
        ...(zone === undefined ? {} : { zone }),
        service,
        disk,
        start: (process) => this.#brokers.set(id, new Broker(process, this.#context, id)),
      })
    }
  }

  /** What only a page cache had is gone with the power. */
  #watchPower(): void {
    const { engine } = this.#world
    this.#world.listen('node-lost-power', ({ node: name, index }) => {
      const node = this.#world.nodes.find(({ label }) => label === name)
      if (node === undefined || !this.bootstrap.includes(node.name)) return
      const review = (): void => this.#context.audit.reviewAll(node, 'lost with the power', index)
      // The disk learns of it after the fact.
      engine.schedule(0, { number: node.number, occur: review }, 0, undefined)
    })
  }
}
