import type { Condition, Expression, Ordering } from './expression.ts'
import type { Delete, Insert, RowLocking, Update } from './statement.ts'

/** What gives rows: a `select` with all that may stand in one, `values`, or a union. */
export interface Query {
  readonly kind: 'query'
  /** Named results, each known to those after it; they are there before the query is run. */
  readonly with?: readonly CommonTable[]
  readonly body: QueryBody
  readonly orderBy?: readonly Ordering[]
  readonly limit?: Expression
  readonly offset?: Expression
  readonly lock?: QueryLock
  /** Queries in it that say nothing of rows outside of them: they are run once, before it. */
  readonly subqueries?: readonly Query[]
}

/** Which lock it takes on rows of which sources. */
export interface QueryLock extends RowLocking {
  readonly of: readonly string[]
}

export interface CommonTable {
  /** Unlike all others of the statement. */
  readonly name: string
  readonly of: Query | Insert | Update | Delete
}

export type QueryBody = SelectBody | ValuesBody | UnionBody

export interface SelectBody {
  readonly kind: 'select'
  /** Nothing for one row without columns. */
  readonly from?: From
  readonly where?: Condition
  /** Also empty: all rows are one group. */
  readonly groupBy?: readonly Expression[]
  readonly having?: Condition
  readonly outputs: readonly Output[]
  /** Of rows that are equal in these, only the first is given; `outputs`: in all that is given. */
  readonly distinct?: 'outputs' | readonly Expression[]
}

export interface ValuesBody {
  readonly kind: 'values'
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Expression[])[]
}

/** The rows of one, then of the other; without `all`, each only once. Its order is by columns of `outputs`, of the source `''`. */
export interface UnionBody {
  readonly kind: 'union'
  readonly all: boolean
  readonly left: Query
  readonly right: Query
}

export interface Output {
  readonly name: string
  readonly of: Expression
}

/** Where rows come from. `as` is how expressions name the source; no two of a statement have the same. */
export type From =
  | { readonly kind: 'table'; readonly table: string; readonly as: string }
  /** `lateral`: it says something of rows of the sources before it. */
  | { readonly kind: 'query'; readonly query: Query; readonly as: string; readonly lateral: boolean }
  | { readonly kind: 'common'; readonly name: string; readonly as: string }
  /** A row for each item of the lists, which stand beside each other. */
  | {
      readonly kind: 'lists'
      readonly lists: readonly Expression[]
      readonly columns: readonly string[]
      readonly as: string
    }
  | {
      readonly kind: 'join'
      readonly how: 'inner' | 'left'
      readonly left: From
      readonly right: From
      readonly on: Condition
    }
