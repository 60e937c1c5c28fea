import type { TopicPartition } from '../core/controller/partition-registration.ts'
import { noLeader } from '../core/controller/partition-registration.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { CurrentLeader } from '../protocol.ts'
import { brokerNode } from './cluster-settings.ts'
import type { MetadataImage } from './metadata-image.ts'

const saysWhoLeads: ReadonlySet<KafkaError> = new Set(['NOT_LEADER_OR_FOLLOWER', 'FENCED_LEADER_EPOCH'])

/** What a broker tells clients that asked the wrong one: who leads, as far as it knows (since 3.7). */
export class LeaderHints {
  readonly #cluster: string
  readonly #image: MetadataImage

  constructor(cluster: string, image: MetadataImage) {
    this.#cluster = cluster
    this.#image = image
  }

  hintFor(of: TopicPartition, error: KafkaError): CurrentLeader | undefined {
    const registration = saysWhoLeads.has(error) ? this.#image.partition(of) : undefined
    if (registration === undefined || registration.leader === noLeader) return undefined
    const { leader: brokerId, leaderEpoch } = registration
    return { brokerId, leaderEpoch, node: brokerNode(this.#cluster, brokerId) }
  }
}
