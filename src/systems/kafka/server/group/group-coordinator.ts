import type { Process } from '../../../../simulation/process.ts'
import { minute } from '../../../../simulation/duration.ts'
import { noLeader, type TopicPartition } from '../../core/controller/partition-registration.ts'
import type { KafkaError } from '../../core/error-table.ts'
import type { CommittedOffset } from '../../core/group/committed-offsets.ts'
import { offsetsTopic } from '../../core/group/committed-offsets.ts'
import { commitRefused, coordinatorLoaded, offsetCommitted } from '../../facts.ts'
import type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  HeartbeatRequest,
  JoinGroupRequest,
  LeaveGroupRequest,
  OffsetCommitRequest,
  OffsetFetchRequest,
  ResponseBody,
  SyncGroupRequest,
} from '../../protocol.ts'
import type { ClusterContext } from '../cluster-context.ts'
import { brokerNode, microsOf } from '../cluster-settings.ts'
import type { HostedPartition } from '../hosted-partition.ts'
import type { MetadataImage } from '../metadata-image.ts'
import type { MetadataService } from '../metadata-service.ts'
import { offsetsPartitionOf } from '../offsets-topic.ts'
import type { Replicas } from '../replicas.ts'
import { refusal } from './group-refusals.ts'
import { HostedGroup } from './hosted-group.ts'
import { batchOf, type OffsetsRecord } from './offsets-record.ts'

export type GroupRequest =
  | FindCoordinatorRequest
  | JoinGroupRequest
  | SyncGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | OffsetCommitRequest
  | OffsetFetchRequest

type Answered = (response: ResponseBody) => void

/** Who asks: the node, and whether nothing is in its way. */
interface Peer {
  readonly name: string
  readonly isWell: boolean
}

/**
 * The coordinator of the groups whose partition of `__consumer_offsets` this broker leads. All that must outlive it is in that partition,
 * replicated before anybody hears of it; the next leader reads it and goes on.
 */
export class GroupCoordinator {
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #replicas: Replicas
  readonly #image: MetadataImage
  readonly #metadata: MetadataService
  /** By partition of the offsets topic, the groups of that partition. */
  readonly #led = new Map<number, Map<string, HostedGroup>>()
  #members = 0

  constructor(
    process: Process,
    context: ClusterContext,
    replicas: Replicas,
    image: MetadataImage,
    metadata: MetadataService,
  ) {
    this.#process = process
    this.#context = context
    this.#replicas = replicas
    this.#image = image
    this.#metadata = metadata
  }

  /** A group of a partition of the offsets topic; `undefined` while this broker does not coordinate it. */
  group(name: string, partition: number): HostedGroup | undefined {
    return this.#led.get(partition)?.get(name)
  }

  /** Reads the groups of a partition that this broker leads from now on. */
  lead(partition: HostedPartition): void {
    if (partition.of.topic !== offsetsTopic) return
    const groups = new Map<string, HostedGroup>()
    this.#led.set(partition.of.partition, groups)
    for (const { messages } of partition.log.allBatches) {
      for (let index = 0; index < messages.length; index++) {
        this.#replay(this.#context.offsetsRecords.content(messages[index] ?? -1), groups)
      }
    }
    for (const group of groups.values()) group.watch()
    if (groups.size === 0) return
    this.#process.record(coordinatorLoaded, { partition: partition.place, groups: groups.size })
    this.#expireOffsetsLater(groups)
  }

  resign({ of }: HostedPartition): void {
    if (of.topic !== offsetsTopic) return
    for (const group of this.#led.get(of.partition)?.values() ?? []) group.close()
    this.#led.delete(of.partition)
  }

  handle(request: GroupRequest, { name, isWell }: Peer, answered: Answered): void {
    if (request.type === 'find-coordinator') {
      answered(this.#find(request.group))
      return
    }
    const partition = this.#partitionOf(request.group)
    const groups = this.#led.get(partition)
    if (groups === undefined) {
      answered(refusal(request, 'NOT_COORDINATOR'))
      return
    }
    switch (request.type) {
      case 'join-group':
        this.#join(this.#groupIn(groups, request.group), request, name, answered)
        return
      case 'sync-group':
        this.#sync(groups.get(request.group), request, answered)
        return
      case 'heartbeat':
        this.#heartbeat(groups.get(request.group), request, isWell, answered)
        return
      case 'leave-group':
        this.#leave(groups.get(request.group), request, answered)
        return
      case 'offset-commit':
        this.#commit(this.#groupIn(groups, request.group), request, answered)
        return
      case 'offset-fetch': {
        const { offsets } = this.#groupIn(groups, request.group)
        const found = request.partitions.flatMap((of) => offsets.get(of) ?? [])
        answered({ type: 'offset-fetch', error: 'NONE', offsets: found })
      }
    }
  }

  #find(group: string): FindCoordinatorResponse {
    const registration = this.#image.partition({ topic: offsetsTopic, partition: this.#partitionOf(group) })
    if (registration === undefined) this.#metadata.create(offsetsTopic)
    if (registration === undefined || registration.leader === noLeader) {
      return { type: 'find-coordinator', error: 'COORDINATOR_NOT_AVAILABLE', coordinator: undefined }
    }
    const { leader: brokerId } = registration
    const coordinator = { brokerId, node: brokerNode(this.#context.name, brokerId) }
    return { type: 'find-coordinator', error: 'NONE', coordinator }
  }

  #partitionOf(group: string): number {
    return offsetsPartitionOf(this.#context.settings, group)
  }

  #groupIn(groups: Map<string, HostedGroup>, name: string): HostedGroup {
    const known = groups.get(name)
    if (known !== undefined) return known
    const { broker } = this.#context.settings
    const settings = {
      initialRebalanceDelay: microsOf(broker['group.initial.rebalance.delay.ms']),
      minSessionTimeout: microsOf(broker['group.min.session.timeout.ms']),
      maxSessionTimeout: microsOf(broker['group.max.session.timeout.ms']),
    }
    const group = new HostedGroup(this.#process, this.#context, {
      name,
      settings,
      store: (record, done) => this.#store({ type: 'group', group: name, record }, (error) => done(error === 'NONE')),
    })
    if (groups.size === 0) this.#expireOffsetsLater(groups)
    groups.set(name, group)
    return group
  }

  #join(hosted: HostedGroup, request: JoinGroupRequest, peer: string, answered: Answered): void {
    const { memberId, clientId, sessionTimeout, rebalanceTimeout, protocols } = request
    const number = hosted.expect((reply) => {
      if (reply.type !== 'join') {
        answered(refusal(request, reply.error))
        return
      }
      if (reply.memberId !== '') hosted.joinedFrom(reply.memberId, peer)
      const { error, generation, protocol, leader, members } = reply
      answered({ type: 'join-group', error, memberId: reply.memberId, generation, protocol, leader, members })
    })
    const newMemberId =
      memberId === '' ? `${clientId}-${this.#process.name}-${this.#process.incarnation}-${++this.#members}` : ''
    const join = { request: number, memberId, newMemberId, sessionTimeout, rebalanceTimeout, protocols }
    hosted.change('joined anew', (group) => group.join(join, this.#process.now))
  }

  #sync(hosted: HostedGroup | undefined, request: SyncGroupRequest, answered: Answered): void {
    if (hosted === undefined) {
      answered(refusal(request, 'UNKNOWN_MEMBER_ID'))
      return
    }
    const { memberId, generation, assignments } = request
    const number = hosted.expect((reply) => {
      const assignment = reply.type === 'sync' ? reply.assignment : []
      answered({ type: 'sync-group', error: reply.error, assignment })
    })
    hosted.change('synced', (group) => group.sync({ request: number, memberId, generation, assignments }))
  }

  #heartbeat(
    hosted: HostedGroup | undefined,
    { memberId, generation, interval }: HeartbeatRequest,
    isWell: boolean,
    answered: Answered,
  ): void {
    const error = hosted?.group.heartbeat(memberId, generation, this.#process.now) ?? 'UNKNOWN_MEMBER_ID'
    const mayRest = error === 'NONE' && isWell && interval !== undefined && hosted?.group.state === 'Stable'
    if (mayRest) hosted.rest(memberId, interval)
    answered({ type: 'heartbeat', error, mayRest })
  }

  #leave(hosted: HostedGroup | undefined, { memberId }: LeaveGroupRequest, answered: Answered): void {
    let error: KafkaError = 'UNKNOWN_MEMBER_ID'
    hosted?.change('left', (group) => {
      const effects = group.leave(memberId, this.#process.now)
      error = effects.error
      return effects
    })
    answered({ type: 'leave-group', error })
  }

  #commit(hosted: HostedGroup, request: OffsetCommitRequest, answered: Answered): void {
    const refused = hosted.group.refuseCommit(request.memberId, request.generation)
    if (refused !== undefined) {
      const { intern } = this.#context
      const names = { group: intern(request.group), member: intern(request.memberId), error: intern(refused) }
      this.#process.record(commitRefused, names)
      answered({ type: 'offset-commit', error: refused })
      return
    }
    // A commit is a sign of life.
    if (request.generation >= 0) hosted.group.heartbeat(request.memberId, request.generation, this.#process.now)
    const committedAt = this.#process.now
    const offsets = request.offsets.map(({ topic, partition, offset, leaderEpoch }): CommittedOffset => {
      return { topic, partition, offset, leaderEpoch, committedAt }
    })
    this.#store({ type: 'offsets', group: request.group, offsets }, (error) => {
      if (error === 'NONE') this.#committed(hosted, offsets)
      answered({ type: 'offset-commit', error })
    })
  }

  #committed(hosted: HostedGroup, offsets: readonly CommittedOffset[]): void {
    const group = this.#context.intern(hosted.name)
    for (const commit of offsets) {
      hosted.offsets.apply(commit)
      this.#process.record(offsetCommitted, { group, partition: this.#context.placeOf(commit), offset: commit.offset })
    }
  }

  /** Writes a record and waits for its replicas, as `acks=all` does. */
  #store(record: OffsetsRecord, done: (error: KafkaError) => void): void {
    const of: TopicPartition = { topic: offsetsTopic, partition: this.#partitionOf(record.group) }
    const batch = batchOf(record, this.#context.offsetsRecords, this.#process.wallClock)
    const timeout = microsOf(this.#context.settings.broker['offsets.commit.timeout.ms'])
    this.#replicas.append(of, batch, { acks: 'all', timeout }, ({ error }) => done(errorForGroups(error)))
  }

  #replay(record: OffsetsRecord, groups: Map<string, HostedGroup>): void {
    const hosted = this.#groupIn(groups, record.group)
    if (record.type === 'group') hosted.restore(record.record)
    else if (record.type === 'offsets') for (const commit of record.offsets) hosted.offsets.apply(commit)
    else hosted.forgetOffsets(record.partitions)
  }

  /** Looks from time to time for offsets of groups that have been empty for long. */
  #expireOffsetsLater(groups: Map<string, HostedGroup>): void {
    const { broker } = this.#context.settings
    this.#process.setTimer(microsOf(broker['offsets.retention.check.interval.ms']), () => {
      if (![...this.#led.values()].includes(groups)) return
      const retention = broker['offsets.retention.minutes'] * minute
      for (const { name, offsets, emptySince } of groups.values()) {
        const partitions = offsets.expire(emptySince, retention, this.#process.now)
        if (partitions.length > 0) this.#store({ type: 'expired', group: name, partitions }, () => {})
      }
      this.#expireOffsetsLater(groups)
    })
  }
}

/** What a group's client hears when the record could not be stored. */
function errorForGroups(error: KafkaError): KafkaError {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
    case 'REQUEST_TIMED_OUT':
      return 'COORDINATOR_NOT_AVAILABLE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    default:
      return error
  }
}
