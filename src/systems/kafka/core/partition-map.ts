import { partitionName, type TopicPartition } from './controller/partition-registration.ts'

/**
 * Something for each of some partitions, in the order in which they were added. Looked up by topic and number, as a broker does for each
 * partition of each fetch: a request lists those of a topic together, so the last topic is at hand.
 */
export class PartitionMap<V> {
  readonly #named = new Map<string, V>()
  readonly #topics = new Map<string, (V | undefined)[]>()
  #topic: string | undefined
  #ofTopic: (V | undefined)[] = []

  get size(): number {
    return this.#named.size
  }

  get({ topic, partition }: TopicPartition): V | undefined {
    if (topic !== this.#topic) this.#turnTo(topic)
    return this.#ofTopic[partition]
  }

  set(of: TopicPartition, value: V): void {
    this.#named.set(partitionName(of), value)
    this.#turnTo(of.topic)
    this.#ofTopic[of.partition] = value
  }

  delete(of: TopicPartition): void {
    this.#named.delete(partitionName(of))
    this.#turnTo(of.topic)
    this.#ofTopic[of.partition] = undefined
  }

  values(): IterableIterator<V> {
    return this.#named.values()
  }

  /** By {@link partitionName}. */
  entries(): IterableIterator<[string, V]> {
    return this.#named.entries()
  }

  #turnTo(topic: string): void {
    const known = this.#topics.get(topic)
    this.#topic = topic
    this.#ofTopic = known ?? []
    if (known === undefined) this.#topics.set(topic, this.#ofTopic)
  }
}
