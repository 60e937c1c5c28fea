import type { BrokerRegistration } from '../core/controller/broker-registry.ts'
import type { PartitionUpdate } from '../core/controller/controller-state.ts'
import type { PartitionRegistration, TopicPartition } from '../core/controller/partition-registration.ts'
import type { BrokerView, BrokerViews } from '../core/replication/in-sync-replicas.ts'
import type { MetadataEntry } from './controller/metadata-log.ts'

/** The cluster as somebody knows it who has read the metadata log up to an offset. */
export class MetadataImage {
  readonly #brokers = new Map<number, BrokerRegistration>()
  readonly #views = new Map<number, BrokerView>()
  readonly #topics = new Map<string, PartitionRegistration[]>()
  #endOffset = 0
  #lastEpoch = 0

  /** Offset of the entry that comes next. */
  get endOffset(): number {
    return this.#endOffset
  }

  get lastEpoch(): number {
    return this.#lastEpoch
  }

  get topics(): Iterable<string> {
    return this.#topics.keys()
  }

  /** Brokers as leaders look at them. */
  get views(): BrokerViews {
    return this.#views
  }

  broker(brokerId: number): BrokerRegistration | undefined {
    return this.#brokers.get(brokerId)
  }

  /** Brokers that are neither fenced nor shutting down, in order of id. */
  get liveBrokers(): readonly number[] {
    const live = [...this.#brokers.values()].filter(({ state }) => state === 'unfenced')
    return live.map(({ brokerId }) => brokerId).sort((a, b) => a - b)
  }

  partitions(topic: string): readonly PartitionRegistration[] | undefined {
    return this.#topics.get(topic)
  }

  partition(of: TopicPartition): PartitionRegistration | undefined {
    return this.#topics.get(of.topic)?.[of.partition]
  }

  /** Takes the next entry in; entries that are known already change nothing. */
  apply({ offset, epoch, changes }: MetadataEntry): void {
    if (offset !== this.#endOffset) return
    this.#endOffset = offset + 1
    this.#lastEpoch = epoch
    for (const broker of changes.brokers) this.#setBroker(broker)
    for (const update of changes.partitions) this.#setPartition(update)
  }

  #setBroker(broker: BrokerRegistration): void {
    const { brokerId, brokerEpoch, state } = broker
    this.#brokers.set(brokerId, broker)
    const fenced = state === 'fenced' || state === 'shut-down'
    this.#views.set(brokerId, { brokerEpoch, fenced, inControlledShutdown: state === 'controlled-shutdown' })
  }

  #setPartition({ topic, partition, registration }: PartitionUpdate): void {
    const partitions = this.#topics.get(topic) ?? []
    partitions[partition] = registration
    this.#topics.set(topic, partitions)
  }
}
