import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Change } from './command.ts'
import type { ReplicationMessage } from './protocol.ts'

/** Pause before a lost connection between the servers is opened again, µs. */
const pause = second

type Peer = Connection<ReplicationMessage>

interface Snapshot {
  readonly changes: readonly Change[]
  readonly epoch: number
  readonly isPrimary: boolean
}

/** Those who follow a primary: each gets a snapshot, and then every change, in order. */
export class Followers {
  readonly #process: Process
  readonly #downAfter: Micros
  readonly #peers = new Set<Peer>()
  readonly #waiting = new Map<number, () => void>()
  #changes = 0

  constructor(process: Process, downAfter: Micros) {
    this.#process = process
    this.#downAfter = downAfter
  }

  listen(snapshot: () => Snapshot, claimed: (epoch: number) => void): void {
    this.#process.listen<ReplicationMessage, ReplicationMessage>('replication', (peer) => ({
      received: (message) => {
        if (message.kind === 'claim') claimed(message.epoch)
        if (message.kind === 'has') this.#has(message.number)
        if (message.kind === 'follow') this.#admit(peer, snapshot())
      },
      closed: () => this.#peers.delete(peer),
    }))
  }

  send(change: Change, tell = false): void {
    const number = ++this.#changes
    for (const peer of this.#peers) peer.send({ kind: 'change', change, number, tell }, { bytes: 64, about: 'change' })
  }

  /** Calls `done` when a follower has the change, or after `patience`; that it came to nothing is not told. */
  sendAndWait(change: Change, patience: Micros, done: () => void): void {
    this.send(change, true)
    const number = this.#changes
    const timer = this.#process.setTimer(patience, () => this.#has(number))
    this.#waiting.set(number, () => {
      timer.clear()
      done()
    })
  }

  /** Tells the former primary, whenever it is there and for as long as it is so, that there is a newer one. */
  claim(peer: string, epoch: number, isSo: () => boolean): void {
    if (!isSo()) return
    const again = (): void => {
      this.#process.setTimer(pause, () => this.claim(peer, epoch, isSo))
    }
    const connection = this.#process.connect<ReplicationMessage, ReplicationMessage>(
      peer,
      'replication',
      { received: () => {}, closed: again },
      { connectTimeout: this.#downAfter },
    )
    connection.send({ kind: 'claim', epoch }, { bytes: 32, about: 'claim' })
  }

  #admit(peer: Peer, { isPrimary, changes, epoch }: Snapshot): void {
    if (!isPrimary) return peer.close()
    this.#peers.add(peer)
    peer.send({ kind: 'snapshot', changes, epoch }, { bytes: 64 * (changes.length + 1), about: 'snapshot' })
    this.#ping(peer)
  }

  #ping(peer: Peer): void {
    this.#process.setTimer(Math.floor(this.#downAfter / 3), () => {
      if (!this.#peers.has(peer)) return
      peer.send({ kind: 'ping' }, { bytes: 16, about: 'ping' })
      this.#ping(peer)
    })
  }

  #has(number: number): void {
    for (const [waitingFor, done] of [...this.#waiting]) {
      if (waitingFor > number) continue
      this.#waiting.delete(waitingFor)
      done()
    }
  }
}

/** What a replica does about what it hears, and about silence. */
interface FollowingHandler {
  snapshot(changes: readonly Change[], epoch: number): void
  change(change: Change): void
  /** Nothing was heard for too long; following is over. */
  silent(): void
}

/** A replica's side: follows the primary until that has been silent for too long. */
export class Following {
  readonly #process: Process
  readonly #primary: string
  readonly #downAfter: Micros
  readonly #handler: FollowingHandler
  #silence: Timer
  #stopped = false

  constructor(process: Process, primary: string, downAfter: Micros, handler: FollowingHandler) {
    this.#process = process
    this.#primary = primary
    this.#downAfter = downAfter
    this.#handler = handler
    this.#silence = this.#watch()
    this.#connect()
  }

  stop(): void {
    this.#stopped = true
    this.#silence.clear()
  }

  #connect(): void {
    if (this.#stopped) return
    const connection: Peer = this.#process.connect<ReplicationMessage, ReplicationMessage>(
      this.#primary,
      'replication',
      {
        received: (message) => this.#hear(connection, message),
        closed: () => {
          if (!this.#stopped) this.#process.setTimer(pause, () => this.#connect())
        },
      },
      { connectTimeout: this.#downAfter },
    )
    connection.send({ kind: 'follow' }, { bytes: 16, about: 'follow' })
  }

  #hear(connection: Peer, message: ReplicationMessage): void {
    if (this.#stopped) return
    this.#silence.clear()
    this.#silence = this.#watch()
    if (message.kind === 'snapshot') this.#handler.snapshot(message.changes, message.epoch)
    if (message.kind !== 'change') return
    this.#handler.change(message.change)
    if (message.tell) connection.send({ kind: 'has', number: message.number }, { bytes: 16, about: 'has' })
  }

  #watch(): Timer {
    return this.#process.setTimer(
      this.#downAfter,
      () => {
        this.stop()
        this.#handler.silent()
      },
      this.#primary,
    )
  }
}
