import type { Command } from './command.ts'

/** What a client has said of a transaction: the keys it watches, and after `MULTI` the commands. https://redis.io/docs/latest/develop/interact/transactions/ */
export class Transaction {
  /** Commands to be executed together; undefined before `MULTI`. */
  queued: Command[] | undefined
  /** A command could not be queued, so none will be executed. */
  isBroken = false
  /** A watched key has changed. */
  isTouched = false
  /** The keys that are watched, and whether their time was over already. */
  readonly watched = new Map<string, boolean>()

  unwatch(): void {
    this.watched.clear()
    this.isTouched = false
  }

  /** It is over, one way or the other. */
  end(): void {
    this.queued = undefined
    this.isBroken = false
    this.unwatch()
  }
}
