import type { Value } from '../expression.ts'
import type { ColumnDefinition, TableDefinition } from '../statement.ts'
import { Failure } from './failure.ts'
import { ancient } from './transaction-id.ts'
import type { Version } from './version.ts'

/** A table: versions of rows in the order in which they were made, and for each unique key an index. */
export class Table {
  readonly definition: TableDefinition
  readonly indexes: readonly Index[]
  readonly #columns: ReadonlyMap<string, number>
  readonly #sequences = new Map<string, number>()
  #versions: Version[] = []
  #places = 0
  #rows = 0

  constructor(definition: TableDefinition) {
    this.definition = definition
    this.#columns = new Map(definition.columns.map(({ name }, index) => [name, index]))
    const { name, primaryKey, uniqueKeys } = definition
    const keys = [...(primaryKey.length === 0 ? [] : [primaryKey]), ...uniqueKeys]
    this.indexes = keys.map(
      (key, number) =>
        new Index(
          `${name}#${number}`,
          key,
          key.map((column) => this.place(column)),
        ),
    )
  }

  get name(): string {
    return this.definition.name
  }

  get versions(): readonly Version[] {
    return this.#versions
  }

  /** Where the column stands in the values of a row. */
  place(column: string): number {
    const place = this.#columns.get(column)
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
    version: Omit<Version, 'place' | 'root' | 'change' | 'lockers'> & Pick<Version, 'lockers'>,
    root?: number,
  ): Version {
    const place = this.#places++
    const added: Version = { ...version, place, root: root ?? place, change: undefined }
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
  readonly columns: readonly string[]
  readonly #places: readonly number[]
  readonly #entries = new Map<string, Version[]>()

  constructor(name: string, columns: readonly string[], places: readonly number[]) {
    this.name = name
    this.columns = columns
    this.#places = places
  }

  /** How many different keys there are. */
  get size(): number {
    return this.#entries.size
  }

  /** The key of a row; `undefined` where a null in it makes it equal to none. */
  keyOf(values: readonly Value[]): string | undefined {
    return this.#places.some((place) => (values[place] ?? null) === null) ? undefined : this.entryOf(values)
  }

  /** The key of a row, nulls included. */
  entryOf(values: readonly Value[]): string {
    return keyText(this.#places.map((place) => values[place] ?? null))
  }

  with(key: string): readonly Version[] {
    return this.#entries.get(key) ?? []
  }

  add(version: Version): void {
    const key = this.keyOf(version.values)
    if (key === undefined) return
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

  /** Whether the values differ in a column of the key. */
  isChanged(before: readonly Value[], after: readonly Value[]): boolean {
    return this.#places.some((place) => before[place] !== after[place])
  }
}

export function keyText(values: readonly Value[]): string {
  return JSON.stringify(values)
}
