import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Query } from '../../../application/stores/database/query.ts'
import type { TableDefinition } from '../../../application/stores/database/statement.ts'
import type { Placed, Translating } from './translating.ts'
import type { Typed } from './typed.ts'

/** A column of a source or of a result. */
export interface NamedColumn {
  readonly name: string
  readonly type: DataType
  /** What the source calls it, where that is not its name. */
  readonly key?: string
}

/** A source of rows as a text calls it, and as expressions do. */
export interface NamedSource {
  readonly alias: string
  readonly as: string
  readonly columns: readonly NamedColumn[]
  readonly table: TableDefinition | undefined
  /** Columns that `using` has made one with those of a source before. */
  readonly merged: ReadonlySet<string>
}

/** What `with` has named. */
export interface NamedCommon {
  readonly name: string
  readonly columns: readonly NamedColumn[]
}

/** The names that a query may use: its own sources, and those of the queries around it. */
export class Names {
  readonly sources: NamedSource[] = []
  /** Queries inside that say nothing of rows outside of them. */
  readonly subqueries: Query[] = []
  readonly #outer: Names | undefined
  readonly #common: ReadonlyMap<string, NamedCommon>
  /** It says something of rows of a query around it. */
  isCorrelated = false
  hasAggregates = false
  /** Aggregates may stand where it is being translated. */
  takesAggregates = false

  constructor(outer: Names | undefined, common: ReadonlyMap<string, NamedCommon>) {
    this.#outer = outer
    this.#common = common
  }

  get common(): ReadonlyMap<string, NamedCommon> {
    return this.#common
  }

  get outer(): Names | undefined {
    return this.#outer
  }

  /** The column that a name means. */
  column(translating: Translating, qualifier: string | undefined, name: string, at: Placed): Typed {
    const found = this.#find(translating, qualifier, name, at)
    if (found !== undefined) return found
    if (qualifier !== undefined && !this.#knows(qualifier))
      return translating.fail('42P01', `missing FROM-clause entry for table "${qualifier}"`, at)
    const full = qualifier === undefined ? `"${name}"` : `${qualifier}.${name}`
    return translating.fail('42703', `column ${full} does not exist`, at)
  }

  /** The columns that a star means. */
  all(translating: Translating, qualifier: string | undefined, at: Placed): readonly Typed[] {
    const sources = this.sources.filter(({ alias }) => qualifier === undefined || alias === qualifier)
    if (sources.length === 0) {
      if (qualifier === undefined)
        return translating.fail('42601', 'SELECT * with no tables specified is not valid', at)
      return translating.fail('42P01', `missing FROM-clause entry for table "${qualifier}"`, at)
    }
    return sources.flatMap((source) =>
      source.columns
        .filter(({ name }) => qualifier !== undefined || !source.merged.has(name))
        .map((column) => typedColumn(source, column, at)),
    )
  }

  #find(translating: Translating, qualifier: string | undefined, name: string, at: Placed): Typed | undefined {
    const found = this.sources
      .filter(({ alias, merged }) => (qualifier === undefined ? !merged.has(name) : alias === qualifier))
      .flatMap((source) =>
        source.columns.filter((each) => each.name === name).map((each) => typedColumn(source, each, at)),
      )
    const [first, second] = found
    if (second !== undefined) return translating.fail('42702', `column reference "${name}" is ambiguous`, at)
    if (first !== undefined) return first
    const outside = this.#outer === undefined ? undefined : this.#outer.#find(translating, qualifier, name, at)
    if (outside !== undefined) this.isCorrelated = true
    return outside
  }

  #knows(alias: string): boolean {
    return (
      this.sources.some((source) => source.alias === alias) || (this.#outer !== undefined && this.#outer.#knows(alias))
    )
  }
}

export function typedColumn({ as }: NamedSource, { name, key = name, type }: NamedColumn, at: Placed): Typed {
  return { type, expression: { kind: 'column', name: key, of: as }, name, at }
}
