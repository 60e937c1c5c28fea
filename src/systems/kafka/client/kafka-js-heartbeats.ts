import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { GroupMembership } from './group-membership.ts'

/** The heartbeats of kafkajs: one at most in each interval, whoever asks for it. */
export class KafkaJsHeartbeats {
  readonly #process: Process
  readonly #membership: GroupMembership
  readonly #interval: Micros
  #last: Micros

  constructor(process: Process, membership: GroupMembership, interval: Micros) {
    this.#process = process
    this.#membership = membership
    this.#interval = interval
    this.#last = process.now
  }

  /** Sends one, unless the last one was a moment ago. */
  send(done: (error: KafkaError) => void): void {
    if (this.#process.now < this.#last + this.#interval) {
      done('NONE')
      return
    }
    if (!this.#membership.isMember) {
      this.#process.setTimer(0, () => done('UNKNOWN_MEMBER_ID'))
      return
    }
    this.#membership.heartbeat((error) => {
      if (error === 'NONE') this.#last = this.#process.now
      done(error)
    })
  }
}
