import type { Value } from './value.ts'
import { copyOf, memoryOf } from './value.ts'

export interface Key {
  value: Value
  /** The millisecond after which it is gone; undefined for never. */
  expiresAt: number | undefined
  /** Grows with every use of any key. */
  usedAt: number
  /** When it was last measured. */
  bytes: number
}

/** What a server has under its keys. It neither executes commands nor knows the time. */
export class Keyspace {
  readonly #keys = new Map<string, Key>()
  #uses = 0
  #usedMemory = 0

  get size(): number {
    return this.#keys.size
  }

  /** Of the keys as they were last measured, bytes. */
  get usedMemory(): number {
    return this.#usedMemory
  }

  get names(): readonly string[] {
    return [...this.#keys.keys()]
  }

  get entries(): ReadonlyMap<string, Readonly<Key>> {
    return this.#keys
  }

  /** When the first key expires, milliseconds; Infinity for never. */
  get nextExpiry(): number {
    let first = Infinity
    for (const { expiresAt } of this.#keys.values()) first = Math.min(first, expiresAt ?? Infinity)
    return first
  }

  /** Whether a key is there still though its time is over. */
  isExpired(name: string, now: number): boolean {
    const expiresAt = this.#keys.get(name)?.expiresAt
    return expiresAt !== undefined && now > expiresAt
  }

  get(name: string): Key | undefined {
    return this.#keys.get(name)
  }

  use(name: string): Key | undefined {
    const key = this.#keys.get(name)
    if (key !== undefined) key.usedAt = ++this.#uses
    return key
  }

  set(name: string, value: Value, expiresAt: number | undefined): void {
    const key = this.#keys.get(name)
    if (key === undefined) this.#keys.set(name, { value, expiresAt, usedAt: ++this.#uses, bytes: 0 })
    else Object.assign(key, { value, expiresAt, usedAt: ++this.#uses })
  }

  delete(name: string): Key | undefined {
    const key = this.#keys.get(name)
    if (key === undefined) return undefined
    this.#keys.delete(name)
    this.#usedMemory -= key.bytes
    return key
  }

  /** Measures a key anew after it has changed. */
  measure(name: string): void {
    const key = this.#keys.get(name)
    if (key === undefined) return
    const bytes = name.length + keyOverhead + memoryOf(key.value)
    this.#usedMemory += bytes - key.bytes
    key.bytes = bytes
  }

  copy(): Keyspace {
    const copy = new Keyspace()
    for (const [name, key] of this.#keys) copy.#keys.set(name, { ...key, value: copyOf(key.value) })
    copy.#uses = this.#uses
    copy.#usedMemory = this.#usedMemory
    return copy
  }
}

/** Bytes beside its name and its value, roughly. */
const keyOverhead = 72
