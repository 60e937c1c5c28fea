import type { FactFrame, FactKind } from './fact.ts'
import { noFact } from './fact.ts'

/** The values of a shown fact as the numbers that they are stored as, in the order of its fields. */
export const taken = Symbol('taken')

/**
 * The fact that is being recorded, as listeners see it. It has a property for each field of its kind, which reads the value that was taken
 * last, so that one object does for all facts of a kind. The plain version is an object for each fact, which costs more than recording it.
 */
export class ShownFact implements FactFrame {
  readonly [field: string]: number | boolean | string
  readonly kind: string
  readonly [taken]: number[]
  index = 0
  time = 0
  node = 0
  cause = noFact
  waitedFor = noFact

  constructor({ name, fields }: FactKind) {
    this.kind = name
    this[taken] = Object.keys(fields).map(() => 0)
  }
}

const classes = new WeakMap<FactKind, typeof ShownFact>()

/** All runs share the class of a kind: code that has seen its facts in one run is fast in the next. */
export function shownFactOf(kind: FactKind): ShownFact {
  const known = classes.get(kind) ?? classOf(kind)
  classes.set(kind, known)
  return new known(kind)
}

function classOf({ fields }: FactKind): typeof ShownFact {
  const shownFact = class extends ShownFact {}
  for (const [place, [name, type]] of Object.entries(fields).entries()) {
    const get = type === 'flag' ? flagAt(place) : numberAt(place)
    Object.defineProperty(shownFact.prototype, name, { get, enumerable: true })
  }
  return shownFact
}

function numberAt(place: number) {
  return function number(this: ShownFact): number {
    return this[taken][place] ?? 0
  }
}

function flagAt(place: number) {
  return function flag(this: ShownFact): boolean {
    return this[taken][place] === 1
  }
}
