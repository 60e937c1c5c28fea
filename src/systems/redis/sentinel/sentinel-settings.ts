import type { Micros } from '../../../simulation/duration.ts'

export interface SentinelSettings {
  readonly servers: readonly string[]
  /** All of them, this one too. */
  readonly sentinels: readonly string[]
  readonly quorum: number
  readonly downAfter: Micros
  readonly failoverTimeout: Micros
}
