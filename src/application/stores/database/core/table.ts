import type { Condition } from '../expression.ts'
import type { ColumnDefinition, Row, TableDefinition, UniqueKey } from '../statement.ts'
import type { Value } from '../value.ts'
import { isSame, keyText } from '../value.ts'
import { Failure } from './failure.ts'
import { isTrueAlone } from './row-alone.ts'
import { ancient } from './transaction-id.ts'
import type { Version } from './version.ts'

/** A table: versions of rows in the order in which they were made, and for each unique key an index. */
export class Table {
  readonly definition: TableDefinition
  readonly indexes: Index[] = []
  /** Where each column stands in the values of a row. */
  readonly places: ReadonlyMap<string, number>
  readonly #sequences = new Map<string, number>()
  #versions: Version[] = []
  #places = 0
  #rows = 0

  constructor(definition: TableDefinition) {
    this.definition = definition
    this.places = new Map(definition.columns.map(({ name }, index) => [name, index]))
    const { name, primaryKey, uniqueKeys, primaryKeyName = `${name}_pkey` } = definition
    if (primaryKey.length > 0) this.#addKey({ name: primaryKeyName, columns: primaryKey })
    for (const key of uniqueKeys)
      this.#addKey('columns' in key ? key : { name: `${name}_${key.join('_')}_key`, columns: key })
  }

  get name(): string {
    return this.definition.name
  }

  get versions(): readonly Version[] {
    return this.#versions
  }

  /** The values under the names of their columns. */
  rowOf(values: readonly Value[]): Row {
    const row: Record<string, Value> = {}
    for (const [name, place] of this.places) row[name] = values[place] ?? null
    return row
  }

  /** One more unique key of a table that may have rows; a text says what is twice in it. */
  index(key: UniqueKey, isThere: (version: Version) => boolean): Failure | undefined {
    const index = this.#addKey(key)
    for (const version of this.#versions) {
      const text = index.keyOf(version.values)
      const isTwice = text !== undefined && isThere(version) && index.with(text).some(isThere)
      if (isTwice) {
        this.indexes.splice(this.indexes.indexOf(index), 1)
        return new Failure('23505', `could not create unique index "${key.name}"`)
      }
      index.add(version)
    }
    return undefined
  }

  #addKey({ name, columns, where }: UniqueKey): Index {
    const places = columns.map((column) => this.place(column))
    const isMeant = where === undefined ? undefined : { where, of: this }
    const index = new Index(`${this.name}#${this.indexes.length}`, name, columns, places, isMeant)
    this.indexes.push(index)
    return index
  }

  /** Where the column stands in the values of a row. */
  place(column: string): number {
    const place = this.places.get(column)
    if (place === undefined) throw new Failure('42703', `column "${column}" does not exist`)
    return place
  }

  columnNamed(name: string): ColumnDefinition {
    const column = this.definition.columns[this.place(name)]
    if (column === undefined) throw new Failure('42703', `column "${name}" does not exist`)
    return column
  }

  nextRow(): number {
    return this.#rows++
  }

  /** Puts a version into the table, not yet into its indexes. `root`: of the version before it, where indexes need no new entry. */
  add(
    { row, values, by, command, lockers }: Pick<Version, 'row' | 'values' | 'by' | 'command' | 'lockers'>,
    root?: number,
  ): Version {
    const place = this.#places++
    const added: Version = { row, values, by, command, lockers, place, root: root ?? place, change: undefined }
    this.#versions.push(added)
    return added
  }

  /** Makes a row as it was when the database went down, or removes it. */
  restore(row: number, values: readonly Value[] | undefined): void {
    const index = this.#versions.findLastIndex((version) => version.row === row)
    if (index >= 0) for (const version of this.#versions.splice(index, 1)) this.#removeFromIndexes(version)
    this.#rows = Math.max(this.#rows, row + 1)
    if (values === undefined) return
    const version = this.add({ row, values, by: ancient, command: 0, lockers: [] })
    for (const each of this.indexes) each.add(version)
  }

  /** The next number of the sequence of a column. */
  nextNumber(column: string): number {
    const next = (this.#sequences.get(column) ?? 0) + 1
    this.#sequences.set(column, next)
    return next
  }

  get sequences(): ReadonlyMap<string, number> {
    return this.#sequences
  }

  restoreSequence(column: string, last: number): void {
    this.#sequences.set(column, Math.max(last, this.#sequences.get(column) ?? 0))
  }

  /** Drops versions that nobody can see any more. */
  vacuum(isDead: (version: Version) => boolean): void {
    const dead = new Set(this.#versions.filter(isDead))
    this.#versions = this.#versions.filter((version) => !dead.has(version))
    for (const version of dead) this.#removeFromIndexes(version)
  }

  #removeFromIndexes(version: Version): void {
    for (const index of this.indexes) index.remove(version)
  }
}

/** The versions that have each key. */
export class Index {
  readonly name: string
  /** What errors call the key. */
  readonly constraint: string
  readonly columns: readonly string[]
  readonly where: Condition | undefined
  readonly #places: readonly number[]
  readonly #isMeant: (values: readonly Value[]) => boolean
  readonly #entries = new Map<string, Version[]>()

  constructor(
    name: string,
    constraint: string,
    columns: readonly string[],
    places: readonly number[],
    partial: { readonly where: Condition; readonly of: Table } | undefined,
  ) {
    this.name = name
    this.constraint = constraint
    this.columns = columns
    this.where = partial?.where
    this.#places = places
    this.#isMeant =
      partial === undefined ? () => true : (values) => isTrueAlone(partial.where, partial.of.places, values)
  }

  /** How many different keys there are. */
  get size(): number {
    return this.#entries.size
  }

  /** The key of a row; `undefined` where a null in it makes it equal to none, or where the row is not in the index. */
  keyOf(values: readonly Value[]): string | undefined {
    for (const place of this.#places) if ((values[place] ?? null) === null) return undefined
    if (!this.#isMeant(values)) return undefined
    return this.entryOf(values)
  }

  /** The key of a row, nulls included. */
  entryOf(values: readonly Value[]): string {
    return keyText(this.valuesOf(values))
  }

  valuesOf(values: readonly Value[]): readonly Value[] {
    return this.#places.map((place) => values[place] ?? null)
  }

  with(key: string): readonly Version[] {
    return this.#entries.get(key) ?? []
  }

  add(version: Version): void {
    const key = this.keyOf(version.values)
    if (key !== undefined) this.put(key, version)
  }

  /** The same for who knows the key of the version. */
  put(key: string, version: Version): void {
    const entries = this.#entries.get(key)
    if (entries === undefined) this.#entries.set(key, [version])
    else entries.push(version)
  }

  remove(version: Version): void {
    const key = this.keyOf(version.values)
    const entries = key === undefined ? undefined : this.#entries.get(key)
    if (key === undefined || entries === undefined) return
    const place = entries.indexOf(version)
    if (place >= 0) entries.splice(place, 1)
    if (entries.length === 0) this.#entries.delete(key)
  }

  /** Whether the values differ in a column of the key, or in whether they are in the index. */
  isChanged(before: readonly Value[], after: readonly Value[]): boolean {
    if (this.#places.some((place) => !isSame(before[place] ?? null, after[place] ?? null))) return true
    return this.where !== undefined && this.#isMeant(before) !== this.#isMeant(after)
  }
}
