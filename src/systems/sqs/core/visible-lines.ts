import type { Micros } from '../../../simulation/duration.ts'
import { Line } from './line.ts'
import type { Replica } from './replica.ts'

interface Entry {
  readonly replica: Replica
  /** What the replica's count of changes was. */
  readonly changes: number
}

/** The copies that each server would hand out, in the order in which they became visible there. */
export class VisibleLines {
  readonly #lines: readonly Line<Entry>[]

  constructor(servers: number) {
    this.#lines = Array.from({ length: servers }, () => new Line())
  }

  add(replica: Replica): void {
    this.#lines[replica.server]?.push({ replica, changes: replica.changes })
  }

  /** The first copy that the server would hand out. It stays in the line: a copy that is hidden or deleted is passed over. */
  first(server: number, now: Micros): Replica | undefined {
    const line = this.#lines[server]
    for (let entry = line?.first; entry !== undefined; entry = line?.first) {
      const { replica, changes } = entry
      const isValid = !replica.message.isGone && replica.changes === changes && replica.visibleAt <= now
      if (isValid) return replica
      line?.takeFirst()
    }
    return undefined
  }
}
