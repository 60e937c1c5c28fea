import type { Micros } from '../../../simulation/duration.ts'
import type { Change, Command, CommandResult } from './command.ts'
import { findCommand } from './commands/registry.ts'
import type { Data } from './data.ts'
import type { Reply } from './reply.ts'
import { CommandError } from './reply.ts'

interface Entry {
  readonly data: Data
  readonly until: Micros | undefined
}

/** Keys with their values and times to live: what one server holds in memory. Commands are atomic. Time is passed in. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>()
  /** How often each key was changed. */
  readonly #versions = new Map<string, number>()

  /** Executes a command; `change` is what it did, for replicas and logs. */
  execute(command: Command, now: Micros): { readonly result: CommandResult; readonly change: Change | undefined } {
    const entry = this.#living(command.key, now)
    if (command.kind === 'get') {
      const value = entry?.data.type === 'string' ? entry.data.value : undefined
      return { result: { kind: 'value', value }, change: undefined }
    }
    const change = changeOf(command, entry, now)
    if (change !== undefined) this.apply(change)
    const found = command.kind === 'has' && membersOf(entry).has(command.member)
    return { result: { kind: 'done', done: found || change !== undefined }, change }
  }

  /** Executes a command that is written as in the protocol: its name, and its arguments. */
  call(words: readonly string[], now: Micros): { readonly reply: Reply; readonly changes: readonly Change[] } {
    const changes: Change[] = []
    const [name = '', ...given] = words
    const made = (change: Change): void => {
      this.apply(change)
      changes.push(change)
    }
    try {
      const reply = findCommand(name, given).run(given, {
        now,
        read: (key) => this.#living(key, now)?.data,
        untilOf: (key) => this.#living(key, now)?.until,
        write: (key, data, until) =>
          made(data === undefined ? { kind: 'delete', key } : { kind: 'put', key, data, until }),
      })
      return { reply, changes }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      return { reply: error.reply, changes }
    }
  }

  /** Grows with every change of the key. */
  versionOf(key: string, now: Micros): number {
    this.#living(key, now)
    return this.#versions.get(key) ?? 0
  }

  /** Makes a change that was made elsewhere, or before. */
  apply(change: Change): void {
    const { key } = change
    const entry = this.#entries.get(key)
    this.#versions.set(key, (this.#versions.get(key) ?? 0) + 1)
    switch (change.kind) {
      case 'set':
        this.#entries.set(key, { data: { type: 'string', value: change.value }, until: change.until })
        break
      case 'put':
        this.#entries.set(key, { data: change.data, until: change.until })
        break
      case 'add':
        this.#entries.set(key, {
          data: { type: 'set', members: new Set(membersOf(entry)).add(change.member) },
          until: entry?.until,
        })
        break
      case 'expire':
        if (entry !== undefined) this.#entries.set(key, { ...entry, until: change.until })
        break
      case 'delete':
        this.#entries.delete(key)
    }
  }

  /** All that is there, as the changes that would make it. */
  snapshot(): readonly Change[] {
    return [...this.#entries].map(([key, { data, until }]): Change => ({ kind: 'put', key, data, until }))
  }

  clear(): void {
    this.#entries.clear()
  }

  /** The entry, unless its time is over; then it is forgotten as a whole. */
  #living(key: string, now: Micros): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.until === undefined || entry.until > now) return entry
    this.#entries.delete(key)
    return undefined
  }
}

function membersOf(entry: Entry | undefined): ReadonlySet<string> {
  return entry?.data.type === 'set' ? entry.data.members : new Set()
}

function changeOf(command: Command, entry: Entry | undefined, now: Micros): Change | undefined {
  const { kind, key } = command
  switch (kind) {
    case 'set':
      if (command.ifAbsent && entry !== undefined) return undefined
      return { kind, key, value: command.value, until: command.lives === undefined ? undefined : now + command.lives }
    case 'add':
      return membersOf(entry).has(command.member) ? undefined : { kind, key, member: command.member }
    case 'expire':
      return entry === undefined ? undefined : { kind, key, until: now + command.lives }
    case 'delete':
      return entry === undefined ? undefined : { kind, key }
    default:
      return undefined
  }
}
