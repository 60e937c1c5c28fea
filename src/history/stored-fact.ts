import type { Column } from './columns.ts'
import type { FactFrame, FactKind } from './fact.ts'
import { noFact } from './fact.ts'
import type { IntColumn } from './int-column.ts'

/** Where a history keeps what every fact has. */
export interface FrameColumns {
  readonly time: Column<Float64Array>
  readonly node: IntColumn
  readonly cause: IntColumn
  /** By index, of the few facts that had waited for something in vain. */
  readonly waitedFor: Map<number, number>
}

/** Where the values of a field are. */
export interface FieldColumns {
  readonly column: IntColumn
  /** The upper half of a time. */
  readonly upper: IntColumn | undefined
}

/** The columns of a kind of fact. */
interface Shelf {
  readonly frame: FrameColumns
  readonly fields: readonly FieldColumns[]
  /** Which of its kind is meant, from 0. */
  row: number
}

const shelf = Symbol('shelf')

/**
 * A fact where it is stored, as those see it who read a whole history: its properties read the columns, so that what nobody asks for costs
 * nothing. One object does for all facts of a kind. The plain version is an object for each, which costs more than what is done with it.
 */
export class StoredFact implements FactFrame {
  readonly [field: string]: number | boolean | string
  readonly kind: string
  readonly [shelf]: Shelf
  index = 0

  constructor(kind: FactKind, frame: FrameColumns, fields: readonly FieldColumns[]) {
    this.kind = kind.name
    this[shelf] = { frame, fields, row: 0 }
  }

  get time(): number {
    return this[shelf].frame.time.at(this.index)
  }

  get node(): number {
    return this[shelf].frame.node.at(this.index)
  }

  get cause(): number {
    return this[shelf].frame.cause.at(this.index)
  }

  get waitedFor(): number {
    return this[shelf].frame.waitedFor.get(this.index) ?? noFact
  }
}

const classes = new WeakMap<FactKind, typeof StoredFact>()

/** All histories share the class of a kind: code that has read its facts in one is fast in the next. */
export function storedFactOf(kind: FactKind, frame: FrameColumns, fields: readonly FieldColumns[]): StoredFact {
  const known = classes.get(kind) ?? classOf(kind)
  classes.set(kind, known)
  return new known(kind, frame, fields)
}

/** Lets `fact` be the one at `index`, which is number `row` of its kind. */
export function moveTo(fact: StoredFact, index: number, row: number): void {
  fact.index = index
  fact[shelf].row = row
}

function classOf({ fields }: FactKind): typeof StoredFact {
  const storedFact = class extends StoredFact {}
  for (const [place, [name, type]] of Object.entries(fields).entries()) {
    const get = type === 'flag' ? flagAt(place) : type === 'micros' ? microsAt(place) : numberAt(place)
    Object.defineProperty(storedFact.prototype, name, { get, enumerable: true })
  }
  return storedFact
}

function numberAt(place: number) {
  return function number(this: StoredFact): number {
    const { fields, row } = this[shelf]
    return fields[place]?.column.at(row) ?? 0
  }
}

function flagAt(place: number) {
  return function flag(this: StoredFact): boolean {
    const { fields, row } = this[shelf]
    return fields[place]?.column.at(row) === 1
  }
}

function microsAt(place: number) {
  return function micros(this: StoredFact): number {
    const { fields, row } = this[shelf]
    const field = fields[place]
    return (field?.upper?.at(row) ?? 0) * 2 ** 32 + ((field?.column.at(row) ?? 0) >>> 0)
  }
}
