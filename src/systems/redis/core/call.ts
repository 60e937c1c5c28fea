import type { Command } from './command.ts'
import { wrongType } from './errors.ts'
import type { Event } from './event.ts'
import type { Key, Keyspace } from './keyspace.ts'
import type { IdLimits } from './producer-ids.ts'
import type { ErrorReply, Reply } from './reply.ts'
import type { NodeLimits } from './stream.ts'
import type { Value } from './value.ts'
import { payloadsIn } from './value.ts'
import type { Version } from './version.ts'

/** What a command comes to: an answer, or the client waits until the command can be executed. */
export type Outcome = Reply | Waiting

export interface Waiting {
  readonly type: 'waits'
  /** The command without what was meant at the time when it came, such as `$`. */
  readonly command: Command
  /** In this order. */
  readonly keys: readonly string[]
  /** Milliseconds; Infinity for ever. */
  readonly timeout: number
}

/** Where a command comes from. The master and the append-only file decide for themselves what has expired. */
export type Origin = 'client' | 'client of a replica' | 'master'

export interface CallSettings {
  readonly version: Version
  readonly nodeLimits: NodeLimits
  readonly idLimits: IdLimits
}

/** One command while it is executed, with those of its transaction or script: what it finds, what it changes and what it leaves behind. */
export class Call {
  readonly keys: Keyspace
  readonly settings: CallSettings
  readonly origin: Origin
  /** Milliseconds; it does not pass while a command is executed. */
  readonly now: number
  /** Not within a transaction or a script: there a command that would wait is told at once that there is nothing. */
  mayWait = true
  readonly events: Event[] = []
  /** For the append-only file and the replicas. */
  readonly propagated: Command[] = []
  /** For the replicas alone. */
  readonly published: Command[] = []
  /** Keys that somebody who waits may want to look at, in this order. */
  readonly ready = new Set<string>()
  readonly changed = new Set<string>()
  /** Every key that was looked at. */
  readonly used = new Set<string>()

  constructor(keys: Keyspace, settings: CallSettings, origin: Origin, now: number) {
    this.keys = keys
    this.settings = settings
    this.origin = origin
    this.now = now
  }

  get version(): Version {
    return this.settings.version
  }

  /** The value under a key, of this type; an error if it has another. */
  find<T extends Value['type']>(name: string, type: T): (Value & { readonly type: T }) | ErrorReply | undefined {
    const value = this.key(name)?.value
    if (value === undefined) return undefined
    return isOf(value, type) ? value : wrongType
  }

  /** The key, unless its time is over: on a master it is gone then. */
  key(name: string): Key | undefined {
    this.used.add(name)
    const key = this.keys.use(name)
    if (key?.expiresAt === undefined || this.origin === 'master' || this.now <= key.expiresAt) return key
    if (this.origin === 'client') this.expire(name)
    return undefined
  }

  expire(name: string): void {
    this.remove(name, 'expired')
    this.propagate({ type: 'DEL', keys: [name] })
  }

  put(name: string, value: Value, expiresAt?: number): void {
    const before = this.keys.get(name)
    if (before !== undefined) this.#gone(name, before.value, 'overwritten')
    this.keys.set(name, value, expiresAt)
    this.touch(name)
  }

  remove(name: string, reason: 'deleted' | 'expired' | 'evicted' | 'emptied'): boolean {
    const key = this.keys.delete(name)
    if (key === undefined) return false
    this.#gone(name, key.value, reason)
    this.touch(name)
    return true
  }

  /** The key has changed: whoever watches it cannot go on. */
  touch(name: string): void {
    this.changed.add(name)
    this.used.add(name)
  }

  emit(event: Event): void {
    this.events.push(event)
  }

  /** Writes a command to the append-only file and to the replicas. */
  propagate(command: Command): void {
    this.propagated.push(command)
  }

  #gone(name: string, value: Value, reason: 'deleted' | 'expired' | 'evicted' | 'emptied' | 'overwritten'): void {
    // Those who wait for a group of the stream are told.
    if (value.type === 'stream') this.ready.add(name)
    if (reason === 'emptied') return
    const payloads = payloadsIn(value)
    if (reason !== 'overwritten' || payloads.length > 0) this.emit({ kind: 'key-gone', key: name, reason, payloads })
  }
}

function isOf<T extends Value['type']>(value: Value, type: T): value is Value & { readonly type: T } {
  return value.type === type
}
