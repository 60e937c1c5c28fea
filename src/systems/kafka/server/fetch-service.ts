import type { Process } from '../../../simulation/process.ts'
import { fenceLeaderEpoch } from '../core/replication/leader-epoch-fencing.ts'
import type { FetchedPartition, FetchPartition, FetchRequest, FetchResponse } from '../protocol.ts'
import type { HostedPartition } from './hosted-partition.ts'
import type { LeaderHints } from './leader-hints.ts'
import { isEnough, ParkedFetch } from './parked-fetch.ts'
import type { ReplicaManager } from './replica-manager.ts'

/** What a follower's fetch brought about in a partition that is led here. */
interface Progress {
  readonly partition: HostedPartition
  readonly advanced: boolean
  readonly proposes: boolean
}

/** Serves the fetches of consumers and followers; those that find too little are parked. */
export class FetchService {
  readonly #process: Process
  readonly #replicas: ReplicaManager
  readonly #hints: LeaderHints

  constructor(process: Process, replicas: ReplicaManager, hints: LeaderHints) {
    this.#process = process
    this.#replicas = replicas
    this.#hints = hints
  }

  /** Answers now or later; what it returns forgets the fetch. */
  fetch(request: FetchRequest, reply: (response: FetchResponse) => void): (() => void) | undefined {
    const { replica } = request
    const progress: Progress[] = []
    const partitions = replica === undefined ? this.read(request) : this.#readForFollower(request, replica, progress)
    const forget = this.#answerOrPark(request, partitions, reply)
    // What the progress sets off may append to these partitions again, and must find the fetch parked.
    for (const { partition, advanced, proposes } of progress) {
      this.#replicas.followerFetched(partition, advanced, proposes)
    }
    return forget
  }

  #answerOrPark(
    request: FetchRequest,
    partitions: readonly FetchedPartition[],
    reply: (response: FetchResponse) => void,
  ): (() => void) | undefined {
    const { replica } = request
    const answer = (response: FetchResponse): void => {
      if (replica !== undefined) this.#noteTold(replica.brokerId, response.partitions)
      reply(response)
    }
    if (isEnough(request, partitions)) {
      answer({ type: 'fetch', partitions })
      return undefined
    }
    const hasNews = replica !== undefined && this.#hasNews(replica.brokerId, request)
    const parked = new ParkedFetch(this.#process, this, request, hasNews, answer)
    return () => parked.cancel()
  }

  hosted(request: FetchRequest): readonly HostedPartition[] {
    return request.partitions.flatMap((position) => this.#replicas.partition(position) ?? [])
  }

  /** What is there to be read now; no progress of the reader is noted. */
  read(request: FetchRequest): readonly FetchedPartition[] {
    return this.#readEach(request, (partition, position, maxBytes) => {
      const { leader, log } = partition
      if (leader === undefined) return this.#failed(position, 'NOT_LEADER_OR_FOLLOWER')
      if (request.replica === undefined) {
        const read = leader.fetchAsConsumer({ ...position, maxBytes }, position.currentLeaderEpoch)
        return this.#answer(position, partition, read)
      }
      const stale = fenceLeaderEpoch(position.currentLeaderEpoch, leader.leaderEpoch)
      if (stale !== undefined) return this.#failed(position, stale)
      const batches = log.read(position.fetchOffset, log.endOffset, maxBytes)
      const { highWatermark, startOffset: logStartOffset } = log
      return this.#answer(position, partition, { type: 'records', batches, highWatermark, logStartOffset })
    })
  }

  #readForFollower(
    request: FetchRequest,
    replica: NonNullable<FetchRequest['replica']>,
    progress: Progress[],
  ): readonly FetchedPartition[] {
    return this.#readEach(request, (partition, position, maxBytes) => {
      const { leader } = partition
      if (leader === undefined) return this.#failed(position, 'NOT_LEADER_OR_FOLLOWER')
      const fetch = { ...position, ...replica, maxBytes, leaderEpoch: position.currentLeaderEpoch }
      const outcome = leader.fetchAsFollower(fetch, this.#replicas.views, this.#process.now)
      if (outcome.type === 'records') {
        const { advanced, proposal } = outcome
        if (advanced || proposal !== undefined) progress.push({ partition, advanced, proposes: proposal !== undefined })
      }
      const answer = this.#answer(position, partition, outcome)
      if (answer.error !== 'OFFSET_OUT_OF_RANGE') return answer
      // A real follower asks for the ends of the log next.
      return { ...answer, highWatermark: partition.log.endOffset, logStartOffset: partition.log.startOffset }
    })
  }

  #readEach(
    request: FetchRequest,
    read: (partition: HostedPartition, position: FetchPartition, maxBytes: number) => FetchedPartition,
  ): readonly FetchedPartition[] {
    let left = request.maxBytes
    return request.partitions.map((position) => {
      const partition = this.#replicas.leaderOf(position)
      if (typeof partition === 'string') return this.#failed(position, partition)
      const answer = read(partition, position, Math.min(position.maxBytes, Math.max(0, left)))
      // The first batch of a partition is read however large it is, but not when the answer is full.
      if (left <= 0) return { ...answer, batches: [] }
      for (const { sizeBytes } of answer.batches) left -= sizeBytes
      return answer
    })
  }

  /**
   * Whether the follower's next fetch means something: it would learn of a high watermark that it does not know, or it is not in sync and may be
   * let in.
   */
  #hasNews(brokerId: number, request: FetchRequest): boolean {
    return this.hosted(request).some(({ log, leader, toldHighWatermarks }) => {
      if (leader?.inSyncReplicas.isr.includes(brokerId) === false) return true
      return log.highWatermark > (toldHighWatermarks.get(brokerId) ?? -1)
    })
  }

  #noteTold(brokerId: number, partitions: readonly FetchedPartition[]): void {
    for (const answer of partitions) {
      if (answer.error !== 'NONE') continue
      this.#replicas.partition(answer)?.toldHighWatermarks.set(brokerId, answer.highWatermark)
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
    const base = { topic, partition, error: 'NONE', highWatermark, currentLeader: undefined } as const
    if (outcome.type === 'records') {
      const { batches, logStartOffset } = outcome
      return { ...base, batches, logStartOffset, diverging: undefined }
    }
    const { epoch, endOffset } = outcome
    return { ...base, batches: [], logStartOffset: hosted.log.startOffset, diverging: { epoch, endOffset } }
  }

  #failed(
    { topic, partition }: { readonly topic: string; readonly partition: number },
    error: FetchedPartition['error'],
  ): FetchedPartition {
    const currentLeader = this.#hints.hintFor({ topic, partition }, error)
    const none = { batches: [], highWatermark: -1, logStartOffset: -1, diverging: undefined }
    return { topic, partition, error, ...none, currentLeader }
  }
}
