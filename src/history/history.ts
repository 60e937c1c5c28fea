import { Column } from './columns.ts'
import type { AnyFact, FactKind, Fields, FieldType, Name } from './fact.ts'
import { noFact } from './fact.ts'
import { IntColumn } from './int-column.ts'
import { Names } from './names.ts'
import type { ShownFact } from './shown-fact.ts'
import { shownFactOf, taken } from './shown-fact.ts'
import type { FieldColumns, FrameColumns } from './stored-fact.ts'
import { moveTo, storedFactOf } from './stored-fact.ts'

/** What to record of a fact: names may be given as text. */
export type Recordable<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends 'flag' ? boolean : F[K] extends 'name' ? Name | string : number
}

/** The fields of a kind whose facts can be recorded together. */
export type PlainFields = Readonly<Record<string, 'int' | 'name'>>

/** What to record of several facts of a kind: a value that all of them have, or one for each. */
export type RecordableTogether<F extends PlainFields> = { readonly [K in keyof F]: number | ArrayLike<number> }

/** The fact means this one only until the listener returns: to keep it, take its index or the values that you need. */
export type FactListener = (fact: AnyFact) => void

interface Layout {
  readonly kind: FactKind
  readonly number: number
  readonly digest: number
  readonly fields: readonly Field[]
  rows: number
  listeners: readonly FactListener[]
  /** What the next fact is shown as; none while one is being shown. */
  shown: ShownFact | undefined
}

/** Where the values of a field go. */
interface Field extends FieldColumns {
  readonly name: string
  readonly type: FieldType
  /** The text that was last given for a name, which often comes again, and its number. */
  text: string | undefined
  number: Name
}

export interface HistoryOptions {
  /** `false` keeps no fact: listeners see each as it happens, for runs too large to hold. */
  readonly keep: boolean
}

/**
 * What happened in a run, in the order in which it happened: one row a fact, in typed-array columns. A row takes 14 to 20 bytes, and each
 * value one to four (a time twice as much). Rows are decoded on reading; names stay numbers until somebody prints them.
 */
export class History {
  readonly names = new Names()
  readonly #keep: boolean
  readonly #layouts = new Map<string, Layout>()
  readonly #byNumber: Layout[] = []
  readonly #kind = new IntColumn()
  readonly #frame: FrameColumns = {
    time: new Column((size) => new Float64Array(size)),
    node: new IntColumn(),
    cause: new IntColumn(),
    waitedFor: new Map(),
  }
  /** By index, which row of the columns of its kind a fact has, as far as it is counted; and by kind, how many that are. */
  readonly #rows = new IntColumn()
  readonly #rowsOfKind: number[] = []
  #length = 0
  #digest = 0
  /** The values of a fact that nobody listens to. */
  readonly #taken: number[] = []

  constructor(options: HistoryOptions = { keep: true }) {
    this.#keep = options.keep
  }

  /** Facts recorded so far, kept or not. */
  get length(): number {
    return this.#length
  }

  get kept(): boolean {
    return this.#keep
  }

  /** The kinds recorded or listened to so far, in the order in which they first appeared. */
  get kinds(): readonly FactKind[] {
    return this.#byNumber.map((layout) => layout.kind)
  }

  /** Adds a fact and returns its index. */
  record<F extends Fields>(
    kind: FactKind<string, F>,
    time: number,
    node: Name,
    values: Recordable<F>,
    cause: number = noFact,
    waitedFor: number = noFact,
  ): number {
    const layout = this.#layoutOf(kind)
    const index = this.#length++
    if (this.#keep) this.#keepFrame(layout, index, time, node, cause, waitedFor)
    if (layout.listeners.length === 0) this.#take(layout, values, this.#taken)
    else {
      const shown = layout.shown ?? shownFactOf(kind)
      layout.shown = undefined
      this.#take(layout, values, shown[taken])
      shown.index = index
      shown.time = time
      shown.node = node
      shown.cause = cause
      shown.waitedFor = waitedFor
      const digest = this.#digest
      for (const listener of layout.listeners) listener(shown)
      // A listener may have recorded facts of its own, even of this kind.
      this.#digest = digest
      layout.shown = shown
    }
    return index
  }

  /**
   * Adds `count` facts of one kind that happen together, and returns the digest of each: the same as adding one after another, column by
   * column instead of fact by fact. Nobody may be listening to the kind.
   */
  recordTogether<F extends PlainFields>(
    kind: FactKind<string, F>,
    time: number,
    node: Name,
    count: number,
    values: RecordableTogether<F>,
    cause: number = noFact,
    waitedFor: number = noFact,
  ): readonly number[] {
    const layout = this.#layoutOf(kind)
    const digests: number[] = []
    for (let place = 0; place < count; place++) {
      const index = this.#length++
      if (this.#keep) this.#keepFrame(layout, index, time, node, cause, waitedFor)
      digests.push(layout.digest)
    }
    for (const field of layout.fields) {
      const value: number | ArrayLike<number> = values[field.name] ?? 0
      for (let place = 0; place < count; place++) {
        const number = typeof value === 'number' ? value : (value[place] ?? 0)
        digests[place] = this.#takeValue(field, number, digests[place] ?? 0)
      }
    }
    return digests
  }

  /** 32 bits over the kind and the values of the fact recorded last, independent of the facts before it. */
  get lastDigest(): number {
    return this.#digest
  }

  /** Calls `listener` with every fact of this kind as it is recorded. */
  listen(kind: FactKind, listener: FactListener): void {
    const layout = this.#layoutOf(kind)
    layout.listeners = [...layout.listeners, listener]
  }

  /** Nobody listens any more: whoever did is free to go, however long the history is kept. */
  endListening(): void {
    for (const layout of this.#byNumber) layout.listeners = []
  }

  /** Whether anybody would see a fact of this kind as it is recorded. */
  isListenedTo(kind: FactKind): boolean {
    return (this.#layouts.get(kind.name)?.listeners.length ?? 0) > 0
  }

  /** The fact at `index`. Reading a history that kept nothing, or past its end, is a mistake of the caller. */
  at(index: number): AnyFact {
    const layout = this.#byNumber[this.#kind.at(index)]
    if (!this.#keep || index < 0 || index >= this.#length || layout === undefined) {
      throw new RangeError(`This history holds no fact ${index}: it kept ${this.#keep ? this.#length : 0}.`)
    }
    const fact: Record<string, number | boolean | string> = {
      kind: layout.kind.name,
      index,
      time: this.#frame.time.at(index),
      node: this.#frame.node.at(index),
      cause: this.#frame.cause.at(index),
      waitedFor: this.#frame.waitedFor.get(index) ?? noFact,
    }
    const row = this.#rowOf(index)
    for (const { name, type, column, upper } of layout.fields) {
      const value = column.at(row)
      if (upper !== undefined) fact[name] = upper.at(row) * 2 ** 32 + (value >>> 0)
      else fact[name] = type === 'flag' ? value === 1 : value
    }
    return fact as AnyFact
  }

  /**
   * Shows every fact whose kind has a reader, in the order in which they happened. What a fact means is as for a listener. Reading a history that
   * kept nothing is a mistake of the caller.
   */
  show(readers: ReadonlyMap<string, FactListener>): void {
    if (this.#kind.length < this.#length) throw new RangeError(`This history kept none of its ${this.#length} facts.`)
    const shown = this.#byNumber.map(({ kind, fields }) => {
      const see = readers.get(kind.name)
      return see && { fact: storedFactOf(kind, this.#frame, fields), see, rows: 0 }
    })
    for (let index = 0; index < this.#kind.length; index++) {
      const reader = shown[this.#kind.at(index)]
      if (reader === undefined) continue
      moveTo(reader.fact, index, reader.rows++)
      reader.see(reader.fact)
    }
  }

  /** The place of the kind of a fact in {@link kinds}: for whoever reads every fact of thousands of runs, and wants no object of each. */
  kindNumberAt(index: number): number {
    return this.#kind.at(index)
  }

  timeAt(index: number): number {
    return this.#frame.time.at(index)
  }

  nodeAt(index: number): Name {
    return this.#frame.node.at(index)
  }

  causeAt(index: number): number {
    return this.#frame.cause.at(index)
  }

  /** The value of the n-th field of a fact as the number that it is stored as: 1 for a flag that is set; of a time the lower half. */
  valueAt(index: number, place: number): number {
    const field = this.#byNumber[this.#kind.at(index)]?.fields[place]
    return field === undefined ? 0 : field.column.at(this.#rowOf(index))
  }

  /** How many facts of this kind are kept. */
  countOf(name: string): number {
    return this.#layouts.get(name)?.rows ?? 0
  }

  kindOf(name: string): FactKind | undefined {
    return this.#layouts.get(name)?.kind
  }

  *[Symbol.iterator](): Generator<AnyFact> {
    for (let index = 0; index < this.#length; index++) yield this.at(index)
  }

  /** Stores the values, and leaves in `into` what numbers they are stored as. */
  #take({ fields, digest }: Layout, values: Readonly<Record<string, number | boolean | string>>, into: number[]): void {
    let mixed = digest
    for (let place = 0; place < fields.length; place++) {
      const field = fields[place]
      if (field === undefined) break
      const value = values[field.name]
      const number = typeof value === 'string' ? this.#nameOf(value, field) : Number(value)
      into[place] = number
      mixed = this.#takeValue(field, number, mixed)
    }
    this.#digest = mixed
  }

  /** Stores a value as this number; returns `digest` with the value mixed in. */
  #takeValue({ type, column, upper }: Field, number: number, digest: number): number {
    if (upper === undefined) {
      if (this.#keep) column.push(number)
      return mix(digest, type === 'name' ? this.names.digest(number) : number)
    }
    const high = Math.floor(number / 2 ** 32)
    if (this.#keep) {
      column.push(number | 0)
      upper.push(high)
    }
    return mix(mix(digest, number | 0), high)
  }

  #keepFrame(layout: Layout, index: number, time: number, node: Name, cause: number, waitedFor: number): void {
    const frame = this.#frame
    this.#kind.push(layout.number)
    frame.time.push(time)
    frame.node.push(node)
    frame.cause.push(cause)
    if (waitedFor !== noFact) frame.waitedFor.set(index, waitedFor)
    layout.rows++
  }

  /** Most runs are read from their first fact to the last and ask for few by their index; so the rows are counted when somebody asks. */
  #rowOf(index: number): number {
    for (let next = this.#rows.length; next <= index; next++) {
      const kind = this.#kind.at(next)
      const row = this.#rowsOfKind[kind] ?? 0
      this.#rowsOfKind[kind] = row + 1
      this.#rows.push(row)
    }
    return this.#rows.at(index)
  }

  #nameOf(text: string, field: Field): Name {
    if (field.text === text) return field.number
    field.text = text
    field.number = this.names.intern(text)
    return field.number
  }

  #layoutOf(kind: FactKind): Layout {
    return this.#layouts.get(kind.name) ?? this.#addLayout(kind)
  }

  #addLayout(kind: FactKind): Layout {
    const layout: Layout = {
      kind,
      number: this.#byNumber.length,
      digest: this.names.digest(this.names.intern(kind.name)),
      fields: Object.entries(kind.fields).map(([name, type]) => ({
        name,
        type,
        column: new IntColumn(),
        upper: type === 'micros' ? new IntColumn() : undefined,
        text: undefined,
        number: 0,
      })),
      rows: 0,
      listeners: [],
      shown: undefined,
    }
    if (layout.number > 255) throw new RangeError('A history can hold 256 kinds of facts; this run has more.')
    this.#layouts.set(kind.name, layout)
    this.#byNumber.push(layout)
    return layout
  }
}

function mix(digest: number, value: number): number {
  return Math.imul(digest ^ value, 0x01000193)
}
