import type { Client, QueryResult } from 'pg'
import { DatabaseError } from 'pg'
import { UnsupportedSql } from '../../../../src/testing/dependencies/sql/unsupported-sql.ts'
import { CoreDatabase } from './core-database.ts'
import type { Sql, SqlStory } from './statements.ts'

/** What a statement came to, as code that executes it sees it. */
async function seenOf(client: Client, sql: Sql): Promise<string> {
  const [text, ...values] = typeof sql === 'string' ? [sql] : sql
  try {
    const result: QueryResult | readonly QueryResult[] =
      values.length === 0 ? await client.query(text) : await client.query(text, values)
    const results = Array.isArray(result) ? result : [result]
    // Without an order the server may give rows in any.
    return results.map((each) => resultText(each, /order by/i.test(text))).join('; ')
  } catch (error) {
    if (error instanceof UnsupportedSql) return `unsupported: ${error.feature}`
    if (!(error instanceof DatabaseError)) throw error
    const { code, constraint, column, table } = error
    return [code, constraint, column, table].filter((part) => part !== undefined).join(' ')
  }
}

function resultText({ command, rowCount, fields, rows }: QueryResult, isInOrder: boolean): string {
  const columns = fields.map(({ name, dataTypeID }) => `${name}:${dataTypeID === 2278 ? 25 : dataTypeID}`).join(' ')
  const texts = rows.map((row) => JSON.stringify(row, shown))
  return `${command} ${rowCount} (${columns}) ${(isInOrder ? texts : texts.toSorted()).join(' ')}`
}

function shown(this: unknown, _key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** Executes a story on the core, and returns what its statements came to. */
export async function playOnCore(story: SqlStory): Promise<readonly string[]> {
  const database = new CoreDatabase()
  return play(await database.client(), story)
}

export async function play(client: Client, { statements }: SqlStory): Promise<readonly string[]> {
  const seen: string[] = []
  for (const sql of statements) seen.push(await seenOf(client, sql))
  return seen
}
