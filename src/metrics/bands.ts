import type { NeutralFact } from '../history/facts.ts'
import type { Names } from '../history/names.ts'

/** A stretch of time in which something was wrong, for charts. Times in µs. */
export interface Band {
  readonly kind: 'fault' | 'down' | 'paused'
  /** `crash of billing-1`, or the node that was down. */
  readonly label: string
  readonly from: number
  readonly to: number
}

/** Collects the faults as they held, and the times in which nodes were down or frozen. */
export class BandCollector {
  readonly #names: Names
  readonly #open = new Map<string, Omit<Band, 'to'>>()
  readonly #bands: Band[] = []

  constructor(names: Names) {
    this.#names = names
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'fault-struck':
        this.#begin(
          `fault ${fact.fault}`,
          'fault',
          `${this.#names.text(fact.action)} of ${this.#names.text(fact.target)}`,
          fact.time,
        )
        break
      case 'fault-ended':
        this.#end(`fault ${fact.fault}`, fact.time)
        break
      case 'node-crashed':
      case 'node-lost-power':
      case 'node-stopped':
        this.#end(`paused ${fact.node}`, fact.time)
        this.#begin(`down ${fact.node}`, 'down', this.#names.text(fact.node), fact.time)
        break
      case 'node-started':
        this.#end(`down ${fact.node}`, fact.time)
        break
      case 'node-paused':
        this.#begin(`paused ${fact.node}`, 'paused', this.#names.text(fact.node), fact.time)
        break
      case 'node-resumed':
        this.#end(`paused ${fact.node}`, fact.time)
        break
    }
  }

  /** All bands; those still open last until `end`. In the order in which they began. */
  finish(end: number): readonly Band[] {
    for (const key of [...this.#open.keys()]) this.#end(key, end)
    return this.#bands.toSorted((one, other) => one.from - other.from)
  }

  #begin(key: string, kind: Band['kind'], label: string, from: number): void {
    if (!this.#open.has(key)) this.#open.set(key, { kind, label, from })
  }

  #end(key: string, to: number): void {
    const band = this.#open.get(key)
    if (band === undefined) return
    this.#open.delete(key)
    this.#bands.push({ ...band, to })
  }
}
