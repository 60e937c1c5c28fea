import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ConsumerPositions } from '../core/consumer/consumer-positions.ts'
import type { OffsetResetPolicy, PositionLoss } from '../core/consumer/offset-reset.ts'
import { decideReset } from '../core/consumer/offset-reset.ts'
import type { EpochAnswer, ListedOffset, ListOffsetsPartition } from '../protocol.ts'
import type { BrokerLinks } from './broker-links.ts'
import type { GroupOffsets } from './group-offsets.ts'
import type { Leader, TopicMetadata } from './topic-metadata.ts'

export interface PositionFinderContext {
  readonly process: Process
  readonly topic: string
  readonly links: BrokerLinks
  readonly metadata: TopicMetadata
  readonly positions: ConsumerPositions
  readonly offsets: GroupOffsets
  readonly reset: OffsetResetPolicy
  /** Whether a position is checked against the log of a new leader (KIP-320). */
  readonly detectsTruncation: boolean
  readonly retryAfter: Micros
  /** A position was found, or it is time to look again. */
  changed(): void
  /** The reset policy sent the consumer to this offset, since its position was lost: nobody of the group will read what is before it. */
  skippedTo(partition: number, offset: number, loss: PositionLoss | undefined): void
}

/**
 * Finds a consumer's positions: where the group's committed offset is, else where the reset policy says; and checks a position against a new
 * leader's log before anything is fetched from it.
 */
export class PositionFinder {
  readonly #context: PositionFinderContext
  /** Partitions that something is being asked about. */
  readonly #asking = new Set<number>()
  /** By partition, how its position was lost and has to be reset. */
  readonly #lost = new Map<number, PositionLoss>()
  /** By partition, the leader epoch in which the position was found to be good. */
  readonly #validIn = new Map<number, number>()
  /** Partitions that no policy finds a position for: the application gets an exception, at every poll. */
  readonly #failed = new Set<number>()
  #generation = 0

  constructor(context: PositionFinderContext) {
    this.#context = context
  }

  /** A new assignment: what was asked for the old one counts no more. */
  restart(): void {
    this.#generation += 1
    this.#asking.clear()
    this.#lost.clear()
    this.#validIn.clear()
    this.#failed.clear()
  }

  noteLoss(partition: number, loss: PositionLoss): void {
    this.#lost.set(partition, loss)
  }

  /** Whether the position is good in the log of the leader that the client knows. */
  isValid(partition: number): boolean {
    const { metadata, positions } = this.#context
    if (this.#lost.has(partition) || this.#asking.has(partition) || this.#failed.has(partition)) return false
    if (!this.#context.detectsTruncation) return true
    const epoch = metadata.leader(partition)?.leaderEpoch ?? -1
    if ((positions.get(partition)?.leaderEpoch ?? -1) < 0) return true
    if (!this.#validIn.has(partition)) this.#validIn.set(partition, epoch)
    return this.#validIn.get(partition) === epoch
  }

  /** Asks for whatever is missing. */
  update(): void {
    const { positions } = this.#context
    const unknown = positions.withoutPosition.filter(
      (partition) => !this.#asking.has(partition) && !this.#lost.has(partition),
    )
    if (unknown.length > 0) this.#fetchCommitted(unknown)
    for (const [partition, loss] of this.#lost) {
      if (!this.#asking.has(partition) && !this.#failed.has(partition)) this.#reset(partition, loss)
    }
    for (const partition of positions.assigned) if (this.#isDoubtful(partition)) this.#validate(partition)
  }

  #isDoubtful(partition: number): boolean {
    const isKnown = this.#context.positions.get(partition)?.offset !== undefined
    return isKnown && !this.#asking.has(partition) && !this.#lost.has(partition) && !this.isValid(partition)
  }

  #fetchCommitted(partitions: readonly number[]): void {
    const { offsets: group, positions } = this.#context
    const found = this.#whileAssigned(partitions)
    group.committed(partitions, (offsets) => {
      if (!found()) return
      for (const partition of offsets === undefined ? [] : partitions) {
        const stored = offsets?.find((offset) => offset.partition === partition)
        if (stored === undefined) this.#lost.set(partition, { type: 'no-committed-offset' })
        else positions.seek(partition, stored.offset, stored.leaderEpoch)
      }
      this.#context.changed()
    })
  }

  #reset(partition: number, loss: PositionLoss): void {
    const { process, reset } = this.#context
    const decision = decideReset(loss, reset, process.wallClock)
    switch (decision.type) {
      case 'fail':
        this.#failed.add(partition)
        break
      case 'seek':
        this.#seek(partition, decision.offset)
        break
      case 'look-up':
        this.#lookUp(partition, decision.which)
        break
      case 'look-up-time':
        this.#lookUp(partition, decision.timestamp)
        break
      case 'fetch-from-leader':
        this.#lost.delete(partition)
    }
  }

  #lookUp(partition: number, at: ListOffsetsPartition['at']): void {
    const { links, topic } = this.#context
    const leader = this.#leader(partition)
    if (leader === undefined) return
    const found = this.#whileAssigned([partition])
    const question = { topic, partition, currentLeaderEpoch: leader.leaderEpoch, at }
    links.to(leader.node).request({ type: 'list-offsets', partitions: [question] }, (answer) => {
      if (found()) this.#listed(partition, at, typeof answer === 'string' ? undefined : answer.results[0])
    })
  }

  #listed(partition: number, at: ListOffsetsPartition['at'], listed: ListedOffset | undefined): void {
    if (listed?.error !== 'NONE') {
      this.#againLater()
      return
    }
    // No record is that young: the consumer goes to the end.
    if (listed.offset < 0 && at !== 'latest') this.#lookUp(partition, 'latest')
    else this.#seek(partition, listed.offset)
  }

  #seek(partition: number, offset: number): void {
    const { positions, skippedTo } = this.#context
    const loss = this.#lost.get(partition)
    this.#lost.delete(partition)
    positions.seek(partition, offset)
    skippedTo(partition, offset, loss)
    this.#context.changed()
  }

  /** Asks a new leader where the epoch of the last record read ends in its log. */
  #validate(partition: number): void {
    const { links, positions, topic } = this.#context
    const leader = this.#leader(partition)
    if (leader === undefined) return
    const leaderEpoch = positions.get(partition)?.leaderEpoch ?? -1
    const found = this.#whileAssigned([partition])
    const question = { topic, partition, currentLeaderEpoch: leader.leaderEpoch, leaderEpoch }
    links.to(leader.node).request({ type: 'offset-for-leader-epoch', partitions: [question] }, (answer) => {
      if (found()) this.#validated(partition, leader, typeof answer === 'string' ? undefined : answer.results[0])
    })
  }

  #validated(partition: number, { leaderEpoch }: Leader, answer: EpochAnswer | undefined): void {
    const position = this.#context.positions.get(partition)
    if (answer?.error !== 'NONE' || position?.offset === undefined) {
      this.#context.metadata.requestUpdate()
      this.#againLater()
      return
    }
    this.#validIn.set(partition, leaderEpoch)
    const { end } = answer
    if (end !== undefined && end.endOffset < position.offset) {
      this.#lost.set(partition, { type: 'truncated', endOffset: end.endOffset })
    }
    this.#context.changed()
  }

  #leader(partition: number): Leader | undefined {
    const leader = this.#context.metadata.leader(partition)
    if (leader === undefined) this.#context.metadata.requestUpdate()
    return leader
  }

  /** Marks partitions as asked about; what it returns unmarks them and says whether the answer still matters. */
  #whileAssigned(partitions: readonly number[]): () => boolean {
    const generation = this.#generation
    for (const partition of partitions) this.#asking.add(partition)
    return () => {
      if (generation !== this.#generation) return false
      for (const partition of partitions) this.#asking.delete(partition)
      return true
    }
  }

  #againLater(): void {
    const { metadata, process, retryAfter } = this.#context
    metadata.requestUpdate()
    process.setTimer(retryAfter, () => this.#context.changed())
  }
}
