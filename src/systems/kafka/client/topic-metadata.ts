import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import type { CurrentLeader, MetadataResponse, PartitionMetadata } from '../protocol.ts'
import type { BrokerLinks } from './broker-links.ts'

/** Who leads a partition, as far as the client knows. */
export interface Leader {
  readonly node: string
  readonly brokerId: number
  readonly leaderEpoch: number
}

export interface MetadataSettings {
  readonly topic: string
  readonly allowAutoCreate: boolean
  /** `metadata.max.age.ms`, µs. */
  readonly maxAge: Micros
  /** `retry.backoff.ms` and `retry.backoff.max.ms`, µs. */
  readonly retryBackoff: Backoff
}

/**
 * A client's picture of its topic: how many partitions there are, and who leads them. It is asked for anew when it turned out to be stale and
 * when it is old, and in between it is believed.
 */
export class TopicMetadata {
  readonly #process: Process
  readonly #links: BrokerLinks
  readonly #settings: MetadataSettings
  readonly #updated: () => void
  readonly #leaders = new Map<number, Leader>()
  readonly #latestEpochs = new Map<number, number>()
  #partitionCount: number | undefined
  #asking = false
  #attempts = 0
  #timer: Timer | undefined
  #ageTimer: Timer | undefined
  #askedAt: Micros = -Infinity

  /** `updated` hears each answer that says something of the topic. */
  constructor(process: Process, links: BrokerLinks, settings: MetadataSettings, updated: () => void) {
    this.#process = process
    this.#links = links
    this.#settings = settings
    this.#updated = updated
  }

  /** `undefined` before the topic is known. */
  get partitionCount(): number | undefined {
    return this.#partitionCount
  }

  /** `undefined` while the partition has no leader that the client knows of. */
  leader(partition: number): Leader | undefined {
    return this.#leaders.get(partition)
  }

  /** Asks the cluster again, not more often than the back-off allows. */
  requestUpdate(): void {
    if (this.#asking || this.#timer !== undefined) return
    const { retryBackoff: backoff } = this.#settings
    const wait =
      this.#attempts === 0 ? backoff.initial : retryBackoff(this.#attempts, backoff, this.#process.random.next())
    const delay = Math.max(0, this.#askedAt + wait - this.#process.now)
    if (delay === 0) this.#ask()
    else this.#timer = this.#process.setTimer(delay, () => this.#ask())
  }

  /** A broker named the leader in its refusal: that needs no asking. */
  noteLeader(partition: number, { node, brokerId, leaderEpoch }: CurrentLeader): void {
    this.#note(partition, { node, brokerId, leaderEpoch })
  }

  close(): void {
    this.#timer?.clear()
    this.#ageTimer?.clear()
  }

  #ask(): void {
    const { topic, allowAutoCreate } = this.#settings
    this.#timer = undefined
    this.#asking = true
    this.#askedAt = this.#process.now
    this.#links.leastLoaded().request({ type: 'metadata', topics: [topic], allowAutoCreate }, (answer) => {
      this.#asking = false
      if (typeof answer === 'string') this.#tryAgain()
      else this.#take(answer)
    })
  }

  #take({ brokers, topics }: MetadataResponse): void {
    const topic = topics[0]
    if (topic === undefined || topic.partitions.length === 0) {
      this.#tryAgain()
      return
    }
    this.#partitionCount = topic.partitions.length
    const nodes = new Map(brokers.map(({ brokerId, node }) => [brokerId, node]))
    let isComplete = true
    for (const partition of topic.partitions) {
      const node = nodes.get(partition.leader)
      if (node === undefined) isComplete = false
      this.#takePartition(partition, node)
    }
    this.#ageTimer?.clear()
    this.#ageTimer = this.#process.setTimer(this.#settings.maxAge, () => this.requestUpdate())
    if (isComplete) this.#attempts = 0
    else this.#tryAgain()
    this.#updated()
  }

  #takePartition({ partition, leader, leaderEpoch }: PartitionMetadata, node: string | undefined): void {
    if (leaderEpoch < (this.#latestEpochs.get(partition) ?? -1)) return
    if (node !== undefined) this.#note(partition, { node, brokerId: leader, leaderEpoch })
    else this.#leaders.delete(partition)
  }

  /** What is older than what is known is not believed. */
  #note(partition: number, leader: Leader): void {
    if (leader.leaderEpoch < (this.#latestEpochs.get(partition) ?? -1)) return
    this.#latestEpochs.set(partition, leader.leaderEpoch)
    this.#leaders.set(partition, leader)
  }

  #tryAgain(): void {
    this.#attempts += 1
    this.requestUpdate()
  }
}
