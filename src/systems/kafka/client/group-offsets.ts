import type { KafkaError } from '../core/error-table.ts'
import { isRetriable } from '../core/error-table.ts'
import type { OffsetToCommit } from '../protocol.ts'
import { errorOf } from './coordinator-connection.ts'
import type { GroupMembership } from './group-membership.ts'

/** `refused`: the group has gone on without this member. `retriable`: nobody said yes or no. */
export type CommitResult = 'committed' | 'refused' | 'retriable'

/** Where a group stands in its partitions, as a member asks its coordinator for it and tells it. */
export class GroupOffsets {
  readonly #membership: GroupMembership

  constructor(membership: GroupMembership) {
    this.#membership = membership
  }

  /** One attempt to store offsets; `error` is what the coordinator said. */
  commit(offsets: readonly OffsetToCommit[], done: (result: CommitResult, error: KafkaError) => void): void {
    const { process, settings, coordinator, stable, generation, memberId } = this.#membership
    if (!stable) {
      process.setTimer(0, () => done('refused', 'REBALANCE_IN_PROGRESS'))
      return
    }
    if (!coordinator.known) {
      coordinator.lookUp()
      process.setTimer(0, () => done('retriable', 'COORDINATOR_NOT_AVAILABLE'))
      return
    }
    coordinator.ask({ type: 'offset-commit', group: settings.group, memberId, generation, offsets }, (answer) => {
      const error = errorOf(answer)
      if (error === 'REQUEST_TIMED_OUT') coordinator.lose()
      else if (generation === this.#membership.generation) this.#membership.afterError(error)
      if (error === 'NONE') done('committed', error)
      else done(isRetriable(error) ? 'retriable' : 'refused', error)
    })
  }

  /** Asks for the group's offsets; `undefined` when there is no answer yet. */
  committed(partitions: readonly number[], done: (offsets: readonly OffsetToCommit[] | undefined) => void): void {
    const { process, settings, coordinator } = this.#membership
    const { group, topic, retryBackoff } = settings
    const nothingYet = (): unknown => process.setTimer(retryBackoff.initial, () => done(undefined))
    if (!coordinator.known) {
      coordinator.lookUp()
      nothingYet()
      return
    }
    const named = partitions.map((partition) => ({ topic, partition }))
    coordinator.ask({ type: 'offset-fetch', group, partitions: named }, (answer) => {
      this.#membership.afterError(errorOf(answer))
      if (typeof answer !== 'string' && answer.error === 'NONE') done(answer.offsets)
      else nothingYet()
    })
  }
}
