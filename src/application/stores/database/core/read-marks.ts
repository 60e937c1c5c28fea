/** What was read: a version of a row, a page of versions, a whole table, or where a key is or would be in an index. */
export type ReadMark =
  | { readonly kind: 'version'; readonly table: string; readonly place: number }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'key'; readonly index: string; readonly key: string }

/** Versions that stand on one page, about. */
const versionsPerPage = 128
/** Marks on versions of a page from which on the page is marked: `max_pred_locks_per_page`, 2, and one more. */
const mostVersions = 2
/** Marks in a table from which on the table is marked: `max_pred_locks_per_relation`, -2, a half of 64 less one. */
const mostInTable = 31

/** What one transaction has read, coarser where it has read much: then more is taken for a conflict than is one. */
export class ReadMarks {
  readonly #tables = new Set<string>()
  readonly #pages = new Map<string, Set<number>>()
  readonly #versions = new Map<string, Set<number>>()
  readonly #keys = new Map<string, Set<string>>()

  add(mark: ReadMark): void {
    if (mark.kind === 'key') setOf(this.#keys, mark.index).add(mark.key)
    else if (mark.kind === 'table') this.#markTable(mark.table)
    else if (!this.hasTable(mark.table) && !this.hasPage(mark.table, mark.place)) this.#markVersion(mark)
  }

  hasTable(table: string): boolean {
    return this.#tables.has(table)
  }

  hasPage(table: string, place: number): boolean {
    return this.#pages.get(table)?.has(pageOf(place)) === true
  }

  hasVersion(table: string, place: number): boolean {
    return this.#versions.get(table)?.has(place) === true
  }

  keysOf(index: string): ReadonlySet<string> | undefined {
    return this.#keys.get(index)
  }

  /** What a transaction writes itself needs no mark. */
  removeVersion(table: string, place: number): void {
    this.#versions.get(table)?.delete(place)
  }

  #markTable(table: string): void {
    this.#tables.add(table)
    this.#pages.delete(table)
    this.#versions.delete(table)
  }

  #markVersion({ table, place }: { readonly table: string; readonly place: number }): void {
    const versions = setOf(this.#versions, table)
    versions.add(place)
    const neighbours = [...versions].filter((other) => pageOf(other) === pageOf(place))
    const pages = setOf(this.#pages, table)
    if (neighbours.length > mostVersions) {
      for (const each of neighbours) versions.delete(each)
      pages.add(pageOf(place))
    }
    if (versions.size + pages.size > mostInTable) this.#markTable(table)
  }
}

function pageOf(place: number): number {
  return Math.floor(place / versionsPerPage)
}

function setOf<T>(sets: Map<string, Set<T>>, name: string): Set<T> {
  const set = sets.get(name) ?? new Set()
  sets.set(name, set)
  return set
}
