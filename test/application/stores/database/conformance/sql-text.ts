import type { Condition, Expression, Value } from '../../../../../src/application/stores/database/expression.ts'
import type {
  Assignments,
  Returning,
  Select,
  Statement,
  TableDefinition,
} from '../../../../../src/application/stores/database/statement.ts'

/** The statement as a text for the real server, written so that it reads tables in the way that the core does. */
export function sqlText(statement: Statement): string {
  switch (statement.kind) {
    case 'select':
      return selectText(statement)
    case 'insert': {
      const { into, rows, onConflict, returning } = statement
      const columns = Object.keys(rows[0] ?? {})
      const values = rows.map((row) => `(${columns.map((column) => valueText(row[column] ?? null)).join(', ')})`)
      return join(
        `insert into ${into} (${columns.join(', ')}) values ${values.join(', ')}`,
        conflictText(onConflict),
        returningText(returning),
      )
    }
    case 'update':
      return join(
        `update ${statement.table} set ${setText(statement.set)}`,
        whereText(statement.where),
        returningText(statement.returning),
      )
    case 'delete':
      return join(`delete from ${statement.from}`, whereText(statement.where), returningText(statement.returning))
    case 'create-table':
      return tableText(statement.table)
    case 'begin':
      return join(
        'begin',
        statement.isolation && `isolation level ${statement.isolation}`,
        statement.readOnly === true && 'read only',
      )
    case 'commit':
    case 'rollback':
      return statement.kind
    case 'savepoint':
      return `savepoint ${statement.name}`
    case 'release-savepoint':
      return `release savepoint ${statement.name}`
    case 'rollback-to-savepoint':
      return `rollback to savepoint ${statement.name}`
    case 'advisory-lock': {
      const name = `pg_${statement.try === true ? 'try_' : ''}advisory_xact_lock${statement.shared === true ? '_shared' : ''}`
      return statement.try === true
        ? `select ${name}(${statement.key}) as locked`
        : `select true as locked from ${name}(${statement.key})`
    }
    case 'set':
      return `set ${statement.setting.name} = '${statement.setting.value}'`
    default:
      throw new Error(`Plans have no ${statement.kind}.`)
  }
}

function selectText({ from, columns = 'everything', where, orderBy = [], limit, lock }: Select): string {
  const list =
    columns === 'everything'
      ? '*'
      : 'aggregates' in columns
        ? Object.entries(columns.aggregates)
            .map(
              ([name, aggregate]) =>
                `${aggregate.kind === 'count' ? 'count(*)' : `${aggregate.kind}(${expressionText(aggregate.of)})`} as ${name}`,
            )
            .join(', ')
        : columns.join(', ')
  const order = orderBy.map(
    ({ column, direction }) => `${column} + 0 ${direction === 'ascending' ? 'asc nulls last' : 'desc nulls first'}`,
  )
  const otherwise = lock === undefined || lock.otherwise === 'wait' ? '' : ` ${lock.otherwise}`
  return join(
    `select ${list} from ${from}`,
    whereText(where),
    order.length > 0 && `order by ${order.join(', ')}`,
    limit !== undefined && `limit ${limit}`,
    lock !== undefined && `for ${lock.strength}${otherwise}`,
  )
}

function conflictText(onConflict: Extract<Statement, { kind: 'insert' }>['onConflict']): string | undefined {
  if (onConflict === undefined) return undefined
  const target = onConflict.key === undefined ? '' : ` (${[onConflict.key].flat().join(', ')})`
  if (onConflict.action === 'nothing') return `on conflict${target} do nothing`
  const condition = onConflict.where === undefined ? '' : ` where ${conditionText(onConflict.where, '', 'c.')}`
  return `on conflict${target} do update set ${setText(onConflict.set, 'c.')}${condition}`
}

function setText(set: Assignments, prefix = ''): string {
  return Object.entries(set)
    .map(([column, expression]) => `${column} = ${expressionText(expression, prefix)}`)
    .join(', ')
}

function returningText(returning: Returning = 'nothing'): string | undefined {
  if (returning === 'nothing') return undefined
  if (returning === 'everything') return 'returning *'
  return `returning ${('outputs' in returning ? returning.outputs.map(({ name }) => name) : returning).join(', ')}`
}

function whereText(where: Condition | undefined): string | undefined {
  return where === undefined ? undefined : `where ${conditionText(where, keyNamed(where), '')}`
}

/** The column of a unique key by which the core looks rows up: the only one that the server may use an index for. */
function keyNamed(where: Condition): string {
  const parts = where.kind === 'and' ? where.parts : [where]
  const fixed = parts.flatMap((part) =>
    part.kind === 'compare' &&
    part.operator === '=' &&
    part.left.kind === 'column' &&
    part.right.kind === 'value' &&
    part.right.value !== null
      ? [part.left.name]
      : [],
  )
  return ['id', 'u'].find((key) => fixed.includes(key)) ?? ''
}

function conditionText(condition: Condition, key: string, prefix: string): string {
  switch (condition.kind) {
    case 'always':
      return 'true'
    case 'compare': {
      const { operator, left, right } = condition
      if (operator === '=' && left.kind === 'column' && left.name === key)
        return `${key} = ${expressionText(right, prefix)}`
      return `${expressionText(left, prefix)} ${operator} ${expressionText(right, prefix)}`
    }
    case 'in':
      return `${expressionText(condition.item, prefix)} in (${condition.list.map((each) => expressionText(each, prefix)).join(', ')})`
    case 'is-null':
      return `${expressionText(condition.item, prefix)} is null`
    case 'and':
    case 'or':
      return `(${condition.parts.map((part) => conditionText(part, condition.kind === 'and' ? key : '', prefix)).join(` ${condition.kind} `)})`
    case 'not':
      return `not (${conditionText(condition.part, '', prefix)})`
    default:
      throw new Error(`Plans have no ${condition.kind}.`)
  }
}

function expressionText(expression: Expression, prefix = ''): string {
  switch (expression.kind) {
    case 'value':
      return valueText(expression.value)
    case 'column':
      // An expression is not looked up in an index.
      return expression.of === 'row' ? `(${prefix}${expression.name} + 0)` : `excluded.${expression.name}`
    case 'arithmetic':
      return `(${expressionText(expression.left, prefix)} ${expression.operator} ${expressionText(expression.right, prefix)})`
    case 'coalesce':
    case 'greatest':
    case 'least':
      return `${expression.kind}(${expression.among.map((each) => expressionText(each, prefix)).join(', ')})`
    default:
      throw new Error(`Plans have no ${expression.kind}.`)
  }
}

function valueText(value: Value): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

function tableText({ name, columns, primaryKey, uniqueKeys }: TableDefinition): string {
  const lines = [
    ...columns.map(
      (column) =>
        `${column.name} ${column.default === 'serial' ? 'serial' : column.type}${column.notNull === true ? ' not null' : ''}`,
    ),
    ...(primaryKey.length === 0 ? [] : [`primary key (${primaryKey.join(', ')})`]),
    ...uniqueKeys.map((key) => `unique (${('columns' in key ? key.columns : key).join(', ')})`),
  ]
  return `create table ${name} (${lines.join(', ')})`
}

function join(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join(' ')
}
