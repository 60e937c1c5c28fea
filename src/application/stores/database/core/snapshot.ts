/** What a statement sees: the commits up to one, and of its own transaction the statements before. */
export interface Snapshot {
  readonly commits: number
  /** Statements of the transaction from this number on are not seen by it. */
  readonly command: number
  /** The number of the oldest transaction that was running. */
  readonly oldestRunning: number
}
