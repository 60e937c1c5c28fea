import { Column } from './columns.ts'
import type { AnyFact, FactKind, Fields, FieldType, Name } from './fact.ts'
import { noFact } from './fact.ts'
import { IntColumn } from './int-column.ts'
import { Names } from './names.ts'

/** What to record of a fact: names may be given as text. */
export type Recordable<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends 'flag' ? boolean : F[K] extends 'name' ? Name | string : number
}

export type FactListener = (fact: AnyFact) => void

interface Layout {
  readonly kind: FactKind
  readonly number: number
  readonly digest: number
  readonly names: readonly string[]
  readonly types: readonly FieldType[]
  /** A column for each value, two for a time. */
  readonly columns: readonly IntColumn[]
  /** A fact of this kind without its values. */
  readonly template: Readonly<Record<string, number | boolean | string>>
  rows: number
  listeners: readonly FactListener[]
}

export interface HistoryOptions {
  /** `false` keeps no fact: listeners see each as it happens, for runs too large to hold. */
  readonly keep: boolean
}

/**
 * What happened in a run, in the order in which it happened: one row a fact, in typed-array columns. A row takes 16 to 25 bytes, and each
 * value one to four (a time twice as much). Rows are decoded on reading; names stay numbers until somebody prints them.
 */
export class History {
  readonly names = new Names()
  readonly #keep: boolean
  readonly #layouts = new Map<string, Layout>()
  readonly #byNumber: Layout[] = []
  readonly #kind = new Column((size) => new Uint8Array(size))
  readonly #time = new Column((size) => new Float64Array(size))
  readonly #node = new IntColumn()
  readonly #cause = new IntColumn()
  readonly #waitedFor = new IntColumn()
  /** Which row of the columns of its kind a fact has. */
  readonly #row = new IntColumn()
  #length = 0
  #digest = 0
  /** The values of the fact recorded last, in the order of its fields. */
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
    if (this.#keep) {
      this.#kind.push(layout.number)
      this.#time.push(time)
      this.#node.push(node)
      this.#cause.push(cause)
      this.#waitedFor.push(waitedFor)
      this.#row.push(layout.rows++)
    }
    this.#takeValues(layout, values)
    if (layout.listeners.length > 0) {
      const digest = this.#digest
      const fact = this.#factFrom(layout, index, time, node, cause, waitedFor)
      for (const listener of layout.listeners) listener(fact)
      // A listener may have recorded facts of its own.
      this.#digest = digest
    }
    return index
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
      time: this.#time.at(index),
      node: this.#node.at(index),
      cause: this.#cause.at(index),
      waitedFor: this.#waitedFor.at(index),
    }
    const row = this.#row.at(index)
    let column = 0
    for (let i = 0; i < layout.names.length; i++) {
      const value = layout.columns[column++]?.at(row) ?? 0
      const name = layout.names[i] ?? ''
      const type = layout.types[i]
      if (type === 'micros') fact[name] = (layout.columns[column++]?.at(row) ?? 0) * 2 ** 32 + (value >>> 0)
      else fact[name] = type === 'flag' ? value === 1 : value
    }
    return fact as AnyFact
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

  /** Stores the values, and leaves them in `#taken` as the numbers that they are stored as. */
  #takeValues(layout: Layout, values: Readonly<Record<string, number | boolean | string>>): void {
    const { names, types, columns } = layout
    this.#digest = layout.digest
    let column = 0
    for (let i = 0; i < names.length; i++) {
      const value = values[names[i] ?? '']
      switch (types[i]) {
        case 'name': {
          const name = typeof value === 'string' ? this.names.intern(value) : Number(value)
          this.#taken[i] = name
          this.#take(columns[column++], name, this.names.digest(name))
          break
        }
        case 'micros': {
          const micros = Number(value)
          const [low, high] = [micros | 0, Math.floor(micros / 2 ** 32)]
          this.#taken[i] = micros
          this.#take(columns[column++], low, low)
          this.#take(columns[column++], high, high)
          break
        }
        default: {
          const number = Number(value)
          this.#taken[i] = number
          this.#take(columns[column++], number, number)
        }
      }
    }
  }

  #take(column: IntColumn | undefined, value: number, digest: number): void {
    if (this.#keep) column?.push(value)
    this.#digest = Math.imul(this.#digest ^ digest, 0x01000193)
  }

  /** The fact whose values were taken last. A copy of a template has room for all of it at once. */
  #factFrom(layout: Layout, index: number, time: number, node: Name, cause: number, waitedFor: number): AnyFact {
    const { names, types } = layout
    const fact = { ...layout.template }
    fact['index'] = index
    fact['time'] = time
    fact['node'] = node
    fact['cause'] = cause
    fact['waitedFor'] = waitedFor
    for (let i = 0; i < names.length; i++) {
      const value = this.#taken[i] ?? 0
      fact[names[i] ?? ''] = types[i] === 'flag' ? value === 1 : value
    }
    return fact as AnyFact
  }

  #layoutOf(kind: FactKind): Layout {
    return this.#layouts.get(kind.name) ?? this.#addLayout(kind)
  }

  #addLayout(kind: FactKind): Layout {
    const layout: Layout = {
      kind,
      number: this.#byNumber.length,
      digest: this.names.digest(this.names.intern(kind.name)),
      names: Object.keys(kind.fields),
      types: Object.values(kind.fields),
      columns: Object.values(kind.fields).flatMap((type) =>
        type === 'micros' ? [new IntColumn(), new IntColumn()] : [new IntColumn()],
      ),
      template: templateOf(kind),
      rows: 0,
      listeners: [],
    }
    if (layout.number > 255) throw new RangeError('A history can hold 256 kinds of facts; this run has more.')
    this.#layouts.set(kind.name, layout)
    this.#byNumber.push(layout)
    return layout
  }
}

function templateOf(kind: FactKind): Readonly<Record<string, number | boolean | string>> {
  const frame = { kind: kind.name, index: 0, time: 0, node: 0, cause: 0, waitedFor: 0 }
  return {
    ...frame,
    ...Object.fromEntries(Object.entries(kind.fields).map(([name, type]) => [name, type === 'flag' ? false : 0])),
  }
}
