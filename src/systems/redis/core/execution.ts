import type { Command } from './command.ts'
import type { Event } from './event.ts'
import type { Reply } from './reply.ts'

/** Something for the output buffer of a client: an answer, or a message that it is subscribed to. */
export interface Answer {
  readonly client: number
  readonly reply: Reply
}

/**
 * What goes to the append-only file and to the replicas: the concrete commands, not the ones that were asked for. Those of one propagation
 * belong together: with several of them Redis writes `MULTI` and `EXEC` around them, and a torn one is dropped as a whole.
 */
export interface Propagation {
  readonly commands: readonly Command[]
  /** Published messages go to the replicas alone. */
  readonly to: 'file-and-replicas' | 'replicas'
  /** As it is written on the wire. */
  readonly bytes: number
}

/** Everything that a command did, blocked clients that it served included. */
export interface Execution {
  /** In the order in which they are queued. A client that had to wait is not among them. */
  readonly answers: readonly Answer[]
  readonly propagations: readonly Propagation[]
  /** For the record. */
  readonly events: readonly Event[]
  /** Set if the client waits now: for so many milliseconds, Infinity for ever. */
  readonly waits: number | undefined
}
