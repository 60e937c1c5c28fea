import { noFact } from '../history/fact.ts'

/** One cut: packets from any of `from` to any of `to` are dropped. Both directions are two cuts. */
export interface Cut {
  readonly from: ReadonlySet<number>
  readonly to: ReadonlySet<number>
  /** The fact of the fault that cuts; stories point to it. */
  readonly fact: number
}

/** Which host can send to which: everything, less the cuts in force. Hosts are numbers. */
export class Reachability {
  readonly #cuts = new Set<Cut>()

  cut(cut: Cut): void {
    this.#cuts.add(cut)
  }

  heal(cut: Cut): void {
    this.#cuts.delete(cut)
  }

  get whole(): boolean {
    return this.#cuts.size === 0
  }

  open(from: number, to: number): boolean {
    return this.#cuts.size === 0 || this.#cutBetween(from, to) === undefined
  }

  /** The fact of a cut between the two, or {@link noFact}. */
  cutFact(from: number, to: number): number {
    return this.#cutBetween(from, to)?.fact ?? noFact
  }

  #cutBetween(from: number, to: number): Cut | undefined {
    if (from === to) return undefined
    for (const cut of this.#cuts) if (cut.from.has(from) && cut.to.has(to)) return cut
    return undefined
  }
}
