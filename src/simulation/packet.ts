import type { Micros } from './duration.ts'
import type { LinkStream } from './link.ts'

/**
 * `handshake` completes the opening, `data` carries a message. `closed` and `reset` are the last of their direction: the sender will send no
 * more, or its process is gone.
 */
export type PacketKind = 'handshake' | 'data' | 'closed' | 'reset'

/** Something on its way over a connection. */
export interface Packet {
  /** Counts the packets of a run; the facts about a packet share it. */
  readonly number: number
  readonly kind: PacketKind
  readonly message: unknown
  readonly bytes: number
  /** What it is, for people: `produce`, `heartbeat`. */
  readonly about: string
  readonly cause: number
  /** The number of the lull in which it was sent. */
  readonly lull: number
  /** Its place in its stream, which keys its draws. */
  readonly place: number
  /** One-way latency that it drew; kept for every attempt. */
  readonly latency: Micros
  /** When it left its host; Infinity while it waits for the connection to open. */
  departure: Micros
  arrival: Micros
  /** How often it was sent in vain. */
  attempts: number
  /** It left into a cut: it will not arrive at `arrival`, but be sent again. */
  doomed: boolean
}

/** A packet that has not left yet. A handshake draws from a name of its own, so that the first data has the first draw. */
export function packetOf(
  number: number,
  kind: PacketKind,
  message: unknown,
  bytes: number,
  about: string,
  cause: number,
  lull: number,
  stream: LinkStream,
): Packet {
  const first = kind === 'handshake'
  return {
    number,
    kind,
    message,
    bytes,
    about,
    cause,
    lull,
    place: first ? -1 : stream.nextPacket(),
    latency: first ? stream.drawLatencyOf('handshake') : stream.drawLatency(),
    departure: Infinity,
    arrival: 0,
    attempts: 0,
    doomed: false,
  }
}
