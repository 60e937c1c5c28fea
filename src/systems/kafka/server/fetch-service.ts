import type { Process } from '../../../simulation/process.ts'
import { fenceLeaderEpoch } from '../core/replication/leader-epoch-fencing.ts'
import type { FetchedPartition, FetchingReplica, FetchPartition, FetchRequest, FetchResponse } from '../protocol.ts'
import { followerFetch, type HostedPartition } from './hosted-partition.ts'
import type { LeaderHints } from './leader-hints.ts'
import { isEnough, ParkedFetch } from './parked-fetch.ts'
import type { ReadReplicaSelector } from './read-replica-selector.ts'
import type { Replicas } from './replicas.ts'
import { SteadyList } from './steady-list.ts'

/** Whether a follower that stands here would learn anything: records, or a high watermark. */
function tellsAnything(partition: HostedPartition, position: FetchPartition, replica: FetchingReplica): boolean {
  const { endOffset, highWatermark } = partition.log
  return endOffset !== position.fetchOffset || highWatermark > partition.toldHighWatermark(replica)
}

/** What a follower's fetch brought about in a partition that is led here. */
interface Progress {
  readonly partition: HostedPartition
  readonly advanced: boolean
  readonly proposes: boolean
}

/** Serves the fetches of consumers and followers; those that find too little are parked. */
export class FetchService {
  readonly #process: Process
  readonly #replicas: Replicas
  readonly #hints: LeaderHints
  readonly #selector: ReadReplicaSelector
  readonly #hostedForFollowers = new SteadyList<HostedPartition>()

  constructor(process: Process, replicas: Replicas, hints: LeaderHints, selector: ReadReplicaSelector) {
    this.#process = process
    this.#replicas = replicas
    this.#hints = hints
    this.#selector = selector
  }

  /** Answers now or later; what it returns forgets the fetch. `isWell`: nothing is in the way of the reader's next fetches. */
  fetch(request: FetchRequest, isWell: boolean, reply: (response: FetchResponse) => void): (() => void) | undefined {
    const { replica } = request
    const progress: Progress[] = []
    const partitions = replica === undefined ? this.read(request) : this.#readForFollower(request, replica, progress)
    const forget = this.#answerOrPark(request, partitions, isWell, reply)
    // What the progress sets off may append to these partitions again, and must find the fetch parked.
    for (const { partition, advanced, proposes } of progress) {
      this.#replicas.followerFetched(partition, advanced, proposes)
    }
    return forget
  }

  #answerOrPark(
    request: FetchRequest,
    partitions: readonly FetchedPartition[],
    isWell: boolean,
    reply: (response: FetchResponse) => void,
  ): (() => void) | undefined {
    const { replica } = request
    const answer = (response: FetchResponse): void => {
      if (replica !== undefined) this.#noteTold(replica, response.partitions)
      reply(response)
    }
    if (isEnough(request, partitions)) {
      answer({ type: 'fetch', partitions })
      return undefined
    }
    const mayRest = isWell && request.asksForAll && !this.#hasNews(request, partitions)
    const parked = new ParkedFetch(this.#process, this, request, mayRest, answer)
    return () => parked.cancel()
  }

  get parkedFollowers(): ParkedFetch[] {
    return this.#replicas.parkedFollowers
  }

  /** The very same list as long as followers ask for the same partitions. */
  hosted(request: FetchRequest): readonly HostedPartition[] {
    const hosted = request.replica === undefined ? new SteadyList<HostedPartition>() : this.#hostedForFollowers
    hosted.begin()
    for (const position of request.partitions) {
      const partition = this.#replicas.partition(position)
      if (partition !== undefined) hosted.add(partition)
    }
    return hosted.end()
  }

  /** What is there to be read now; no progress of the reader is noted. */
  read(request: FetchRequest): readonly FetchedPartition[] {
    const { replica } = request
    if (replica === undefined) return this.#readForConsumer(request)
    return this.#readEach(request, (partition, position, maxBytes) => {
      const { leader, log } = partition
      if (leader === undefined) return this.#failed(position, 'NOT_LEADER_OR_FOLLOWER')
      const stale = fenceLeaderEpoch(position.currentLeaderEpoch, leader.leaderEpoch)
      if (stale !== undefined) return this.#failed(position, stale)
      if (!tellsAnything(partition, position, replica)) return undefined
      const batches = maxBytes > 0 ? log.read(position.fetchOffset, log.endOffset, maxBytes) : []
      const { highWatermark, startOffset: logStartOffset } = log
      return this.#answer(position, partition, { type: 'records', batches, highWatermark, logStartOffset })
    })
  }

  #readForConsumer(request: FetchRequest): readonly FetchedPartition[] {
    return this.#readEach(request, (partition, position, maxBytes) => {
      const preferredReadReplica = this.#selector.select(partition, position, request.rack)
      const read = partition.readForConsumer({ ...position, maxBytes }, position.currentLeaderEpoch)
      const answer = this.#answer(position, partition, read)
      if (preferredReadReplica !== undefined) return { ...answer, batches: [], preferredReadReplica }
      return maxBytes > 0 ? answer : { ...answer, batches: [] }
    })
  }

  /** Notes how far the follower is. Partitions that would tell it nothing are left out of the answer, as fetch sessions do. */
  #readForFollower(request: FetchRequest, replica: FetchingReplica, progress: Progress[]): readonly FetchedPartition[] {
    const { now } = this.#process
    return this.#readEach(request, (partition, position, maxBytes) => {
      partition.beginSession(replica)
      if (partition.noteIdleFetch(replica, position, now)) return undefined
      const { leader, log } = partition
      if (leader === undefined) return this.#failed(position, 'NOT_LEADER_OR_FOLLOWER')
      const outcome = leader.fetchAsFollower(followerFetch(position, replica, maxBytes), this.#replicas.views, now)
      if (outcome.type === 'records') {
        const { advanced, proposal } = outcome
        if (advanced || proposal !== undefined) progress.push({ partition, advanced, proposes: proposal !== undefined })
        if (outcome.batches.length === 0) {
          partition.beginIdleFetch(replica, position, now)
          return undefined
        }
      }
      const answer = this.#answer(position, partition, outcome)
      // A real follower asks for the ends of the log next.
      const { endOffset: highWatermark, startOffset: logStartOffset } = log
      if (answer.error === 'OFFSET_OUT_OF_RANGE') return { ...answer, highWatermark, logStartOffset }
      return maxBytes > 0 ? answer : { ...answer, batches: [] }
    })
  }

  /** Reads partition by partition while there is room. The first batch of each is read however large it is. */
  #readEach(
    request: FetchRequest,
    read: (partition: HostedPartition, position: FetchPartition, maxBytes: number) => FetchedPartition | undefined,
  ): readonly FetchedPartition[] {
    let left = request.maxBytes
    const answers: FetchedPartition[] = []
    for (const position of request.partitions) {
      const partition = this.#replicas.partition(position)
      const maxBytes = Math.min(position.maxBytes, Math.max(0, left))
      const answer = partition === undefined ? this.#missing(position) : read(partition, position, maxBytes)
      if (answer === undefined) continue
      for (const { sizeBytes } of answer.batches) left -= sizeBytes
      answers.push(answer)
    }
    return answers
  }

  #missing(position: FetchPartition): FetchedPartition {
    const partition = this.#replicas.leaderOf(position)
    return this.#failed(position, typeof partition === 'string' ? partition : 'UNKNOWN_TOPIC_OR_PARTITION')
  }

  /**
   * Whether the reader's next fetch means something: there are records for it, if too few; a follower would learn of a high watermark that it
   * does not know, or is not in sync and may be let in.
   */
  #hasNews({ replica, partitions }: FetchRequest, read: readonly FetchedPartition[]): boolean {
    if (read.some(({ batches }) => batches.length > 0)) return true
    if (replica === undefined) return false
    const { brokerId } = replica
    return partitions.some((position) => {
      const partition = this.#replicas.partition(position)
      if (partition?.leader?.inSyncReplicas.isr.includes(brokerId) === false) return true
      return partition !== undefined && partition.log.highWatermark > partition.toldHighWatermark(replica)
    })
  }

  #noteTold(replica: FetchingReplica, partitions: readonly FetchedPartition[]): void {
    for (const answer of partitions) {
      if (answer.error !== 'NONE') continue
      this.#replicas.partition(answer)?.noteTold(replica, answer.highWatermark)
    }
  }

  #answer(
    { topic, partition }: FetchPartition,
    hosted: HostedPartition,
    outcome:
      | ({ readonly type: 'records' } & Pick<FetchedPartition, 'batches' | 'highWatermark' | 'logStartOffset'>)
      | {
          readonly type: 'diverging'
          readonly epoch: number
          readonly endOffset: number
          readonly highWatermark: number
        }
      | { readonly type: 'error'; readonly error: FetchedPartition['error'] },
  ): FetchedPartition {
    if (outcome.type === 'error') return this.#failed({ topic, partition }, outcome.error)
    const { highWatermark } = outcome
    const isRead = outcome.type === 'records'
    return {
      topic,
      partition,
      error: 'NONE',
      batches: isRead ? outcome.batches : [],
      highWatermark,
      logStartOffset: isRead ? outcome.logStartOffset : hosted.log.startOffset,
      diverging: isRead ? undefined : { epoch: outcome.epoch, endOffset: outcome.endOffset },
      preferredReadReplica: undefined,
      currentLeader: undefined,
    }
  }

  #failed(
    { topic, partition }: { readonly topic: string; readonly partition: number },
    error: FetchedPartition['error'],
  ): FetchedPartition {
    const currentLeader = this.#hints.hintFor({ topic, partition }, error)
    const none = { batches: [], highWatermark: -1, logStartOffset: -1, diverging: undefined }
    const preferredReadReplica = undefined
    return { topic, partition, error, ...none, preferredReadReplica, currentLeader }
  }
}
