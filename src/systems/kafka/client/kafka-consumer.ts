import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Cluster } from '../cluster.ts'
import { AutoCommit } from '../core/consumer/auto-commit.ts'
import { ConsumerPositions } from '../core/consumer/consumer-positions.ts'
import type { OffsetToCommit } from '../protocol.ts'
import { BrokerLinks } from './broker-links.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { Fetcher } from './fetcher.ts'
import type { CommitResult } from './group-membership.ts'
import { GroupMembership } from './group-membership.ts'
import type { GroupProgress } from './group-progress.ts'
import { PositionFinder } from './position-finder.ts'
import { RecordDelivery, recordOf } from './record-delivery.ts'
import { TopicMetadata } from './topic-metadata.ts'

export interface ConsumerUse {
  readonly topic: string
  readonly group: string
  readonly progress: GroupProgress
}

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/**
 * The Java consumer with the classic protocol. One `poll` returns up to `max.poll.records`; `receive` hands them out, and polls again when they
 * are used up. Joining, committing by itself and finding positions happen inside of `poll` only; heartbeats go on beside it.
 */
export class KafkaConsumer implements Consumer {
  readonly #process: Process
  readonly #cluster: Cluster
  readonly #use: ConsumerUse
  readonly #settings: ConsumerSettings
  readonly #links: BrokerLinks
  readonly #metadata: TopicMetadata
  readonly #membership: GroupMembership
  readonly #positions = new ConsumerPositions()
  readonly #finder: PositionFinder
  readonly #fetcher: Fetcher
  readonly #autoCommit: AutoCommit | undefined
  /** By partition, the offset that was committed last. */
  readonly #committed = new Map<number, number>()
  #polled: RecordDelivery[] = []
  #waiting: Waiting | undefined
  #polling = false
  #pollAgain = false
  #preparingJoin = false
  #assignment = 0
  #assignedCount = 0
  #lastPoll: Micros
  #heartbeatTimer: Timer | undefined
  #autoCommitTimer: Timer | undefined
  /** Deliveries that the application has not settled. */
  #unsettled = 0
  /** Commits that the application waits for. */
  #settling = 0
  #closing: (() => void) | undefined
  #leaving = false

  constructor(process: Process, cluster: Cluster, use: ConsumerUse, settings: ConsumerSettings) {
    const { topic, group, progress } = use
    const changed = (): void => this.#poll()
    this.#process = process
    this.#cluster = cluster
    this.#use = use
    this.#settings = settings
    this.#lastPoll = process.now
    this.#links = new BrokerLinks(process, cluster.bootstrap, settings.links, (change) => {
      if (change === 'lost') this.#metadata.requestUpdate()
    })
    this.#metadata = new TopicMetadata(process, this.#links, { ...settings.metadata, topic }, changed)
    this.#membership = new GroupMembership({
      process,
      links: this.#links,
      settings: {
        group,
        topic,
        clientId: process.name,
        sessionTimeout: settings.sessionTimeout,
        rebalanceTimeout: settings.maxPollInterval,
        requestTimeout: settings.links.requestTimeout,
        retryBackoff: settings.retryBackoff,
        assignors: settings.assignors,
      },
      partitionCount: () => this.#metadata.partitionCount ?? 0,
      assigned: (partitions) => this.#assigned(partitions),
      changed,
    })
    const shared = {
      process,
      topic,
      links: this.#links,
      metadata: this.#metadata,
      positions: this.#positions,
      retryAfter: settings.retryBackoff.initial,
      changed,
    }
    this.#finder = new PositionFinder({
      ...shared,
      membership: this.#membership,
      reset: settings.reset,
      skippedTo: (partition, offset) => progress.reached(group, topic, partition, offset),
    })
    this.#fetcher = new Fetcher({
      ...shared,
      settings: settings.fetch,
      mayFetch: (partition) => this.#finder.isValid(partition),
      lost: (partition, loss) => this.#finder.noteLoss(partition, loss),
    })
    const interval = settings.autoCommitInterval
    if (interval !== undefined) this.#autoCommit = new AutoCommit(interval, settings.retryBackoff.initial, process.now)
    this.#metadata.requestUpdate()
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** Deliveries that the application still has in hand. */
  get unsettled(): number {
    return this.#process.alive ? this.#unsettled : 0
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#closing !== undefined || this.#leaving) return
    this.#waiting = { limit, ready }
    this.#process.setTimer(0, () => this.#poll())
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const records = deliveries.map(recordOf)
    this.#unsettled -= records.length
    if (this.#autoCommit !== undefined) this.#later(done, 'acknowledged')
    else if (records.some((record) => !this.#owns(record))) this.#later(done, 'refused')
    else {
      this.#settling += 1
      const deadline = this.#process.now + this.#settings.apiTimeout
      this.#commitSync(
        () => this.#behind(records),
        deadline,
        (result) => {
          this.#settling -= 1
          done(outcomes[result])
          this.#closeIfDone()
        },
      )
    }
  }

  /** There is no negative acknowledgement: `again` is a seek back to the record, and whoever discards one goes on behind it. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    const record = recordOf(delivery)
    if (how === 'discard') {
      this.acknowledge([delivery], done)
      return
    }
    this.#unsettled -= 1
    if (!this.#owns(record)) {
      this.#later(done, 'refused')
      return
    }
    const { partitionNumber: partition, position } = record
    this.#positions.seek(partition, Math.min(position, this.#positions.get(partition)?.offset ?? position))
    this.#polled = this.#polled.filter(({ partitionNumber }) => partitionNumber !== partition)
    this.#later(done, 'acknowledged')
  }

  /** Records are not leased: they stay with their consumer as long as it polls and heartbeats. */
  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#later(done, 'acknowledged')
  }

  close(done: () => void): void {
    this.#closing = done
    this.#process.setTimer(0, () => this.#closeIfDone())
  }

  /** One round of the loop inside `poll`; it comes back whenever something has changed. */
  #poll(): void {
    if (this.#waiting === undefined || this.#closing !== undefined) return
    if (this.#polling) {
      this.#pollAgain = true
      return
    }
    this.#polling = true
    do {
      this.#pollAgain = false
      this.#pollOnce()
    } while (this.#pollAgain)
    this.#polling = false
  }

  #pollOnce(): void {
    if (this.#polled.length > 0) {
      this.#handOut()
      return
    }
    this.#lastPoll = this.#process.now
    if (!this.#isInGroup()) return
    this.#commitWhenDue()
    this.#finder.update()
    this.#takeFromBuffer()
    this.#fetcher.fetch()
    if (this.#polled.length > 0) this.#handOut()
    else this.#watchAutoCommit()
  }

  /** Joins where that is needed; until it is done nothing is returned. */
  #isInGroup(): boolean {
    const count = this.#metadata.partitionCount
    if (count === undefined) return false
    if (this.#membership.stable && count !== this.#assignedCount) this.#membership.requestRejoin()
    if (this.#membership.joining || this.#preparingJoin) return false
    if (!this.#membership.rejoinNeeded) return true
    this.#prepareJoin()
    return false
  }

  /** Before partitions are given up, what was consumed of them is committed, if that is the consumer's business. */
  #prepareJoin(): void {
    this.#preparingJoin = true
    const join = (): void => {
      this.#preparingJoin = false
      this.#assignment += 1
      this.#assign([])
      this.#assignedCount = this.#metadata.partitionCount ?? 0
      this.#membership.join()
    }
    if (this.#autoCommit === undefined || !this.#membership.stable) join()
    else this.#commitSync(() => this.#consumed(), this.#process.now + this.#settings.maxPollInterval, join)
  }

  #assigned(partitions: readonly number[]): void {
    this.#assign(partitions)
    this.#heartbeatTimer?.clear()
    this.#watchHeartbeat()
    this.#poll()
  }

  #assign(partitions: readonly number[]): void {
    this.#positions.assign([])
    this.#positions.assign(partitions)
    this.#fetcher.buffer.clear()
    this.#finder.restart()
    this.#committed.clear()
  }

  #takeFromBuffer(): void {
    if (this.#fetcher.buffer.isEmpty) return
    const { partitions, offsets, messages } = this.#fetcher.buffer.poll(this.#positions, this.#settings.maxPollRecords)
    this.#polled = messages.map((message, index) => {
      const content = this.#cluster.records.content(message)
      return new RecordDelivery(content, partitions[index] ?? 0, offsets[index] ?? 0, this.#assignment)
    })
  }

  #handOut(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const handed = this.#polled.splice(0, waiting.limit)
    this.#unsettled += handed.length
    waiting.ready(handed)
  }

  // Committing

  #commitWhenDue(): void {
    const autoCommit = this.#autoCommit
    const { now } = this.#process
    if (autoCommit === undefined || autoCommit.offsetsToCommit(this.#positions.allConsumed, now) === undefined) return
    const offsets = this.#consumed()
    if (offsets.length === 0) return
    this.#membership.commit(offsets, (result) => {
      if (result === 'committed') this.#noteCommitted(offsets)
      else if (result === 'retriable') autoCommit.failed(this.#process.now)
      this.#poll()
    })
  }

  /** A poll that waits for records still looks at the timer; without anything new to commit there is no need to. */
  #watchAutoCommit(): void {
    if (this.#autoCommit === undefined || this.#autoCommitTimer !== undefined || this.#consumed().length === 0) return
    const wait = Math.max(1, this.#autoCommit.dueAt - this.#process.now)
    this.#autoCommitTimer = this.#process.setTimer(wait, () => {
      this.#autoCommitTimer = undefined
      this.#poll()
    })
  }

  /** Positions that are not committed yet: what was returned, whether or not anybody has dealt with it. */
  #consumed(): readonly OffsetToCommit[] {
    return this.#positions.assigned.flatMap((partition) => {
      const { offset, leaderEpoch = -1 } = this.#positions.get(partition) ?? {}
      const isNew = offset !== undefined && offset !== this.#committed.get(partition)
      return isNew ? [{ topic: this.#use.topic, partition, offset, leaderEpoch }] : []
    })
  }

  /** The offsets behind records: never beyond a position that was sought back to. */
  #behind(records: readonly RecordDelivery[]): readonly OffsetToCommit[] {
    const offsets = new Map<number, number>()
    for (const { partitionNumber, position } of records) {
      offsets.set(partitionNumber, Math.max(position + 1, offsets.get(partitionNumber) ?? 0))
    }
    return [...offsets].map(([partition, behind]) => {
      const position = this.#positions.get(partition)
      const offset = Math.min(behind, position?.offset ?? behind)
      return { topic: this.#use.topic, partition, offset, leaderEpoch: position?.leaderEpoch ?? -1 }
    })
  }

  /** Tries until somebody says yes or no, or the time is over. */
  #commitSync(
    offsetsNow: () => readonly OffsetToCommit[],
    deadline: Micros,
    done: (result: CommitResult) => void,
  ): void {
    const offsets = offsetsNow()
    if (offsets.length === 0) {
      this.#process.setTimer(0, () => done('committed'))
      return
    }
    this.#membership.commit(offsets, (result) => {
      if (result === 'committed') this.#noteCommitted(offsets)
      const wait = this.#settings.retryBackoff.initial
      if (result !== 'retriable' || this.#process.now + wait > deadline) done(result)
      else this.#process.setTimer(wait, () => this.#commitSync(offsetsNow, deadline, done))
    })
  }

  #noteCommitted(offsets: readonly OffsetToCommit[]): void {
    const { group, topic, progress } = this.#use
    for (const { partition, offset } of offsets) {
      if (this.#positions.get(partition) !== undefined) this.#committed.set(partition, offset)
      progress.reached(group, topic, partition, offset)
    }
  }

  #owns({ assignment, partitionNumber }: RecordDelivery): boolean {
    return assignment === this.#assignment && this.#positions.get(partitionNumber) !== undefined
  }

  // Staying a member

  #watchHeartbeat(): void {
    const pollDeadline = this.#isPolling ? Infinity : this.#lastPoll + this.#settings.maxPollInterval
    const wait = Math.min(this.#settings.heartbeatInterval, Math.max(1, pollDeadline + 1 - this.#process.now))
    this.#heartbeatTimer = this.#process.setTimer(wait, () => this.#heartbeatDue())
  }

  #heartbeatDue(): void {
    if (this.#leaving) return
    const isLate = !this.#isPolling && this.#process.now - this.#lastPoll > this.#settings.maxPollInterval
    if (isLate) {
      // It may live, but makes no headway: it makes room for another. The next poll joins again.
      if (this.#membership.isMember) this.#membership.leave()
      return
    }
    this.#membership.heartbeat()
    this.#watchHeartbeat()
  }

  get #isPolling(): boolean {
    return this.#waiting !== undefined && this.#polled.length === 0
  }

  // Closing

  #closeIfDone(): void {
    if (this.#closing === undefined || this.#settling > 0 || this.#leaving) return
    this.#leaving = true
    this.#heartbeatTimer?.clear()
    this.#autoCommitTimer?.clear()
    const leave = (): void => this.#membership.leave(() => this.#closed())
    const deadline = this.#process.now + this.#settings.links.requestTimeout
    if (this.#autoCommit === undefined || !this.#membership.stable) leave()
    else this.#commitSync(() => this.#consumed(), deadline, leave)
  }

  #closed(): void {
    const done = this.#closing
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#membership.close()
    this.#metadata.close()
    this.#links.close()
    waiting?.ready([])
    done?.()
  }

  #later(done: (outcome: AcknowledgeOutcome) => void, outcome: AcknowledgeOutcome): void {
    this.#process.setTimer(0, () => done(outcome))
  }
}

const outcomes = { committed: 'acknowledged', refused: 'refused', retriable: 'unknown' } as const satisfies Record<
  CommitResult,
  AcknowledgeOutcome
>
