import { shardEndRefused } from '../facts.ts'
import type { NewLease, ShardDescription } from '../protocol.ts'
import type { ShardConsumerParts } from './shard-consumer.ts'

/** What is done when a closed shard is read to its end: leases for the shards that follow, and the last checkpoint. */
export class ShardEnd {
  readonly #parts: Pick<ShardConsumerParts, 'context' | 'coordinator' | 'lease' | 'finished'>
  #children: readonly ShardDescription[] | undefined
  #isEnding = false

  constructor(parts: Pick<ShardConsumerParts, 'context' | 'coordinator' | 'lease' | 'finished'>) {
    this.#parts = parts
  }

  reached(children: readonly ShardDescription[]): void {
    this.#children = children
  }

  /** The application is done with all records: ends the shard if its end is reached. */
  whenDone(isOver: () => boolean): void {
    if (this.#children === undefined || this.#isEnding || isOver()) return
    this.#isEnding = true
    const children = this.#children
    this.#whenParentsAreKnown(children, isOver, () => {
      const leases = children.map(({ shard, parents }): NewLease => {
        return { shard, parents, checkpoint: { type: 'TRIM_HORIZON' } }
      })
      this.#parts.coordinator.create(leases, (isDone) => {
        if (isOver()) return
        if (isDone) this.#checkpoint(isOver)
        else this.#again(isOver)
      })
    })
  }

  /**
   * A parent without a lease blocks nobody. So that the other parent of a merge is not overlooked, whose lease may be still to come, the lease of the
   * child is made only when both have one, or neither.
   */
  #whenParentsAreKnown(children: readonly ShardDescription[], isOver: () => boolean, then: () => void): void {
    const [merged, ...others] = children
    if (merged === undefined || others.length > 0) {
      then()
      return
    }
    this.#parts.coordinator.look((leases) => {
      if (isOver()) return
      const known = merged.parents.filter((parent) => leases?.some(({ shard }) => shard === parent))
      if (leases !== undefined && (known.length === 0 || known.length === merged.parents.length)) then()
      else this.#again(isOver)
    })
  }

  #checkpoint(isOver: () => boolean): void {
    const { context, coordinator, lease, finished } = this.#parts
    const { process, group, placeOf, settings } = context
    if (!settings['checkpoint-at-shard-end']) {
      // It is told again each taskBackoffTimeMillis, which changes nothing.
      process.record(shardEndRefused, { group, partition: placeOf(lease.shard) })
      return
    }
    coordinator.checkpoint(lease, { type: 'SHARD_END' }, (outcome) => {
      if (outcome === 'acknowledged') finished()
      // Also where it was refused: a lease that could not be renewed for too long may be renewed after all.
      else if (!isOver()) this.#again(isOver)
    })
  }

  #again(isOver: () => boolean): void {
    const { process, settings } = this.#parts.context
    process.setTimer(settings.taskBackoffTimeMillis, () => {
      this.#isEnding = false
      this.whenDone(isOver)
    })
  }
}
