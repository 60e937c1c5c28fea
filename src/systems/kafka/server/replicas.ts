import type { Process } from '../../../simulation/process.ts'
import type { TopicPartition } from '../core/controller/partition-registration.ts'
import { partitionName } from '../core/controller/partition-registration.ts'
import type { KafkaError } from '../core/error-table.ts'
import { noProducerId, type ProducedBatch, type RecordBatch } from '../core/log/record-batch.ts'
import { offsetsTopic } from '../core/group/committed-offsets.ts'
import { PartitionMap } from '../core/partition-map.ts'
import type { FetchEffect } from '../core/replication/follower-replica.ts'
import type { BrokerViews } from '../core/replication/in-sync-replicas.ts'
import type { Acks } from '../core/replication/leader-replica.ts'
import type { BrokerLifecycle } from './broker-lifecycle.ts'
import type { ClusterContext } from './cluster-context.ts'
import { microsOf, restartBySupervisor, topicOptionsOf } from './cluster-settings.ts'
import type { MetadataEntry } from './controller/metadata-log.ts'
import { HighWatermarkCheckpoint } from './high-watermark-checkpoint.ts'
import { HostedPartition } from './hosted-partition.ts'
import { IsrChanges } from './isr-changes.ts'
import type { ParkedFetch } from './parked-fetch.ts'
import { ReplicaFacts } from './replica-facts.ts'
import { ReplicaFetchers } from './replica-fetchers.ts'
import { ReplicaLog } from './replica-log.ts'
import { ReplicaUpkeep } from './replica-upkeep.ts'
import { ReplicatedAppends } from './replicated-appends.ts'

export interface AppendResult {
  readonly error: KafkaError
  readonly baseOffset: number
}

export interface ReplicaEvents {
  /** This broker leads a partition from now on. */
  ledFrom(partition: HostedPartition): void
  /** This broker does not lead it any more. */
  ledUntil(partition: HostedPartition): void
}

/** The replicas of one broker: what it leads, what it follows, and who waits for what. */
export class Replicas {
  /** Fetches of followers that wait for records of what is led here. */
  readonly parkedFollowers: ParkedFetch[] = []
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #brokerId: number
  readonly #lifecycle: BrokerLifecycle
  readonly #events: ReplicaEvents
  readonly #partitions = new PartitionMap<HostedPartition>()
  readonly #fetchers: ReplicaFetchers
  readonly #isrChanges: IsrChanges
  readonly #checkpoint: HighWatermarkCheckpoint
  readonly #appends: ReplicatedAppends
  readonly #upkeep: ReplicaUpkeep
  readonly #facts: ReplicaFacts

  constructor(
    process: Process,
    context: ClusterContext,
    brokerId: number,
    lifecycle: BrokerLifecycle,
    events: ReplicaEvents,
  ) {
    this.#process = process
    this.#context = context
    this.#brokerId = brokerId
    this.#lifecycle = lifecycle
    this.#events = events
    this.#isrChanges = new IsrChanges(process, lifecycle, brokerId, (partition) => this.#highWatermarkMoved(partition))
    const interval = microsOf(context.settings.broker['replica.high.watermark.checkpoint.interval.ms'])
    this.#checkpoint = new HighWatermarkCheckpoint(process, interval, this.#partitions)
    this.#appends = new ReplicatedAppends(process)
    this.#upkeep = new ReplicaUpkeep({
      process,
      settings: context.settings,
      partitions: this.#partitions,
      isrChanges: this.#isrChanges,
    })
    this.#facts = new ReplicaFacts(process, context)
    this.#fetchers = new ReplicaFetchers(process, {
      cluster: context.name,
      brokerId,
      broker: context.settings.broker,
      brokerEpoch: () => lifecycle.brokerEpoch,
      progressed: (partition, effect, messages) => this.#followed(partition, effect, messages),
      diskFailed: () => this.#diskFailed(),
    })
  }

  get all(): Iterable<HostedPartition> {
    return this.#partitions.values()
  }

  get views(): BrokerViews {
    return this.#lifecycle.image.views
  }

  partition(of: TopicPartition): HostedPartition | undefined {
    return this.#partitions.get(of)
  }

  /** The replica that leads a partition here, or why there is none. */
  leaderOf(of: TopicPartition): HostedPartition | 'NOT_LEADER_OR_FOLLOWER' | 'UNKNOWN_TOPIC_OR_PARTITION' {
    const partition = this.partition(of)
    if (partition?.leader !== undefined) return partition
    return this.#lifecycle.image.partition(of) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER'
  }

  /** Takes up what new metadata says of the partitions of this broker. */
  metadataChanged(entries: readonly MetadataEntry[]): void {
    const changed = new Map<string, TopicPartition>()
    for (const { command, changes } of entries) {
      for (const { topic, partition } of changes.partitions) {
        changed.set(partitionName({ topic, partition }), { topic, partition })
      }
      if (command.type === 'register-broker') this.#fetchers.restart(command.request.brokerId)
    }
    for (const of of changed.values()) this.#assign(of)
    this.#fetchers.closeIdle()
  }

  /**
   * Appends a batch as the leader of its partition. `done` hears as soon as `acks` allows: at once, when the leader has it (on its disk, if it
   * must be), or when it is replicated; with an error at the latest after `timeout` µs.
   */
  append(
    of: TopicPartition,
    batch: ProducedBatch,
    { acks, timeout }: { readonly acks: Acks; readonly timeout: number },
    done: (result: AppendResult) => void,
  ): void {
    const partition = this.leaderOf(of)
    const refuse = (error: KafkaError): void => done({ error, baseOffset: -1 })
    if (typeof partition === 'string') {
      refuse(partition)
      return
    }
    const leader = partition.leader
    if (leader === undefined || batch.sizeBytes > partition.options['max.message.bytes']) {
      this.#facts.refused(partition, batch, 'MESSAGE_TOO_LARGE')
      refuse('MESSAGE_TOO_LARGE')
      return
    }
    partition.countIdleFetches(this.#waitingFollowers(partition), this.views)
    if (leader.proposalInFlight !== undefined) this.#isrChanges.propose(partition)
    const { highWatermark } = partition.log
    const outcome = leader.append(batch, acks, this.views, this.#process.now)
    if (outcome.type === 'rejected') {
      this.#facts.refused(partition, batch, outcome.error)
      refuse(outcome.error)
      return
    }
    if (outcome.type === 'duplicate') this.#facts.retried(partition, batch, outcome.baseOffset)
    else if (!partition.replicaLog.write([outcome.batch])) {
      this.#diskFailed()
      this.#facts.refused(partition, batch, 'KAFKA_STORAGE_ERROR')
      refuse('KAFKA_STORAGE_ERROR')
      return
    } else this.#appended(partition, outcome.batch, highWatermark)
    const { baseOffset, lastOffset } = outcome.type === 'appended' ? outcome.batch : outcome
    const finish = (): void => {
      if (acks !== 'all') done({ error: 'NONE', baseOffset })
      else this.#appends.waitFor(partition, lastOffset + 1, timeout, (error) => done({ error, baseOffset }))
    }
    if (outcome.type === 'appended' && partition.replicaLog.mustFlush) this.#flush(partition, finish, refuse)
    else finish()
  }

  /** Something moved the high watermark of a partition that is led here. */
  followerFetched(partition: HostedPartition, advanced: boolean, proposes: boolean): void {
    if (advanced) this.#highWatermarkMoved(partition)
    if (proposes) this.#isrChanges.propose(partition)
  }

  /** Flushes every log and notes the high watermarks: an orderly stop. */
  close(done: () => void): void {
    this.#fetchers.close()
    this.#checkpoint.write()
    const logs = [...this.#partitions.values()].map(({ replicaLog }) => replicaLog)
    let open = logs.length
    if (open === 0) done()
    for (const log of logs) {
      log.flush(() => {
        open -= 1
        if (open === 0) done()
      })
    }
  }

  #assign(of: TopicPartition): void {
    const registration = this.#lifecycle.image.partition(of)
    if (registration === undefined || !registration.replicas.includes(this.#brokerId)) return
    const partition = this.partition(of) ?? this.#host(of)
    const before = partition.role
    const { highWatermark } = partition.log
    const isNew = partition.assign(registration, this.views)
    if (partition.log.highWatermark > highWatermark) this.#highWatermarkMoved(partition)
    if (!isNew) {
      // A member may have caught up before the controller knew that it lives.
      partition.answerParked()
      // Who is not in sync any more has to ask to be let in again.
      for (const fetch of this.#waitingFollowers(partition)) fetch.bringNews()
      return
    }
    if (before.type === 'follower') this.#fetchers.unfollow(partition, before.leader)
    partition.answerParked()
    for (const fetch of [...this.#waitingFollowers(partition), ...partition.waitingConsumers]) fetch.tryAnswer()
    if (before.type === 'leader') this.#events.ledUntil(partition)
    if (partition.role.type === 'leader') {
      this.#events.ledFrom(partition)
      this.#upkeep.checkLagLater()
    } else if (partition.role.type === 'follower') this.#fetchers.follow(partition, partition.role.leader)
  }

  #host(of: TopicPartition): HostedPartition {
    const { settings, placeOf, audit } = this.#context
    const options = topicOptionsOf(settings, of.topic)
    const file = this.#process.disk.log<RecordBatch>(`log/${partitionName(of)}`)
    const replicaLog = new ReplicaLog(this.#process, file, options)
    const place = placeOf(of)
    const leaderSettings = {
      minInsyncReplicas: options['min.insync.replicas'],
      replicaLagTimeMax: microsOf(settings.broker['replica.lag.time.max.ms']),
      strictMinIsr: true,
    }
    const partition = new HostedPartition(this.#process, replicaLog, {
      of,
      place,
      options,
      brokerId: this.#brokerId,
      leaderSettings,
    })
    partition.log.restoreHighWatermark(this.#checkpoint.restored(of))
    this.#partitions.set(of, partition)
    if (of.topic !== offsetsTopic) audit.hosts(of, this.#process.node, file)
    this.#facts.recovered(partition)
    return partition
  }

  #followed(partition: HostedPartition, effect: FetchEffect, messages: number): void {
    if (effect.type === 'appended') {
      if (messages > 0) this.#upkeep.expireProducersLater()
      if (messages > 0) this.#facts.replicated(partition, messages, effect.endOffset)
      this.#checkpoint.noteChange()
      for (const fetch of [...partition.waitingConsumers]) fetch.tryAnswer()
    } else if (effect.type === 'truncated') {
      const dropped = partition.recordsDropped(effect.dropped)
      if (dropped > 0) this.#facts.truncated(partition, effect.endOffset, dropped)
    }
  }

  #appended(partition: HostedPartition, batch: RecordBatch, highWatermarkBefore: number): void {
    if (batch.producerId !== noProducerId) this.#upkeep.expireProducersLater()
    this.#facts.appended(partition, batch)
    for (const fetch of this.#waitingFollowers(partition)) fetch.tryAnswer()
    if (partition.log.highWatermark > highWatermarkBefore) this.#highWatermarkMoved(partition)
  }

  #highWatermarkMoved(partition: HostedPartition): void {
    this.#facts.committed(partition)
    this.#checkpoint.noteChange()
    partition.answerParked()
    for (const fetch of [...partition.waitingConsumers]) fetch.tryAnswer()
    for (const fetch of this.#waitingFollowers(partition)) fetch.bringNews()
  }

  #waitingFollowers(partition: HostedPartition): readonly ParkedFetch[] {
    return this.parkedFollowers.filter((fetch) => fetch.asksFor(partition))
  }

  #flush(partition: HostedPartition, flushed: () => void, refuse: (error: KafkaError) => void): void {
    partition.replicaLog.flush((ok) => {
      if (ok) {
        flushed()
        return
      }
      this.#diskFailed()
      refuse('KAFKA_STORAGE_ERROR')
    })
  }

  /** A broker whose only log directory fails halts. */
  #diskFailed(): void {
    // What it says about it to clients still gets out.
    this.#process.setTimer(0, () => this.#process.exit(restartBySupervisor))
  }
}
