import type { Process } from '../../../simulation/process.ts'
import type { LinkListener, LinkSettings } from './broker-link.ts'
import { BrokerLink } from './broker-link.ts'

type Purpose = 'data' | 'coordinator' | 'fetch'

/** The connections of one client: one to each broker, and with a consumer another one to its coordinator. */
export class BrokerLinks {
  readonly #process: Process
  readonly #bootstrap: readonly string[]
  readonly #settings: LinkSettings
  readonly #changed: LinkListener
  readonly #links: Record<Purpose, Map<string, BrokerLink>> = {
    data: new Map(),
    coordinator: new Map(),
    fetch: new Map(),
  }

  /** In the order of opening. */
  readonly #all: BrokerLink[] = []

  /** `bootstrap`: nodes of brokers; `changed` hears when a link became writable or was lost. */
  constructor(process: Process, bootstrap: readonly string[], settings: LinkSettings, changed: LinkListener) {
    this.#process = process
    this.#bootstrap = bootstrap
    this.#settings = settings
    this.#changed = changed
  }

  /** The connection to a broker for a purpose; others do not wait behind what is parked there. */
  to(node: string, purpose: Purpose = 'data'): BrokerLink {
    const links = this.#links[purpose]
    const known = links.get(node)
    if (known !== undefined) return known
    const link = new BrokerLink(this.#process, node, this.#settings, this.#changed)
    links.set(node, link)
    this.#all.push(link)
    return link
  }

  /** Where a question goes that every broker can answer: an open connection with little in flight, else one that can be opened. */
  leastLoaded(): BrokerLink {
    const all = this.#bootstrap.map((node) => this.to(node))
    const start = this.#process.random.below(all.length)
    const order = [...all.slice(start), ...all.slice(0, start)]
    const open = order.filter(({ writable }) => writable)
    const idlest = open.reduce<BrokerLink | undefined>(
      (best, link) => (best === undefined || link.inFlight < best.inFlight ? link : best),
      undefined,
    )
    const found = idlest ?? order.find(({ connecting }) => connecting) ?? earliest(order)
    if (found === undefined) throw new Error('Kafka model: a client knows at least one broker')
    return found
  }

  close(): void {
    for (const link of this.#all) link.close()
  }
}

function earliest(links: readonly BrokerLink[]): BrokerLink | undefined {
  return links.reduce<BrokerLink | undefined>(
    (best, link) => (best === undefined || link.mayConnectAt < best.mayConnectAt ? link : best),
    undefined,
  )
}
