import type { CacheClient } from '../../application/stores/cache/cache-client.ts'
import type { DatabaseClient } from '../../application/stores/database/database-client.ts'
import type { ColumnDefinition, TableDefinition } from '../../application/stores/database/statement.ts'
import type { Schema } from '../../application/stores/database/schema.ts'
import { finalCache } from './ioredis/final-cache.ts'
import { finalDatabase } from './pg/final-database.ts'

/** A row, an entry or a call by the names of its parts, as texts: what is compared. */
export type Traced = Readonly<Record<string, string>>

/** What is left in one place of the stores at the end of a run. */
export interface Place {
  /** `the table payments`. */
  readonly name: string
  /** Of a row or a call there may be one too many; the entries of a cache are overwritten as a matter of course. */
  readonly kind: 'rows' | 'calls' | 'entries'
  readonly items: readonly Traced[]
}

/** Types of columns whose values are of the moment or of chance. */
const ofTheMoment: ReadonlySet<string> = new Set(['timestamptz', 'timestamp', 'date', 'interval', 'uuid'])

/** The tables of a database, without what is another value in every run: numbers of sequences, times, and what points at these. */
export function placesOfDatabase(client: DatabaseClient): readonly Place[] {
  const { tables } = finalDatabase(client)
  return Object.entries(tables).map(([table, rows]) => {
    const columns = steadyColumns(client.schema, table)
    const items = rows.map((row) => Object.fromEntries(columns.map((column) => [column, textOf(row[column])])))
    return { name: placeOfTable(table), kind: 'rows', items }
  })
}

/** What the place of a table is called. */
export function placeOfTable(table: string): string {
  return `the table ${table}`
}

/** The entries of a cache that are there to stay: what expires is no result. */
export function placeOfCache(name: string, client: CacheClient): Place {
  const snapshot = client.contents().snapshot()
  const expiring = new Set(
    snapshot.flatMap((change) => ('until' in change && change.until !== undefined ? [utf8(change.key)] : [])),
  )
  const items = Object.entries(finalCache(client).keys)
    .filter(([key]) => !expiring.has(key))
    .map(([key, value]) => ({ key, value: textOf(value) }))
  return { name: `the cache ${name}`, kind: 'entries', items }
}

/** The calls of an API that change something. */
export function placeOfCalls(
  name: string,
  calls: readonly { readonly method: string; readonly url: string; readonly body: unknown }[],
): Place {
  const changing = calls.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
  return {
    name,
    kind: 'calls',
    items: changing.map(({ url, body }) => ({ url, ...(isRecord(body) ? texts(body) : { body: textOf(body) }) })),
  }
}

function steadyColumns(schema: Schema, table: string): readonly string[] {
  const definition = schema.tableNamed(table)
  if (definition === undefined) return []
  const pointing = new Set(definition.foreignKeys?.flatMap((key) => (pointsAtNumbers(schema, key) ? key.columns : [])))
  return definition.columns.filter((column) => isSteady(column) && !pointing.has(column.name)).map(({ name }) => name)
}

function pointsAtNumbers(schema: Schema, { table, key }: NonNullable<TableDefinition['foreignKeys']>[number]): boolean {
  return schema.tableNamed(table)?.columns.some((column) => key.includes(column.name) && !isSteady(column)) ?? false
}

function isSteady({ type, default: without, identity }: ColumnDefinition): boolean {
  return without !== 'serial' && identity === undefined && !ofTheMoment.has(type.replace('[]', ''))
}

function texts(record: Readonly<Record<string, unknown>>): Traced {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textOf(value)]))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value) ?? String(value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Texts travel as their bytes. */
function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
