import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'

interface Preference {
  readonly node: string
  readonly until: Micros
}

/** The replicas nearby that leaders sent a consumer to (KIP-392), by partition. One is believed as long as metadata is. */
export class PreferredReplicas {
  readonly #process: Process
  readonly #maxAge: Micros
  readonly #preferences = new Map<number, Preference>()

  /** `maxAge`: `metadata.max.age.ms`, µs. */
  constructor(process: Process, maxAge: Micros) {
    this.#process = process
    this.#maxAge = maxAge
  }

  /** The node to read the partition from; nothing for its leader. */
  of(partition: number): string | undefined {
    const preference = this.#preferences.get(partition)
    if (preference === undefined || this.#process.now < preference.until) return preference?.node
    this.#preferences.delete(partition)
    return undefined
  }

  prefer(partition: number, node: string): void {
    this.#preferences.set(partition, { node, until: this.#process.now + this.#maxAge })
  }

  /** The leader is asked again. */
  forget(partition: number): void {
    this.#preferences.delete(partition)
  }

  clear(): void {
    this.#preferences.clear()
  }
}
