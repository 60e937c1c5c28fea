import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Command } from '../core/command.ts'
import { waitedInVain } from '../facts.ts'
import type { Request } from '../protocol.ts'
import type { ClientLink } from './client-link.ts'
import type { RedisServer } from './redis-server.ts'
import type { ReplicationHistory } from './replication-history.ts'

type Psync = Extract<Request, { type: 'PSYNC' }>
type Acknowledgement = Extract<Request, { type: 'ACK' }>

interface Replica {
  isOnline: boolean
  acknowledged: number
  synced: number
  heardAt: Micros
  restsSince: Micros | undefined
}

interface Waiting {
  readonly link: ClientLink
  readonly offset: number
  readonly replicas: number
  readonly local: number
  /** It waits for disks: a replica counts that has the write on its own. */
  readonly forDisks: boolean
  readonly timer: Timer
}

interface WaitRequest {
  readonly replicas: number
  readonly local: number
  readonly forDisks: boolean
  readonly timeout: Micros
}

const acknowledgeEvery = second
const pingBytes = 14

/** What a server does for those who follow it: it sends them every write, hears how far they are, and knows who of them is well. */
export class ReplicaFeed {
  readonly #server: RedisServer
  readonly #history: ReplicationHistory
  readonly #replicas = new Map<ClientLink, Replica>()
  readonly #waiting = new Set<Waiting>()
  #syncTimer: Timer | undefined
  #pingTimer: Timer | undefined
  #inLull = false
  /** What the own disk has, for `WAITAOF`. */
  #ownSynced = 0

  constructor(server: RedisServer, history: ReplicationHistory) {
    this.#server = server
    this.#history = history
  }

  /** A replica asks for what follows its place in a history. */
  attach(link: ClientLink, { history, offset }: Psync): void {
    const { process, settings } = this.#server
    link.kind = 'replica'
    const records = this.#history.after(history, offset)
    this.#history.beginBacklog()
    const replica: Replica = {
      isOnline: records !== undefined,
      acknowledged: offset,
      synced: 0,
      heardAt: process.now,
      restsSince: undefined,
    }
    this.#replicas.set(link, replica)
    this.#planPing()
    if (records === undefined) {
      if (this.#syncTimer === undefined)
        this.#syncTimer = process.setTimer(settings.values['repl-diskless-sync-delay'], () => this.#syncAll())
      return
    }
    this.#server.send(link, { type: 'CONTINUE', history: this.#history.id, offset })
    for (const { commands, from, to } of records)
      this.#server.send(link, { type: 'STREAM', commands, bytes: to - from, offset: to, getAck: false })
  }

  detach(link: ClientLink): void {
    this.#replicas.delete(link)
    for (const waiting of this.#waiting) if (waiting.link === link) this.#forget(waiting)
  }

  /** Sends what was written to every replica. */
  feed(commands: readonly Command[], bytes: number, getAck = false): void {
    const offset = this.#history.add(commands, bytes)
    for (const [link, { isOnline }] of this.#replicas)
      if (isOnline) this.#server.send(link, { type: 'STREAM', commands, bytes, offset, getAck })
  }

  acknowledged(link: ClientLink, { offset, synced, rests }: Acknowledgement): void {
    const replica = this.#replicas.get(link)
    if (replica === undefined) return
    const { process } = this.#server
    Object.assign(replica, { acknowledged: offset, synced, heardAt: process.now })
    replica.restsSince = rests ? process.now : undefined
    if (rests && !this.#inLull) {
      this.#inLull = true
      process.beginLull(() => this.#wake())
    }
    this.#lookAtWaiting()
  }

  /** The own file is on the disk up to there. */
  synced(offset: number): void {
    this.#ownSynced = offset
    this.#lookAtWaiting()
  }

  /** How many replicas were heard of within `lag`. */
  countWithin(lag: Micros): number {
    const { now } = this.#server.process
    return [...this.#replicas.values()].filter(
      ({ isOnline, heardAt, restsSince }) => isOnline && (restsSince !== undefined || now - heardAt <= lag),
    ).length
  }

  /** `WAIT` and `WAITAOF`: answers when so many have the last write of the client, or when the time is over. */
  wait(link: ClientLink, { replicas, local, forDisks, timeout }: WaitRequest): void {
    const { process } = this.#server
    link.isBlocked = true
    const over = (): void => {
      process.record(waitedInVain, { client: link.name, acknowledged: this.#countAt(waiting) })
      this.#answer(waiting)
    }
    const timer = process.setTimer(timeout, over)
    const waiting: Waiting = { link, offset: link.lastOffset, replicas, local, forDisks, timer }
    this.#waiting.add(waiting)
    this.#lookAtWaiting()
    if (this.#waiting.has(waiting) && replicas > 0) this.feed([{ type: 'PING' }], 0, true)
  }

  /** Whether every replica that is there has everything. */
  get isEven(): boolean {
    return [...this.#replicas.values()].every(({ acknowledged }) => acknowledged >= this.#history.offset)
  }

  get links(): readonly ClientLink[] {
    return [...this.#replicas.keys()]
  }

  #countAt({ offset, forDisks }: Waiting): number {
    return [...this.#replicas.values()].filter(
      ({ isOnline, acknowledged, synced }) => isOnline && (forDisks ? synced : acknowledged) >= offset,
    ).length
  }

  #lookAtWaiting(): void {
    for (const waiting of [...this.#waiting]) {
      const hasLocal = waiting.local === 0 || this.#ownSynced >= waiting.offset
      if (hasLocal && this.#countAt(waiting) >= waiting.replicas) this.#answer(waiting)
    }
  }

  #answer(waiting: Waiting): void {
    this.#forget(waiting)
    const count = this.#countAt(waiting)
    const local = this.#ownSynced >= waiting.offset ? 1 : 0
    this.#server.unblock(
      waiting.link,
      waiting.local > 0 ? { type: 'integers', values: [local, count] } : { type: 'integer', value: count },
    )
  }

  #forget(waiting: Waiting): void {
    waiting.timer.clear()
    this.#waiting.delete(waiting)
  }

  /** One copy for all who wait for one. */
  #syncAll(): void {
    this.#syncTimer = undefined
    const snapshot = this.#server.core.snapshot()
    const { id: history, offset } = this.#history
    for (const [link, replica] of this.#replicas) {
      if (replica.isOnline) continue
      replica.isOnline = true
      this.#server.send(link, { type: 'FULLRESYNC', history, offset, snapshot })
    }
    this.#server.endIteration()
  }

  /** Replicas hear from their master from time to time, and it ends the connection of those that it does not hear from. */
  #planPing(): void {
    const { process, settings } = this.#server
    if (this.#replicas.size === 0 || this.#pingTimer !== undefined) return
    this.#pingTimer = process.setTimer(settings.values['repl-ping-replica-period'], () => {
      this.#pingTimer = undefined
      if (this.#replicas.size === 0) return
      if ([...this.#replicas.values()].every(({ restsSince }) => restsSince !== undefined)) return
      this.#dropSilent()
      this.feed([{ type: 'PING' }], pingBytes)
      this.#server.endIteration()
      this.#planPing()
    })
  }

  #dropSilent(): void {
    const { process, settings } = this.#server
    for (const [link, { heardAt, restsSince }] of this.#replicas) {
      if (restsSince !== undefined || process.now - heardAt <= settings.values['repl-timeout']) continue
      this.#server.end(link)
    }
  }

  #wake(): void {
    this.#inLull = false
    for (const replica of this.#replicas.values()) {
      if (replica.restsSince === undefined) continue
      replica.heardAt = lastOf(replica.restsSince, acknowledgeEvery, this.#server.process.now)
      replica.restsSince = undefined
    }
    this.#planPing()
  }
}
