import { effectApplied, effectSkipped, effectUndone } from '../../../history/facts.ts'
import type { Process } from '../../../simulation/process.ts'
import { effectIn } from '../store.ts'
import type { CommitRecord, WrittenEffect } from './core/commit-record.ts'
import type { LogEntry } from './protocol.ts'

/**
 * Tells of effects as commits become visible, once each, and takes them back where a server takes over, or comes back, without the commit. It stands
 * outside of the servers: what they lose they cannot tell of.
 */
export class EffectAccount {
  readonly #store: string
  /** By the number of the commit: effects that were told of. */
  readonly #told = new Map<number, readonly WrittenEffect[]>()
  /** Numbers of commits that were taken back. */
  readonly #takenBack = new Set<number>()

  constructor(store: string) {
    this.#store = store
  }

  /** The commit is visible from here on. */
  tell(process: Process, { number, record }: LogEntry): void {
    if (this.#told.has(number)) return
    this.#told.set(number, record.effects)
    this.#takenBack.delete(number)
    this.#record(process, record)
  }

  /** A transaction that changed nothing is in no log. */
  tellUnlogged(process: Process, record: CommitRecord): void {
    this.#record(process, record)
  }

  /** A server begins to serve with this log: what else was told of is lost, what is there and was not told of is visible now. */
  begin(process: Process, entries: readonly LogEntry[]): void {
    const there = new Set(entries.map(({ number }) => number))
    this.#undo(
      process,
      [...this.#told.keys()].filter((number) => !there.has(number)),
    )
    for (const entry of entries) this.tell(process, entry)
  }

  /** A server copied these from another one: what a server without them had taken back, while both served, is there after all. */
  found(process: Process, entries: readonly LogEntry[]): void {
    for (const entry of entries) if (this.#takenBack.has(entry.number)) this.tell(process, entry)
  }

  /** A server drops these commits to follow another one. */
  drop(process: Process, entries: readonly LogEntry[]): void {
    this.#undo(
      process,
      entries.map(({ number }) => number),
    )
  }

  #undo(process: Process, numbers: readonly number[]): void {
    for (const number of numbers) {
      for (const { effect: lost, applied } of this.#told.get(number) ?? []) {
        const { message, operation, effect, service } = lost
        if (applied) process.record(effectUndone, { message, operation, effect, service, store: this.#store })
      }
      if (this.#told.delete(number)) this.#takenBack.add(number)
    }
  }

  #record(process: Process, { effects }: CommitRecord): void {
    for (const { effect: written, applied } of effects) {
      if (applied) process.record(effectApplied, effectIn(this.#store, written))
      else {
        const { message, operation, effect, service, attempt } = written
        const reason = `no row of ${this.#store} was changed`
        process.record(effectSkipped, { message, operation, effect, service, attempt, reason })
      }
    }
  }
}
