import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { AutoCommit } from '../core/consumer/auto-commit.ts'
import type { ConsumerPositions } from '../core/consumer/consumer-positions.ts'
import type { OffsetToCommit } from '../protocol.ts'
import type { ConsumerUse } from './consumer-parts.ts'
import type { CommitResult, GroupOffsets } from './group-offsets.ts'
import type { RecordDelivery } from './record-delivery.ts'

/**
 * Who commits. `automatic`: the client, every `interval` µs, what polls have returned. `acknowledged`: the application, what it has dealt
 * with, as soon as it has or, with an interval, at the polls that come so long after the commit before.
 */
export interface CommitPolicy {
  readonly type: 'automatic' | 'acknowledged'
  readonly interval: Micros
}

export interface CommitContext {
  readonly process: Process
  readonly use: ConsumerUse
  readonly positions: ConsumerPositions
  readonly offsets: GroupOffsets
  readonly policy: CommitPolicy
  /** µs between two tries. */
  readonly retryAfter: Micros
  /** It is time to poll again. */
  poll(): void
}

/** What a Java consumer, or the application that uses it, commits, and when. */
export class OffsetCommits {
  readonly #context: CommitContext
  /** Says when polls commit; nothing where each acknowledgement does. */
  readonly #schedule: AutoCommit | undefined
  /** By partition, the offset that was committed last, and the one behind what the application has dealt with. */
  readonly #committed = new Map<number, number>()
  readonly #acknowledged = new Map<number, number>()
  #timer: Timer | undefined

  constructor(context: CommitContext) {
    this.#context = context
    const { policy, process, retryAfter } = context
    if (policy.type === 'automatic' || policy.interval > 0) {
      this.#schedule = new AutoCommit(policy.interval, retryAfter, process.now)
    }
  }

  get isAutomatic(): boolean {
    return this.#context.policy.type === 'automatic'
  }

  /** Whether each acknowledgement is a commit of its own. */
  get isImmediate(): boolean {
    return this.#schedule === undefined
  }

  /** There is a new assignment. */
  clear(): void {
    this.#committed.clear()
    this.#acknowledged.clear()
  }

  /** The application has dealt with records and commits them later. */
  note(records: readonly RecordDelivery[]): void {
    for (const { partition, offset } of this.behind(records)) {
      this.#acknowledged.set(partition, Math.max(offset, this.#acknowledged.get(partition) ?? 0))
    }
    this.watch()
  }

  /** Inside of `poll`, before anything is returned: commits without waiting, if the time has come. */
  commitWhenDue(): void {
    const { process, offsets: group, poll } = this.#context
    const schedule = this.#schedule
    const due = schedule?.dueAt ?? Infinity
    if (schedule?.takeTurn(process.now) !== true) return
    const offsets = this.pending()
    if (offsets.length === 0) {
      schedule.passed(due, process.now)
      return
    }
    group.commit(offsets, (result) => {
      if (result === 'committed') this.#noteCommitted(offsets)
      else if (result === 'retriable') schedule.failed(process.now)
      poll()
    })
  }

  /** A poll that waits for records still looks at the schedule; without anything new to commit there is no need to. */
  watch(): void {
    if (this.#schedule === undefined || this.#timer !== undefined || this.pending().length === 0) return
    const { process, poll } = this.#context
    this.#timer = process.setTimer(Math.max(1, this.#schedule.dueAt - process.now), () => {
      this.#timer = undefined
      poll()
    })
  }

  /** What there is to commit: what polls have returned, dealt with or not; or only what the application has dealt with. */
  pending(): readonly OffsetToCommit[] {
    const { positions, use } = this.#context
    return positions.assigned.flatMap((partition) => {
      const { offset: position, leaderEpoch = -1 } = positions.get(partition) ?? {}
      const acknowledged = this.#acknowledged.get(partition)
      const offset = this.isAutomatic ? position : acknowledged
      const isNew = offset !== undefined && offset !== this.#committed.get(partition)
      return isNew ? [{ topic: use.topic, partition, offset, leaderEpoch }] : []
    })
  }

  /** The offsets behind records: never beyond a position that was sought back to. */
  behind(records: readonly RecordDelivery[]): readonly OffsetToCommit[] {
    const { positions, use } = this.#context
    const offsets = new Map<number, number>()
    for (const { partitionNumber, position } of records) {
      offsets.set(partitionNumber, Math.max(position + 1, offsets.get(partitionNumber) ?? 0))
    }
    return [...offsets].map(([partition, behind]) => {
      const position = positions.get(partition)
      const offset = Math.min(behind, position?.offset ?? behind)
      return { topic: use.topic, partition, offset, leaderEpoch: position?.leaderEpoch ?? -1 }
    })
  }

  /** Tries until somebody says yes or no, or the time is over. */
  commitSync(
    offsetsNow: () => readonly OffsetToCommit[],
    deadline: Micros,
    done: (result: CommitResult) => void,
  ): void {
    const { process, offsets: group, retryAfter } = this.#context
    const offsets = offsetsNow()
    if (offsets.length === 0) {
      process.setTimer(0, () => done('committed'))
      return
    }
    group.commit(offsets, (result) => {
      if (result === 'committed') this.#noteCommitted(offsets)
      if (result !== 'retriable' || process.now + retryAfter > deadline) done(result)
      else process.setTimer(retryAfter, () => this.commitSync(offsetsNow, deadline, done))
    })
  }

  close(): void {
    this.#timer?.clear()
  }

  #noteCommitted(offsets: readonly OffsetToCommit[]): void {
    const { positions, use } = this.#context
    for (const { partition, offset } of offsets) {
      if (positions.get(partition) !== undefined) this.#committed.set(partition, offset)
      use.progress.reached(use.group, use.topic, partition, offset)
    }
  }
}
