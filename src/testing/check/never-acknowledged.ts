import type { Name } from '../../history/fact.ts'
import {
  acknowledged,
  copyEnded,
  delivered,
  handled,
  nodeCrashed,
  nodeLostPower,
  nodeStopped,
} from '../../history/facts.ts'
import { momentText } from '../../report/quantities.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { World } from '../../simulation/world.ts'

/** The latest delivery of a message. */
interface Delivery {
  readonly node: Name
  handledAt: Micros | undefined
}

/**
 * What was handled to its end by a process that lives on, and never acknowledged. Nothing is lost by it, and nothing is done twice as long as the
 * process keeps its connection, so no guarantee speaks of it; but it comes again each time that the process starts, and fills the prefetch.
 */
export class NeverAcknowledged {
  readonly #service: string
  /** Of messages that nobody has spoken of to the broker since. */
  readonly #open = new Map<Name, Delivery>()
  #world: World | undefined

  constructor(service: string) {
    this.#service = service
  }

  watch(world: World): void {
    this.#world = world
    const service = world.history.names.intern(this.#service)
    world.listen(delivered.name, ({ message, service: to, node }) => {
      if (to === service) this.#open.set(Number(message), { node, handledAt: undefined })
    })
    world.listen(handled.name, ({ message, service: by, time }) => {
      const delivery = by === service ? this.#open.get(Number(message)) : undefined
      if (delivery !== undefined) delivery.handledAt = time
    })
    world.listen(acknowledged.name, ({ message, service: by }) => {
      if (by === service) this.#open.delete(Number(message))
    })
    // Dropped, or gone to where dead letters go.
    world.listen(copyEnded.name, ({ message }) => void this.#open.delete(Number(message)))
    for (const { name } of [nodeCrashed, nodeStopped, nodeLostPower])
      world.listen(name, ({ node }) => {
        for (const [message, delivery] of this.#open) if (delivery.node === node) this.#open.delete(message)
      })
  }

  /** To be asked when the run is over. */
  get remark(): string | undefined {
    const { history } = this.#world ?? {}
    if (history === undefined) return undefined
    for (const [message, { node, handledAt }] of this.#open)
      if (handledAt !== undefined)
        return (
          `${history.names.text(node)} handled ${history.names.text(message)} to its end at ${momentText(handledAt)}, and never acknowledged it: ` +
          'it stays with the broker, and comes again.'
        )
    return undefined
  }
}
