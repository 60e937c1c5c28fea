import type { Random } from '../../../simulation/random.ts'
import { partitionForKey } from '../core/producer/murmur2.ts'
import type { AppendOutcome, RecordAccumulator } from '../core/producer/record-accumulator.ts'
import type { PartitionLoad } from '../core/producer/sticky-partitioner.ts'
import { choosePartition, RoundRobinPartitioner, StickyPartitioner } from '../core/producer/sticky-partitioner.ts'
import type { ProducerSettings } from './producer-settings.ts'
import type { TopicMetadata } from './topic-metadata.ts'

/** Draws of the partitioner: integers below this. */
const draws = 2_147_483_647

/** Places the records of a topic: by key, and without one as `partitioner.class` says. */
export class TopicPartitioner {
  readonly #settings: ProducerSettings
  readonly #metadata: TopicMetadata
  readonly #accumulator: RecordAccumulator
  readonly #random: Random
  readonly #sticky: StickyPartitioner
  readonly #roundRobin: RoundRobinPartitioner

  constructor(settings: ProducerSettings, metadata: TopicMetadata, accumulator: RecordAccumulator, random: Random) {
    this.#settings = settings
    this.#metadata = metadata
    this.#accumulator = accumulator
    this.#random = random
    this.#sticky = new StickyPartitioner(settings.accumulator.batchSize)
    this.#roundRobin = new RoundRobinPartitioner(0)
  }

  /** `undefined` before the partitions of the topic are known. */
  partitionOf(key: string): number | undefined {
    const count = this.#metadata.partitionCount
    if (count === undefined) return undefined
    // Java's round robin does not look at keys.
    if (this.#settings.partitioner === 'round-robin') {
      return this.#roundRobin.choose(this.#led(count), count)
    }
    return this.#hasNoKey(key) ? this.#stickyPartition(count) : partitionForKey(key, count)
  }

  appended(key: string, outcome: Extract<AppendOutcome, { readonly type: 'appended' }>): void {
    if (this.#settings.partitioner !== 'default' || !this.#hasNoKey(key)) return
    this.#sticky.appended(outcome.appendedBytes, outcome.lastIsFull)
  }

  #hasNoKey(key: string): boolean {
    return key === '' || this.#settings.ignoresKeys
  }

  #stickyPartition(count: number): number {
    const stay = this.#sticky.partition
    if (stay !== undefined) return stay
    const candidates = this.#led(count).map((partition): PartitionLoad => {
      return { partition, queuedBatches: this.#accumulator.queuedBatches(partition) }
    })
    const chosen = choosePartition(candidates, count, this.#settings.isAdaptive, this.#random.below(draws))
    this.#sticky.choose(chosen)
    return chosen
  }

  #led(count: number): readonly number[] {
    const all = Array.from({ length: count }, (_, partition) => partition)
    return all.filter((partition) => this.#metadata.leader(partition) !== undefined)
  }
}
