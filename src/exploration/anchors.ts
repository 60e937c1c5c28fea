import type { AnyFact } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import type { Anchor } from '../simulation/fault.ts'

/** A fact of a run that a fault can wait for, with the node and time that it had. */
export interface AnchorPoint {
  readonly anchor: Anchor
  readonly node: string
  readonly time: number
}

/** How many points are kept of each kind of fact. */
const pointsPerKind = 60

/** Facts of a run at which faults can strike, evenly over the run: those that products, clients and stores recorded. */
export function anchorPointsOf(history: History): readonly AnchorPoint[] {
  const byKind = new Map<string, AnyFact[]>()
  for (const fact of history) {
    const scope = history.kindOf(fact.kind)?.scope
    if (scope !== 'client' && scope !== 'store' && scope !== 'broker') continue
    // What the end of a run finds is too late to wait for.
    if (fact.kind === 'copy-remained') continue
    const facts = byKind.get(fact.kind)
    if (facts === undefined) byKind.set(fact.kind, [fact])
    else facts.push(fact)
  }
  return [...byKind.values()].flatMap((facts) => {
    const step = Math.max(1, Math.floor(facts.length / pointsPerKind))
    const ordinals = new Ordinals(history)
    return facts.flatMap((fact, place) => {
      const anchor = ordinals.anchorOf(fact)
      return place % step === 0 ? [{ anchor, node: history.names.text(fact.node), time: fact.time }] : []
    })
  })
}

/** Counts facts that look alike, so that each gets an anchor of its own. Facts must come in their order. */
export class Ordinals {
  readonly #history: History
  readonly #seen = new Map<string, number>()

  constructor(history: History) {
    this.#history = history
  }

  /** The fact by the message that it is about, else by the node where it happened, and the n-th of those. */
  anchorOf(fact: AnyFact): Anchor {
    const { names } = this.#history
    const message = typeof fact['message'] === 'number' ? names.text(fact['message']) : ''
    const node = names.text(fact.node)
    const values: Anchor['values'] = message === '' ? {} : { message }
    const at = message === '' && node !== 'run' ? node : undefined
    const saying = `${fact.kind} ${message} ${at ?? ''}`
    const nth = (this.#seen.get(saying) ?? 0) + 1
    this.#seen.set(saying, nth)
    return { fact: fact.kind, ...(at === undefined ? {} : { at }), values, nth }
  }
}
