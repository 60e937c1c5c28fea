import type { Micros } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import type { QueueEvent } from './queue-core.ts'
import type { Replica, StandardMessage } from './replica.ts'

/** The copies on servers that could not be reached when something was done, and that are to hear of it when they are back. */
export class MissedChanges {
  readonly #behind = new Set<Replica>()
  readonly #random: Random
  readonly #repairWithin: Micros

  constructor(random: Random, repairWithin: Micros) {
    this.#random = random
    this.#repairWithin = repairWithin
  }

  has(replica: Replica): boolean {
    return this.#behind.has(replica)
  }

  add(replica: Replica): void {
    this.#behind.add(replica)
  }

  /** The copy knows what there is to know, or is gone. */
  delete(replica: Replica): void {
    this.#behind.delete(replica)
  }

  /** Its server did not hear of an action. */
  missed(replica: Replica, action: string): QueueEvent {
    this.#behind.add(replica)
    return { kind: 'missed', message: replica.message, server: replica.server, action }
  }

  /** The copies on servers that can be reached now, and when each of them hears of what it missed. */
  repairs(reachable: ReadonlySet<number>, now: Micros): readonly { readonly replica: Replica; readonly at: Micros }[] {
    const here = [...this.#behind].filter(({ server }) => reachable.has(server))
    return here.map((replica) => {
      const { message, server } = replica
      const random = this.#random.fork(`repair/${message.envelope.message}/${server}/${now}`)
      return { replica, at: now + Math.floor(random.next() * this.#repairWithin) + 1 }
    })
  }

  /** What deletions have left behind where nobody reaches it. */
  outOfReach(reachable: ReadonlySet<number>): ReadonlySet<StandardMessage> {
    const hidden = [...this.#behind].filter(({ message, server }) => message.isLeftBehind && !reachable.has(server))
    return new Set(hidden.map(({ message }) => message))
  }
}
