import type { Micros } from '../../../simulation/duration.ts'
import type { Change, Command, CommandResult } from './command.ts'

interface Entry {
  readonly value: string
  readonly members: ReadonlySet<string>
  readonly until: Micros | undefined
}

/** Keys with their values, sets and times to live: what one server holds in memory. Commands are atomic. Time is passed in. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>()

  /** Executes a command; `change` is what it did, for replicas and logs. */
  execute(command: Command, now: Micros): { readonly result: CommandResult; readonly change: Change | undefined } {
    const entry = this.#living(command.key, now)
    if (command.kind === 'get') return { result: { kind: 'value', value: entry?.value }, change: undefined }
    const change = changeOf(command, entry, now)
    if (change !== undefined) this.apply(change)
    const found = command.kind === 'has' && entry?.members.has(command.member) === true
    return { result: { kind: 'done', done: found || change !== undefined }, change }
  }

  /** Makes a change that was made elsewhere, or before. */
  apply(change: Change): void {
    const { key } = change
    const entry = this.#entries.get(key)
    switch (change.kind) {
      case 'set':
        this.#entries.set(key, { value: change.value, members: new Set(), until: change.until })
        break
      case 'add':
        this.#entries.set(key, { value: '', until: entry?.until, members: new Set(entry?.members).add(change.member) })
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
    return [...this.#entries].flatMap(([key, { value, members, until }]): Change[] => {
      if (members.size === 0) return [{ kind: 'set', key, value, until }]
      const added = [...members].map((member): Change => ({ kind: 'add', key, member }))
      return until === undefined ? added : [...added, { kind: 'expire', key, until }]
    })
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

function changeOf(command: Command, entry: Entry | undefined, now: Micros): Change | undefined {
  const { kind, key } = command
  switch (kind) {
    case 'set':
      if (command.ifAbsent && entry !== undefined) return undefined
      return { kind, key, value: command.value, until: command.lives === undefined ? undefined : now + command.lives }
    case 'add':
      return entry?.members.has(command.member) === true ? undefined : { kind, key, member: command.member }
    case 'expire':
      return entry === undefined ? undefined : { kind, key, until: now + command.lives }
    case 'delete':
      return entry === undefined ? undefined : { kind, key }
    default:
      return undefined
  }
}
