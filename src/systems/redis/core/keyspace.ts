import type { Value } from './value.ts'
import { copyOf, memoryOf } from './value.ts'

export interface Key {
  value: Value
  /** The millisecond after which it is gone; undefined for never. */
  readonly expiresAt: number | undefined
  /** Grows with every use of any key. */
  usedAt: number
  /** When it was last measured. */
  bytes: number
}

/** What a server has under its keys. It neither executes commands nor knows the time. */
export class Keyspace {
  readonly #keys = new Map<string, { -readonly [field in keyof Key]: Key[field] }>()
  #uses = 0
  #usedMemory = 0
  /** Undefined once the key that it was of may be gone. */
  #nextExpiry: number | undefined = Infinity

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
    if (this.#nextExpiry !== undefined) return this.#nextExpiry
    let first = Infinity
    for (const { expiresAt } of this.#keys.values()) first = Math.min(first, expiresAt ?? Infinity)
    this.#nextExpiry = first
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
    const usedAt = ++this.#uses
    const key = this.#keys.get(name)
    if (key === undefined) this.#keys.set(name, { value, expiresAt: undefined, usedAt, bytes: 0 })
    else Object.assign(key, { value, usedAt })
    this.setExpiry(name, expiresAt)
  }

  /** The millisecond after which a key is gone; undefined for never. */
  setExpiry(name: string, expiresAt: number | undefined): void {
    const key = this.#keys.get(name)
    if (key === undefined) return
    if (key.expiresAt === this.#nextExpiry) this.#nextExpiry = undefined
    if (this.#nextExpiry !== undefined) this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt ?? Infinity)
    key.expiresAt = expiresAt
  }

  delete(name: string): Key | undefined {
    const key = this.#keys.get(name)
    if (key === undefined) return undefined
    this.#keys.delete(name)
    this.#usedMemory -= key.bytes
    if (key.expiresAt === this.#nextExpiry) this.#nextExpiry = undefined
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
    copy.#nextExpiry = undefined
    return copy
  }
}

/** Bytes beside its name and its value, roughly. */
const keyOverhead = 72
