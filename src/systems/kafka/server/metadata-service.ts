import type { Process } from '../../../simulation/process.ts'
import { second } from '../../../simulation/duration.ts'
import { noLeader } from '../core/controller/partition-registration.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata, TopicMetadata } from '../protocol.ts'
import type { BrokerLifecycle } from './broker-lifecycle.ts'
import type { ClusterContext } from './cluster-context.ts'
import { brokerNode } from './cluster-settings.ts'

/** How long the broker waits before it asks the controller again for a topic that is still missing. */
const creationTimeout = 30 * second

/** Answers clients that ask who leads what, from what this broker knows, and has missing topics created. */
export class MetadataService {
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #lifecycle: BrokerLifecycle
  readonly #creating = new Set<string>()

  constructor(process: Process, context: ClusterContext, lifecycle: BrokerLifecycle) {
    this.#process = process
    this.#context = context
    this.#lifecycle = lifecycle
  }

  answer({ topics, allowAutoCreate }: MetadataRequest): MetadataResponse {
    const { image } = this.#lifecycle
    const autoCreate = allowAutoCreate && this.#context.settings.broker['auto.create.topics.enable']
    const brokers = image.liveBrokers.map((brokerId) => ({ brokerId, node: brokerNode(this.#context.name, brokerId) }))
    return { type: 'metadata', brokers, topics: topics.map((topic) => this.#topic(topic, autoCreate)) }
  }

  /** Asks the controller for a topic. It is there when the metadata show it. */
  create(topic: string): void {
    if (this.#creating.has(topic)) return
    this.#creating.add(topic)
    this.#lifecycle.channel.request({ type: 'create-topics', topics: [topic] }, creationTimeout, () => {
      // If it is not there now, the next client that asks has it tried again.
      this.#process.setTimer(0, () => this.#creating.delete(topic))
    })
  }

  #topic(topic: string, autoCreate: boolean): TopicMetadata {
    const partitions = this.#lifecycle.image.partitions(topic)
    if (partitions === undefined) {
      if (autoCreate) this.create(topic)
      return { topic, error: 'UNKNOWN_TOPIC_OR_PARTITION', partitions: [] }
    }
    return {
      topic,
      error: 'NONE',
      partitions: partitions.map((registration, partition): PartitionMetadata => {
        const { leader, leaderEpoch, replicas, isr } = registration
        const error = leader === noLeader ? 'LEADER_NOT_AVAILABLE' : 'NONE'
        return { partition, error, leader, leaderEpoch, replicas, isr }
      }),
    }
  }
}
