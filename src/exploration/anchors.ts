import type { FactKind, Name } from '../history/fact.ts'
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
  const byKind = history.kinds.map((kind) => (isAnchor(kind) ? new Array<number>() : undefined))
  for (let index = 0; index < history.length; index++) byKind[history.kindNumberAt(index)]?.push(index)
  const seen = byKind.flatMap((facts) => (facts === undefined || facts.length === 0 ? [] : [facts]))
  return (
    seen
      // As they came up in the run.
      .sort(([one = 0], [other = 0]) => one - other)
      .flatMap((facts) => {
        const step = Math.max(1, Math.floor(facts.length / pointsPerKind))
        const ordinals = new Ordinals(history)
        return facts.flatMap((fact, place) => {
          const nth = ordinals.count(fact)
          return place % step === 0 ? [pointAt(history, fact, nth)] : []
        })
      })
  )
}

/** Whether a fault can wait for facts of a kind: products, clients and stores record them. What the end of a run finds is too late to wait for. */
export function isAnchor({ name, scope }: FactKind): boolean {
  return (scope === 'client' || scope === 'store' || scope === 'broker') && name !== 'copy-remained'
}

/** The fact by the message that it is about, else by the node where it happened, and the n-th of those. */
export function anchorAt(history: History, index: number, nth: number): Anchor {
  const fact = history.at(index)
  const message = typeof fact['message'] === 'number' ? history.names.text(fact['message']) : ''
  const node = history.names.text(fact.node)
  const values: Anchor['values'] = message === '' ? {} : { message }
  const at = message === '' && node !== 'run' ? node : undefined
  return { fact: fact.kind, ...(at === undefined ? {} : { at }), values, nth }
}

/** The same with the node and time of the fact. */
export function pointAt(history: History, index: number, nth: number): AnchorPoint {
  const node = history.names.text(history.nodeAt(index))
  return { anchor: anchorAt(history, index, nth), node, time: history.timeAt(index) }
}

/**
 * Counts facts that look alike, so that each gets an anchor of its own. Facts must come in their order, all of a kind. Counting is apart from making
 * the anchor, since few of the facts that are counted get one.
 */
export class Ordinals {
  readonly #history: History
  /** By kind: where its facts say which message they are about, and how many there were about each message and on each node. */
  readonly #kinds: readonly {
    readonly place: number
    readonly about: Map<Name, number>
    readonly on: Map<Name, number>
  }[]
  readonly #none: Name | undefined

  constructor(history: History) {
    const { names, kinds } = history
    this.#history = history
    this.#kinds = kinds.map(({ fields }) => {
      return { place: Object.keys(fields).indexOf('message'), about: new Map(), on: new Map() }
    })
    this.#none = names.has('') ? names.intern('') : undefined
  }

  /** The how manieth of its like a fact is. */
  count(index: number): number {
    const history = this.#history
    const kind = this.#kinds[history.kindNumberAt(index)]
    if (kind === undefined) throw new RangeError(`The kind of fact ${index} came up after counting began.`)
    const message = kind.place < 0 ? this.#none : history.valueAt(index, kind.place)
    return message === undefined || message === this.#none
      ? oneMore(kind.on, history.nodeAt(index))
      : oneMore(kind.about, message)
  }
}

function oneMore(counts: Map<Name, number>, key: Name): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}
