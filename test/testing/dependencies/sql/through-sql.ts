import { tables } from '../../../application/stores/database/conformance/plan.ts'
import type { Through } from '../../../application/stores/database/conformance/core-runs.ts'
import { sqlText } from '../../../application/stores/database/conformance/sql-text.ts'
import { statementsOf } from '../../../../src/testing/dependencies/sql/translate.ts'
import { UnsupportedSql } from '../../../../src/testing/dependencies/sql/unsupported-sql.ts'

const catalogue = {
  version: 1,
  // The plans know integers of one size.
  tableNamed: (name: string) => tables.find((table) => table.name === name),
}

/** The core gets what the text for the real server is translated to. */
export const throughSql: Through = (statement) => {
  const [first] = statementsOf(sqlText(statement))
  if (first === undefined || statement.kind === 'advisory-lock') return { statement, named: (row) => row }
  const { statement: made, columns } = translated(first)
  return {
    statement: made([], undefined),
    named: (row) => Object.fromEntries(columns.map(({ name, key = name }) => [name, plain(row[key] ?? null)])),
  }
}

function translated(statement: ReturnType<typeof statementsOf>[number]): ReturnType<typeof statement.translate> {
  try {
    return statement.translate(catalogue)
  } catch (error) {
    if (error instanceof UnsupportedSql)
      throw new Error(`Plans say only what is supported: ${error.message}`, { cause: error })
    throw error
  }
}

/** Counts and sums come with 64 bits. */
function plain<T>(value: T): T | number {
  return typeof value === 'bigint' ? Number(value) : value
}
