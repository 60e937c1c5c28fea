import type { Waiting } from './call.ts'

/** Clients that wait for keys. Those that wait for one key are served in the order in which they began to. */
export class BlockedClients {
  readonly #waiting = new Map<number, Waiting>()
  readonly #byKey = new Map<string, Set<number>>()

  get clients(): readonly number[] {
    return [...this.#waiting.keys()]
  }

  /** Everybody who waits and what for. */
  get all(): ReadonlyMap<number, Waiting> {
    return this.#waiting
  }

  /** What a client waits for, if it waits. */
  of(client: number): Waiting | undefined {
    return this.#waiting.get(client)
  }

  /** Who waits for a key, the one that has waited longest first. */
  on(key: string): readonly number[] {
    return [...(this.#byKey.get(key) ?? [])]
  }

  /** The client begins to wait; if it waited before, it is the last one now. */
  block(client: number, waiting: Waiting): void {
    this.unblock(client)
    this.#waiting.set(client, waiting)
    for (const key of waiting.keys) {
      const clients = this.#byKey.get(key) ?? new Set()
      this.#byKey.set(key, clients)
      clients.add(client)
    }
  }

  /** Returns whether it waited. */
  unblock(client: number): boolean {
    const waiting = this.#waiting.get(client)
    if (waiting === undefined) return false
    this.#waiting.delete(client)
    for (const key of waiting.keys) {
      const clients = this.#byKey.get(key)
      clients?.delete(client)
      if (clients?.size === 0) this.#byKey.delete(key)
    }
    return true
  }
}
