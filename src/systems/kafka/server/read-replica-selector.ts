import type { FetchPartition } from '../protocol.ts'
import type { ClusterContext } from './cluster-context.ts'
import { brokerNode } from './cluster-settings.ts'
import type { HostedPartition } from './hosted-partition.ts'
import type { MetadataImage } from './metadata-image.ts'

/**
 * Where leaders send consumers that say which rack they are in (KIP-392): to the in-sync replica there that is furthest, if it has the offset
 * that is asked for, unless the leader is there itself.
 */
export class ReadReplicaSelector {
  readonly #context: ClusterContext
  readonly #image: MetadataImage
  readonly #brokerId: number

  constructor(context: ClusterContext, image: MetadataImage, brokerId: number) {
    this.#context = context
    this.#image = image
    this.#brokerId = brokerId
  }

  /** The node of the replica to read from; nothing for the leader, which asks. */
  select({ leader }: HostedPartition, { fetchOffset }: FetchPartition, rack: string): string | undefined {
    const { name, settings } = this.#context
    if (leader === undefined || rack === '' || settings.broker['replica.selector.class'] === 'none') return undefined
    if (this.#image.broker(this.#brokerId)?.rack === rack) return undefined
    let furthest: { readonly brokerId: number; readonly endOffset: number } | undefined
    for (const brokerId of leader.inSyncReplicas.isr) {
      const endOffset = leader.endOffsetOf(brokerId) ?? -1
      if (endOffset < fetchOffset || this.#image.broker(brokerId)?.rack !== rack) continue
      if (furthest === undefined || endOffset > furthest.endOffset) furthest = { brokerId, endOffset }
    }
    return furthest && brokerNode(name, furthest.brokerId)
  }
}
