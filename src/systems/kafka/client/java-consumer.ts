import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Cluster } from '../cluster.ts'
import type { ConsumerParts, ConsumerUse } from './consumer-parts.ts'
import { closeParts, consumerParts } from './consumer-parts.ts'
import type { JavaConsumerSettings } from './consumer-settings.ts'
import type { CommitResult } from './group-offsets.ts'
import { HeartbeatThread } from './heartbeat-thread.ts'
import { OffsetCommits } from './offset-commits.ts'
import type { RecordDelivery } from './record-delivery.ts'
import { recordOf } from './record-delivery.ts'
import { RecordSource } from './record-source.ts'
import { WorkInHand } from './work-in-hand.ts'

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/**
 * The Java consumer with the classic protocol. One `poll` returns up to `max.poll.records`; `receive` hands them out, and polls again when they
 * are used up. Joining, committing by itself and finding positions happen inside of `poll` only; heartbeats go on beside it.
 */
export class JavaConsumer implements Consumer {
  readonly #process: Process
  readonly #pollSoon = (): void => this.#poll()
  readonly #settings: JavaConsumerSettings
  readonly #parts: ConsumerParts
  readonly #source: RecordSource
  readonly #commits: OffsetCommits
  readonly #heartbeats: HeartbeatThread
  readonly #inHand: WorkInHand
  #polled: RecordDelivery[] = []
  #waiting: Waiting | undefined
  #polling = false
  #pollAgain = false
  #preparingJoin = false
  #assignment = 0
  #assignedCount = 0
  #lastPoll: Micros
  #closing: (() => void) | undefined
  #leaving = false

  constructor(process: Process, cluster: Cluster, use: ConsumerUse, settings: JavaConsumerSettings) {
    const changed = (): void => this.#poll()
    this.#process = process
    this.#settings = settings
    this.#lastPoll = process.now
    this.#inHand = new WorkInHand(process)
    this.#parts = consumerParts(process, cluster, use, settings, {
      changed,
      assigned: (partitions) => this.#assigned(partitions),
      gaveUp: () => {},
    })
    const { positions, membership, offsets } = this.#parts
    const retryAfter = settings.retryBackoff.initial
    this.#source = new RecordSource(process, cluster, use, settings, this.#parts, changed)
    const policy = settings.commits
    this.#commits = new OffsetCommits({ process, use, positions, offsets, policy, retryAfter, poll: changed })
    this.#heartbeats = new HeartbeatThread({
      process,
      membership,
      interval: settings.heartbeatInterval,
      maxPollInterval: settings.rebalanceTimeout,
      sessionTimeout: settings.sessionTimeout,
      lastPoll: () => (this.#isPolling ? undefined : this.#lastPoll),
    })
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** Deliveries that the application still has in hand. */
  get unsettled(): number {
    return this.#process.alive ? this.#inHand.deliveries : 0
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#closing !== undefined || this.#leaving) return
    this.#waiting = { limit, ready }
    this.#process.afterwards(this.#pollSoon)
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const commits = this.#commits
    if (commits.isAutomatic) {
      this.#later(done, 'acknowledged')
      this.#settled(deliveries.length)
      return
    }
    const records = deliveries.map(recordOf)
    if (records.some((record) => !this.#owns(record))) this.#later(done, 'refused')
    else if (!commits.isImmediate) {
      commits.note(records)
      this.#later(done, 'acknowledged')
    } else {
      this.#inHand.beginCommit()
      const deadline = this.#process.now + this.#settings.apiTimeout
      commits.commitSync(
        () => commits.behind(records),
        deadline,
        (result) => {
          this.#inHand.endCommit()
          done(outcomes[result])
          this.#settled(records.length)
        },
      )
      return
    }
    this.#settled(records.length)
  }

  /** There is no negative acknowledgement: `again` is a seek back to the record, and whoever discards one goes on behind it. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') {
      this.acknowledge([delivery], done)
      return
    }
    const record = recordOf(delivery)
    const { positions } = this.#parts
    const { partitionNumber: partition, position } = record
    if (this.#owns(record)) {
      positions.seek(partition, Math.min(position, positions.get(partition)?.offset ?? position))
      this.#polled = this.#polled.filter(({ partitionNumber }) => partitionNumber !== partition)
    }
    this.#later(done, this.#owns(record) ? 'acknowledged' : 'refused')
    this.#settled(1)
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
    this.#commits.commitWhenDue()
    this.#parts.finder.update()
    this.#polled = this.#source.poll(this.#assignment)
    if (this.#polled.length > 0) this.#handOut()
    else this.#commits.watch()
  }

  get #isPolling(): boolean {
    return this.#waiting !== undefined && this.#polled.length === 0
  }

  #handOut(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const handed = this.#polled.splice(0, waiting.limit)
    this.#inHand.hand(handed.length)
    waiting.ready(handed)
  }

  // Being a member

  /** Joins where that is needed; until it is done nothing is returned. */
  #isInGroup(): boolean {
    const { metadata, membership } = this.#parts
    const count = metadata.partitionCount
    if (count === undefined) return false
    if (membership.stable && count !== this.#assignedCount) membership.requestRejoin()
    if (membership.joining || this.#preparingJoin) return false
    if (!membership.rejoinNeeded) return true
    this.#prepareJoin()
    return false
  }

  #prepareJoin(): void {
    const { metadata, membership } = this.#parts
    this.#preparingJoin = true
    this.#revoke(this.#process.now + this.#settings.rebalanceTimeout, () => {
      this.#preparingJoin = false
      this.#assignment += 1
      this.#assign([])
      this.#assignedCount = metadata.partitionCount ?? 0
      membership.join()
    })
  }

  /** Before partitions are given up, what is due is committed: by the client, or by what the application does in `onPartitionsRevoked`. */
  #revoke(deadline: Micros, done: () => void): void {
    const commits = this.#commits
    const { onRevoked } = this.#settings
    const commit = (): void => commits.commitSync(() => commits.pending(), deadline, done)
    // A member that was thrown out hears onPartitionsLost instead: there is nothing that it may commit.
    if (!this.#parts.membership.stable || (!commits.isAutomatic && onRevoked === 'nothing')) done()
    else if (onRevoked === 'finish-and-commit') this.#inHand.wait(deadline, commit)
    else commit()
  }

  #assigned(partitions: readonly number[]): void {
    this.#assign(partitions)
    this.#heartbeats.start()
    this.#poll()
  }

  #assign(partitions: readonly number[]): void {
    const { positions, finder } = this.#parts
    positions.assign([])
    positions.assign(partitions)
    this.#source.clear()
    finder.restart()
    this.#commits.clear()
  }

  #owns({ assignment, partitionNumber }: RecordDelivery): boolean {
    return assignment === this.#assignment && this.#parts.positions.get(partitionNumber) !== undefined
  }

  // Closing

  #settled(records: number): void {
    this.#inHand.settle(records)
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    if (this.#closing === undefined || this.#inHand.isCommitting || this.#leaving) return
    this.#leaving = true
    this.#heartbeats.stop()
    this.#commits.close()
    const deadline = this.#process.now + this.#settings.links.requestTimeout
    this.#revoke(deadline, () => this.#parts.membership.leave(() => this.#closed()))
  }

  #closed(): void {
    const done = this.#closing
    const waiting = this.#waiting
    this.#waiting = undefined
    closeParts(this.#parts)
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
