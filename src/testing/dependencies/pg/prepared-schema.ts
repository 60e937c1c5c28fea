import type { CommitRecord } from '../../../application/stores/database/core/commit-record.ts'
import type { Output } from '../../../application/stores/database/core/database-core.ts'
import { coreDefaults, DatabaseCore } from '../../../application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../application/stores/database/core/session.ts'
import type { DatabaseClient } from '../../../application/stores/database/database-client.ts'
import type { EffectRules } from '../../../application/stores/database/core/effect-rules.ts'
import { Schema } from '../../../application/stores/database/schema.ts'
import type { Statement } from '../../../application/stores/database/statement.ts'
import { statementsOf } from '../sql/translate.ts'

/** What a database has before the run: tables, keys, and rows. */
export interface PreparedSchema {
  readonly schema: Schema
  readonly rows: readonly CommitRecord[]
}

/** An error in the text of a schema. */
class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

/** Executes the statements of a schema; what they leave is there before the run. An error in them is a {@link SchemaError}. */
export function prepareSchema(text: string): PreparedSchema {
  const schema = new Schema()
  const rows: CommitRecord[] = []
  const core = new DatabaseCore({
    ...coreDefaults,
    schema: { table: (table) => schema.add(table), index: (index) => schema.addIndex(index) },
  })
  const session = core.open(sessionDefaults, 0)
  const take = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.kind === 'log') {
        rows.push(output.record)
        take(core.logged(session, 0))
      } else if (output.kind === 'answer' && output.result.kind === 'error')
        throw new SchemaError(output.result.message)
    }
  }
  const execute = (statement: Statement): void => take(core.execute(session, statement, 0))
  for (const statement of statementsOf(text)) {
    if (statement.about === 'transaction') throw new SchemaError('a schema begins and ends no transactions')
    execute(statement.translate(schema).statement([], undefined))
  }
  return { schema, rows }
}

/** Puts it into a database: at once, and again without any effect. For the first step of a process. */
export function applySchema(client: DatabaseClient, { schema, rows }: PreparedSchema, rules: EffectRules): void {
  client.schema.rules = rules
  client.migrate(schema.tables)
  for (const index of schema.indexes) client.schema.addIndex(index)
  client.schema.addRows(rows)
}
