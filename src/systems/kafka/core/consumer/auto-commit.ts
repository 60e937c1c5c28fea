/**
 * Auto-commit of the Java client. The timer is looked at inside `poll`, before records are returned: what is committed
 * are the positions after the *previous* poll. Nothing knows whether the application has dealt with those records; it
 * has, if it finishes each poll's records before the next one. Times are microseconds.
 */
export class AutoCommit {
  private readonly interval: number
  private readonly retryBackoff: number
  private nextAt: number

  /** `interval`: `auto.commit.interval.ms`; `retryBackoff`: `retry.backoff.ms`. */
  constructor(interval: number, retryBackoff: number, now: number) {
    this.interval = interval
    this.retryBackoff = retryBackoff
    this.nextAt = now + interval
  }

  get dueAt(): number {
    return this.nextAt
  }

  /**
   * Called by `poll` before it returns anything: `true` when the positions of now are to be committed, and an interval
   * begins; `false` while it is too early. They are committed at `close` and before partitions are revoked too,
   * whatever the timer says.
   */
  takeTurn(now: number): boolean {
    if (now < this.nextAt) return false
    this.nextAt = now + this.interval
    return true
  }

  /**
   * The timer was due at `due`, and there was nothing to commit: whoever waits in `poll` has looked at it in its rhythm all the while, whether
   * or not that took part in the run.
   */
  passed(due: number, now: number): void {
    this.nextAt = now - ((now - due) % this.interval) + this.interval
  }

  /** A commit failed retriably: the next poll after the back-off tries again, with the positions of then. */
  failed(now: number): void {
    this.nextAt = now + this.retryBackoff
  }
}
