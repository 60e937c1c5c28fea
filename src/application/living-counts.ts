import type { Process } from '../simulation/process.ts'

/** Something that one process counts. */
export interface ProcessCount {
  count: number
}

/** What each process of a service counts; what a dead one counted is gone with it. */
export class LivingCounts {
  readonly #counts = new Map<Process, ProcessCount>()

  of(process: Process): ProcessCount {
    const known = this.#counts.get(process) ?? { count: 0 }
    this.#counts.set(process, known)
    return known
  }

  /** The counts of those that live, together. */
  get sum(): number {
    let sum = 0
    for (const [process, { count }] of this.#counts) {
      if (process.alive) sum += count
      else this.#counts.delete(process)
    }
    return sum
  }
}
