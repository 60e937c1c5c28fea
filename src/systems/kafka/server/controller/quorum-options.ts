import type { Micros } from '../../../../simulation/duration.ts'

export interface QuorumOptions {
  /** Number of this controller. */
  readonly self: number
  /** Nodes of all voters by number, this one included. */
  readonly voters: ReadonlyMap<number, string>
  /** `controller.quorum.election.timeout.ms` in µs. */
  readonly electionTimeout: Micros
  /** `controller.quorum.fetch.timeout.ms` in µs. */
  readonly fetchTimeout: Micros
}

export interface QuorumEvents {
  /** Leads the quorum now and has every committed entry; what is not committed of them will be. */
  lead(epoch: number): void
  /** Leads no more: what was appended and not committed may be lost. */
  resign(): void
  /** Entries up to here are committed. */
  committed(endOffset: number): void
}
