import type { DatabaseCore, Output } from '../../../application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../application/stores/database/core/session.ts'
import type { DatabaseClient } from '../../../application/stores/database/database-client.ts'
import type { Schema } from '../../../application/stores/database/schema.ts'
import type { Statement, StatementResult } from '../../../application/stores/database/statement.ts'
import { boundStatement } from './bound-statement.ts'
import type { PlainRow } from './row-values.ts'
import { driverRow, driverValue } from './row-values.ts'
import { Translations } from './translations.ts'
import { wireError } from './wire-error.ts'
import { wireValue } from './wire-values.ts'

/** What a database holds when the run is over. */
export interface FinalDatabase {
  /** Rows that a query gives; `await` does no harm. It sees what was committed, and changes nothing. */
  query(text: string, values?: readonly unknown[]): PlainRow[]
  /** The rows of each table. */
  readonly tables: Readonly<Record<string, PlainRow[]>>
}

export function finalDatabase(client: DatabaseClient): FinalDatabase {
  const core = client.contents()
  const { schema } = client
  const session = core.open(sessionDefaults, 0)
  const translations = new Translations(schema)
  const query = (text: string, values: readonly unknown[] = []): PlainRow[] => {
    const [statement, ...more] = translations.of(text)
    if (statement === undefined || more.length > 0) throw new Error('A query of the final state is one statement.')
    const translation = statement.translate()
    const result = answerOf(
      core,
      session,
      boundStatement(
        translation,
        values.map((value) => wireValue(value)),
        undefined,
      ),
    )
    if (result.kind === 'error') throw wireError(result)
    return result.rows.map((row) =>
      Object.fromEntries(
        translation.columns.map(({ name, key = name, type }) => [name, driverValue(row[key] ?? null, type)]),
      ),
    )
  }
  return { query, tables: tablesOf(core, session, schema) }
}

function tablesOf(core: DatabaseCore, session: number, schema: Schema): Readonly<Record<string, PlainRow[]>> {
  const rowsOf = (name: string): PlainRow[] => {
    const result = answerOf(core, session, { kind: 'select', from: name })
    const definition = schema.tableNamed(name)
    return result.kind === 'error' || definition === undefined
      ? []
      : result.rows.map((row) => driverRow(definition, row))
  }
  return Object.fromEntries(schema.tables.map(({ name }) => [name, rowsOf(name)]))
}

/** Nobody else is there, so that nothing waits. */
function answerOf(core: DatabaseCore, session: number, statement: Statement): StatementResult {
  let answer: StatementResult | undefined
  const take = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.kind === 'log') take(core.logged(output.session, 0))
      else if (output.kind === 'answer') answer = output.result
    }
  }
  // What is written here is seen by later queries of the same state alone; reading is what it is for.
  take(core.execute(session, { kind: 'begin', readOnly: true }, 0))
  take(core.execute(session, statement, 0))
  const result = answer
  take(core.execute(session, { kind: 'rollback' }, 0))
  if (result === undefined) throw new Error('The final state of a database did not answer.')
  return result
}
