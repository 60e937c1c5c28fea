import type { Micros } from './duration.ts'

/** A message on its way over a connection. */
export interface Packet {
  /** Counts the packets of a run; the facts about a packet share it. */
  readonly number: number
  readonly message: unknown
  readonly bytes: number
  /** What it is, for people: `produce`, `heartbeat`. */
  readonly about: string
  /** The last packet of its direction says that the sender will send no more, or that it is gone. */
  readonly ends: 'closed' | 'reset' | undefined
  readonly cause: number
  /** One-way latency that it drew; kept for every attempt. */
  readonly latency: Micros
  readonly sentAt: Micros
  arrival: Micros
  attempts: number
  /** Left into a cut or was lost on the way: will not arrive at `arrival`, but be sent again. */
  doomed: boolean
}
