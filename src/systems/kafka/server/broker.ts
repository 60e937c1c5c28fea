import type { Process } from '../../../simulation/process.ts'
import { fenceLeaderEpoch } from '../core/replication/leader-epoch-fencing.ts'
import type {
  EpochAnswer,
  EpochQuestion,
  ListedOffset,
  ListOffsetsPartition,
  ProduceRequest,
  ProduceResult,
  Request,
  RequestBody,
  Response,
} from '../protocol.ts'
import { brokerPort } from '../protocol.ts'
import { BrokerLifecycle } from './broker-lifecycle.ts'
import type { ClusterContext } from './cluster-context.ts'
import { FetchService } from './fetch-service.ts'
import { GroupCoordinator } from './group/group-coordinator.ts'
import type { HostedPartition } from './hosted-partition.ts'
import { LeaderHints } from './leader-hints.ts'
import { MetadataService } from './metadata-service.ts'
import { ProducerIds } from './producer-ids.ts'
import { ReadReplicaSelector } from './read-replica-selector.ts'
import { Replicas } from './replicas.ts'
import type { Answer } from './request-channel.ts'
import { RequestChannel } from './request-channel.ts'

/** One incarnation of a broker. What it knows is in its memory; what its logs hold is on its disk. */
export class Broker {
  readonly brokerId: number
  readonly lifecycle: BrokerLifecycle
  readonly replicas: Replicas
  readonly coordinator: GroupCoordinator
  readonly #process: Process
  readonly #hints: LeaderHints
  readonly #fetches: FetchService
  readonly #metadata: MetadataService
  readonly #producerIds: ProducerIds

  constructor(process: Process, context: ClusterContext, brokerId: number) {
    this.#process = process
    this.brokerId = brokerId
    this.lifecycle = new BrokerLifecycle(process, context, brokerId, {
      metadataChanged: (entries) => this.replicas.metadataChanged(entries),
      ready: () => this.#serve(),
    })
    this.replicas = new Replicas(process, context, brokerId, this.lifecycle, {
      ledFrom: (partition) => this.coordinator.lead(partition),
      ledUntil: (partition) => this.coordinator.resign(partition),
    })
    this.#hints = new LeaderHints(context.name, this.lifecycle.image)
    const selector = new ReadReplicaSelector(context, this.lifecycle.image, brokerId)
    this.#fetches = new FetchService(process, this.replicas, this.#hints, selector)
    this.#metadata = new MetadataService(process, context, this.lifecycle)
    this.coordinator = new GroupCoordinator(process, context, this.replicas, this.lifecycle.image, this.#metadata)
    this.#producerIds = new ProducerIds(this.lifecycle, brokerId)
    process.onStop((done) => this.#stop(context.settings.broker['controlled.shutdown.enable'], done))
    this.lifecycle.begin()
  }

  /** Clients are served from the moment at which the broker knows the cluster. */
  #serve(): void {
    this.#process.listen<Response, Request>(
      brokerPort,
      (connection) =>
        new RequestChannel(connection, (request, channel, answered) => this.#handle(request, channel, answered)),
    )
  }

  #handle(request: RequestBody, channel: RequestChannel, answered: (answer: Answer) => void): (() => void) | undefined {
    switch (request.type) {
      case 'metadata':
        answered(this.#metadata.answer(request))
        return undefined
      case 'init-producer-id':
        this.#producerIds.give(answered)
        return undefined
      case 'produce':
        this.#produce(request, answered)
        return undefined
      case 'fetch':
        return this.#fetches.fetch(request, channel.isWell, answered)
      case 'list-offsets':
        answered({ type: 'list-offsets', results: request.partitions.map((position) => this.#listOffset(position)) })
        return undefined
      case 'offset-for-leader-epoch': {
        const results = request.partitions.map((question) => this.#epochEnd(question))
        answered({ type: 'offset-for-leader-epoch', results })
        return undefined
      }
      default:
        this.coordinator.handle(request, { name: channel.peerName, isWell: channel.isWell }, answered)
        return undefined
    }
  }

  #produce({ acks, timeout, batches }: ProduceRequest, answered: (answer: Answer) => void): void {
    const results: ProduceResult[] = []
    let open = batches.length
    const finish = (): void => {
      if (acks !== 'none') answered({ type: 'produce', results })
      // The only way to say that something went wrong with what nobody wants to hear about.
      else answered(results.some(({ error }) => error !== 'NONE') ? 'close' : 'no-answer')
    }
    if (open === 0) finish()
    for (const [index, { topic, partition, batch }] of batches.entries()) {
      this.replicas.append({ topic, partition }, batch, { acks, timeout }, ({ error, baseOffset }) => {
        const currentLeader = this.#hints.hintFor({ topic, partition }, error)
        results[index] = { topic, partition, error, baseOffset: error === 'NONE' ? baseOffset : -1, currentLeader }
        open -= 1
        if (open === 0) finish()
      })
    }
  }

  #listOffset({ topic, partition, currentLeaderEpoch, at }: ListOffsetsPartition): ListedOffset {
    const hosted = this.#leaderOf({ topic, partition, currentLeaderEpoch })
    if (typeof hosted === 'string') return { topic, partition, error: hosted, offset: -1 }
    const answer = typeof at === 'number' ? hosted.leader?.listOffsetForTime(at) : hosted.leader?.listOffset(at)
    if (answer?.type === 'error') return { topic, partition, error: answer.error, offset: -1 }
    return { topic, partition, error: 'NONE', offset: answer?.type === 'offset' ? answer.offset : -1 }
  }

  #epochEnd({ topic, partition, currentLeaderEpoch, leaderEpoch }: EpochQuestion): EpochAnswer {
    const hosted = this.#leaderOf({ topic, partition, currentLeaderEpoch })
    if (typeof hosted === 'string') return { topic, partition, error: hosted, end: undefined }
    return { topic, partition, error: 'NONE', end: hosted.log.endOffsetForEpoch(leaderEpoch) }
  }

  #leaderOf(asked: {
    readonly topic: string
    readonly partition: number
    readonly currentLeaderEpoch: number
  }): HostedPartition | ListedOffset['error'] {
    const hosted = this.replicas.leaderOf(asked)
    if (typeof hosted === 'string') return hosted
    if (hosted.leader === undefined) return 'NOT_LEADER_OR_FOLLOWER'
    return fenceLeaderEpoch(asked.currentLeaderEpoch, hosted.leader.leaderEpoch) ?? hosted
  }

  #stop(controlled: boolean, done: () => void): void {
    const close = (): void => this.replicas.close(done)
    if (controlled) this.lifecycle.shutDown(close)
    else close()
  }
}
