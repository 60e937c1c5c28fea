import type { ColumnDef, Constraint, CreateStmt, IndexStmt, Node } from 'libpg-query'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type {
  ColumnDefinition,
  Control,
  ForeignKey,
  TableDefinition,
  UniqueKey,
} from '../../../application/stores/database/statement.ts'
import { intoColumn } from './columns.ts'
import { partOf } from './conflict-key.ts'
import { Names } from './names.ts'
import { namedDatatype } from './named-datatype.ts'
import type { Queries } from './queries.ts'
import { tableNamed } from './sources.ts'
import { stringsOf } from './translating.ts'

type CreateTable = Extract<Control, { readonly kind: 'create-table' }>
type CreateIndex = Extract<Control, { readonly kind: 'create-index' }>

/** A constraint, and the column that it stands at; none for one of the table. */
interface Placed {
  readonly constraint: Constraint
  readonly column: string | undefined
}

export function createTable(queries: Queries, node: CreateStmt): CreateTable {
  const { translating } = queries
  translating.only(node, ['relation', 'tableElts', 'oncommit', 'if_not_exists'], 'create table')
  const { relname: name = '', schemaname, relpersistence } = node.relation ?? {}
  if (schemaname !== undefined && schemaname !== 'public')
    return translating.unsupported('schemas other than public', node)
  if (relpersistence === 't') return translating.unsupported('temporary tables', node)
  const definitions = (node.tableElts ?? []).flatMap((each) => ('ColumnDef' in each ? [each.ColumnDef] : []))
  const constraints: readonly Placed[] = [
    ...definitions.flatMap(({ colname, constraints: at = [] }) => placed(at, colname ?? '')),
    ...placed(node.tableElts ?? [], undefined),
  ]
  const other = node.tableElts?.find((each) => !('ColumnDef' in each) && !('Constraint' in each))
  if (other !== undefined) return translating.unsupported('this part of a table', other)
  const columns = definitions.map((each) => columnOf(queries, each))
  const twice = columns.find((column, place) => columns.findIndex((each) => each.name === column.name) !== place)
  if (twice !== undefined) return translating.fail('42701', `column "${twice.name}" specified more than once`)
  const bare: TableDefinition = { name, columns, primaryKey: [], uniqueKeys: [] }
  const table = constraints.reduce((made, each) => constrained(queries, made, each), bare)
  return { kind: 'create-table', table, ifNotExists: node.if_not_exists === true }
}

function placed(nodes: readonly Node[], column: string | undefined): readonly Placed[] {
  return nodes.flatMap((node) => ('Constraint' in node ? [{ constraint: node.Constraint, column }] : []))
}

function columnOf(queries: Queries, node: ColumnDef): ColumnDefinition {
  const { translating } = queries
  translating.only(node, ['colname', 'typeName', 'is_local', 'constraints', 'is_not_null'], 'a column')
  const { colname: name = '', typeName, constraints = [] } = node
  if (typeName === undefined) return translating.unsupported('a column without a type', node)
  const { type, modifiers, isSerial } = namedDatatype(translating, typeName, node)
  const bare: ColumnDefinition = {
    name,
    type,
    ...(modifiers.length === 0 ? {} : { modifiers }),
    ...(isSerial ? { default: 'serial', notNull: true } : {}),
  }
  return placed(constraints, name).reduce((column, { constraint }) => withConstraint(queries, column, constraint), bare)
}

function withConstraint(queries: Queries, column: ColumnDefinition, constraint: Constraint): ColumnDefinition {
  const { translating, expressions } = queries
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      return { ...column, notNull: true }
    case 'CONSTR_IDENTITY':
      return {
        ...column,
        notNull: true,
        default: 'serial',
        identity: constraint.generated_when === 'a' ? 'always' : 'by default',
      }
    case 'CONSTR_DEFAULT': {
      if (constraint.raw_expr === undefined) return column
      const computes = intoColumn(
        translating,
        expressions.translate(constraint.raw_expr, new Names(undefined, new Map())),
        column,
      )
      return computes.kind === 'value'
        ? { ...column, default: computes.value === 'serial' ? null : computes.value }
        : { ...column, computes }
    }
    case 'CONSTR_GENERATED':
      return translating.unsupported('generated columns', constraint)
    default:
      return column
  }
}

/** The table with one more constraint; those of a single column have been seen to. */
function constrained(queries: Queries, table: TableDefinition, { constraint, column }: Placed): TableDefinition {
  const { translating } = queries
  const { contype, conname } = constraint
  const own = column === undefined ? undefined : [column]
  switch (contype) {
    case 'CONSTR_PRIMARY':
      return {
        ...table,
        primaryKey: knownColumns(queries, table, own ?? stringsOf(constraint.keys), constraint),
        primaryKeyName: conname ?? `${table.name}_pkey`,
      }
    case 'CONSTR_UNIQUE': {
      if (constraint.nulls_not_distinct === true) return translating.unsupported('nulls not distinct', constraint)
      const columns = knownColumns(queries, table, own ?? stringsOf(constraint.keys), constraint)
      const key: UniqueKey = { name: conname ?? `${table.name}_${columns.join('_')}_key`, columns }
      return { ...table, uniqueKeys: [...table.uniqueKeys, key] }
    }
    case 'CONSTR_CHECK': {
      if (constraint.raw_expr === undefined) return table
      const taken = table.checks ?? []
      const name =
        conname ??
        freeName(
          column === undefined ? `${table.name}_check` : `${table.name}_${column}_check`,
          taken.map((each) => each.name),
        )
      return { ...table, checks: [...taken, { name, condition: partOf(queries, table, constraint.raw_expr) }] }
    }
    case 'CONSTR_FOREIGN':
      return { ...table, foreignKeys: [...(table.foreignKeys ?? []), foreignKey(queries, table, constraint, column)] }
    case 'CONSTR_NULL':
    case 'CONSTR_NOTNULL':
    case 'CONSTR_DEFAULT':
    case 'CONSTR_IDENTITY':
    case 'CONSTR_GENERATED':
      return table
    default:
      return translating.unsupported('this constraint', constraint)
  }
}

const deleteActions: Readonly<Record<string, ForeignKey['onDelete']>> = {
  a: 'no action',
  r: 'no action',
  c: 'cascade',
  n: 'set null',
}

function foreignKey(
  queries: Queries,
  table: TableDefinition,
  constraint: Constraint,
  column: string | undefined,
): ForeignKey {
  const { translating } = queries
  const { pktable, pk_attrs, fk_attrs, fk_upd_action = 'a', fk_del_action = 'a', deferrable, conname } = constraint
  const columns = knownColumns(queries, table, column === undefined ? stringsOf(fk_attrs) : [column], constraint)
  const onDelete = deleteActions[fk_del_action]
  if (onDelete === undefined || !['a', 'r'].includes(fk_upd_action))
    return translating.unsupported('what the foreign key does', constraint)
  if (deferrable === true) return translating.unsupported('deferrable constraints', constraint)
  if (pktable === undefined) return translating.unsupported('a foreign key to nothing', constraint)
  const parent = pktable.relname === table.name ? table : tableNamed(queries, pktable)
  const named = stringsOf(pk_attrs)
  const key = named.length === 0 ? parent.primaryKey : named
  for (const [place, each] of columns.entries()) {
    const [from, to] = [typeOf(table, each), typeOf(parent, key[place] ?? '')]
    if (from !== to) return translating.unsupported('a foreign key between columns of different types', constraint)
  }
  return { name: conname ?? `${table.name}_${columns.join('_')}_fkey`, columns, table: parent.name, key, onDelete }
}

export function createIndex(queries: Queries, node: IndexStmt): CreateIndex | { readonly kind: 'nothing' } {
  const { translating } = queries
  translating.only(
    node,
    [
      'idxname',
      'relation',
      'accessMethod',
      'indexParams',
      'whereClause',
      'unique',
      'concurrent',
      'if_not_exists',
      'indexIncludingParams',
    ],
    'create index',
  )
  const { relation, unique, whereClause, idxname, if_not_exists } = node
  if (relation === undefined) return translating.unsupported('an index of nothing', node)
  const table = tableNamed(queries, relation)
  // What is not unique makes things faster, and nothing else.
  if (unique !== true) return { kind: 'nothing' }
  const columns = (node.indexParams ?? []).map((each) => {
    if (!('IndexElem' in each) || each.IndexElem.expr !== undefined)
      return translating.unsupported('a unique index on an expression', each)
    return each.IndexElem.name ?? ''
  })
  knownColumns(queries, table, columns, node)
  const key: UniqueKey = {
    name: idxname ?? `${table.name}_${columns.join('_')}_idx`,
    columns,
    ...(whereClause === undefined ? {} : { where: partOf(queries, table, whereClause) }),
  }
  return { kind: 'create-index', table: table.name, key, ifNotExists: if_not_exists === true }
}

function knownColumns(
  { translating }: Queries,
  { columns }: TableDefinition,
  names: readonly string[],
  at: object,
): readonly string[] {
  const missing = names.find((name) => !columns.some((column) => column.name === name))
  return missing === undefined
    ? names
    : translating.fail('42703', `column "${missing}" named in key does not exist`, at)
}

function typeOf({ columns }: TableDefinition, name: string): DataType | undefined {
  const type = columns.find((column) => column.name === name)?.type
  return type === 'varchar' ? 'text' : type
}

function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  for (let number = 1; ; number++) if (!taken.includes(`${wanted}${number}`)) return `${wanted}${number}`
}
