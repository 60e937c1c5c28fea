import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ConsumerPositions } from '../core/consumer/consumer-positions.ts'
import { FetchBuffer } from '../core/consumer/fetch-buffer.ts'
import type { PositionLoss } from '../core/consumer/offset-reset.ts'
import { errorTable } from '../core/error-table.ts'
import type { FetchedPartition, FetchPartition, FetchRequest } from '../protocol.ts'
import type { Answer } from './broker-link.ts'
import type { BrokerLinks } from './broker-links.ts'
import type { FetchSettings } from './consumer-settings.ts'
import type { PreferredReplicas } from './preferred-replicas.ts'
import type { TopicMetadata } from './topic-metadata.ts'

export interface FetcherContext {
  readonly process: Process
  readonly topic: string
  readonly links: BrokerLinks
  readonly metadata: TopicMetadata
  readonly positions: ConsumerPositions
  readonly settings: FetchSettings
  /** `client.rack`: leaders may send the consumer to a replica there; empty for none. */
  readonly rack: string
  readonly preferred: PreferredReplicas
  /** µs before a partition is asked for again after an error. */
  readonly retryAfter: Micros
  /** Whether the position is known to be in the leader's log. */
  mayFetch(partition: number): boolean
  /** The position is not in the leader's log. */
  lost(partition: number, loss: PositionLoss): void
  /** There are records, or there is room to ask for more. */
  changed(): void
}

interface Pending {
  readonly request: FetchRequest
  wantsMore: boolean
}

/**
 * Fetches for a consumer: one request a broker at a time, for all partitions that it leads and of which nothing waits in the buffer. A request
 * is parked at the broker while there is nothing to send.
 */
export class Fetcher {
  readonly buffer = new FetchBuffer()
  readonly #context: FetcherContext
  /** By node, the fetch that is under way there, and whether anything else is wanted from that node meanwhile. */
  readonly #pending = new Map<string, Pending>()
  readonly #retryAt = new Map<number, Micros>()

  constructor(context: FetcherContext) {
    this.#context = context
  }

  /** Asks every leader that is not asked already. */
  fetch(): void {
    const { metadata, positions, preferred, process } = this.#context
    let byNode: Map<string, FetchPartition[]> | undefined
    for (const partition of positions.assigned) {
      if (!positions.isFetchable(partition) || this.buffer.has(partition)) continue
      const leader = metadata.leader(partition)
      if (leader === undefined) {
        metadata.requestUpdate()
        continue
      }
      const isEarly = process.now < (this.#retryAt.get(partition) ?? 0)
      if (isEarly || !this.#context.mayFetch(partition)) continue
      const node = preferred.of(partition) ?? leader.node
      const pending = this.#pending.get(node)
      if (pending !== undefined) {
        this.#wantBeside(pending, partition)
        continue
      }
      byNode ??= new Map()
      const asked = byNode.get(node) ?? []
      asked.push(this.#question(partition, leader.leaderEpoch))
      byNode.set(node, asked)
    }
    if (byNode === undefined) return
    for (const [node, partitions] of byNode) this.#send(node, partitions)
  }

  /** A partition that the fetch under way does not ask for has to wait until that one comes back, which is then not to take for ever. */
  #wantBeside(pending: Pending, partition: number): void {
    if (pending.wantsMore || !pending.request.asksForAll) return
    const offset = this.#context.positions.get(partition)?.offset
    if (pending.request.partitions.some((asked) => asked.partition === partition && asked.fetchOffset === offset))
      return
    pending.wantsMore = true
    this.#context.process.endLulls()
  }

  #question(partition: number, currentLeaderEpoch: number): FetchPartition {
    const { positions, settings, topic } = this.#context
    const fetchOffset = positions.get(partition)?.offset ?? 0
    const maxBytes = settings.partitionBytes
    return { topic, partition, fetchOffset, lastFetchedEpoch: undefined, currentLeaderEpoch, maxBytes }
  }

  #send(node: string, partitions: readonly FetchPartition[]): void {
    const { minBytes, maxWait, maxBytes } = this.#context.settings
    const { rack } = this.#context
    const asksForAll = rack === '' && this.#asksForAll(node, partitions)
    const request: FetchRequest = {
      type: 'fetch',
      replica: undefined,
      maxWait,
      minBytes,
      maxBytes,
      partitions,
      rack,
      asksForAll,
    }
    this.#pending.set(node, { request, wantsMore: false })
    this.#context.links.to(node).request(request, (answer) => this.#answered(node, request, answer))
  }

  /** Whether these are all the partitions of this consumer that the node leads. */
  #asksForAll(node: string, partitions: readonly FetchPartition[]): boolean {
    const { metadata, positions } = this.#context
    const led = positions.assigned.filter((partition) => metadata.leader(partition)?.node === node)
    return led.length === partitions.length
  }

  #answered(node: string, { partitions }: FetchRequest, answer: Answer<FetchRequest>): void {
    this.#pending.delete(node)
    if (typeof answer === 'string') {
      for (const { partition } of partitions) {
        this.#context.preferred.forget(partition)
        this.#retryLater(partition)
      }
      this.#context.metadata.requestUpdate()
    } else {
      for (const [index, fetched] of answer.partitions.entries()) {
        this.#take(node, fetched, partitions[index]?.fetchOffset)
      }
    }
    this.#context.changed()
  }

  #take(node: string, fetched: FetchedPartition, fetchOffset: number | undefined): void {
    const { metadata, positions, preferred } = this.#context
    const { partition, error, batches, currentLeader, preferredReadReplica } = fetched
    // The position has moved meanwhile, or the partition is somebody else's.
    if (fetchOffset === undefined || positions.get(partition)?.offset !== fetchOffset) return
    if (preferredReadReplica !== undefined) {
      preferred.prefer(partition, preferredReadReplica)
      return
    }
    if (error === 'NONE') {
      this.buffer.add(partition, fetchOffset, batches)
      return
    }
    if (error === 'OFFSET_OUT_OF_RANGE') {
      const from = preferred.of(partition) === node ? 'follower' : 'leader'
      preferred.forget(partition)
      this.#context.lost(partition, { type: 'out-of-range', from })
      return
    }
    preferred.forget(partition)
    if (currentLeader !== undefined) metadata.noteLeader(partition, currentLeader)
    if (errorTable[error].refreshMetadata || error === 'UNKNOWN_LEADER_EPOCH') metadata.requestUpdate()
    this.#retryLater(partition)
  }

  #retryLater(partition: number): void {
    const { process, retryAfter } = this.#context
    this.#retryAt.set(partition, process.now + retryAfter)
    process.setTimer(retryAfter, () => this.#context.changed())
  }
}
