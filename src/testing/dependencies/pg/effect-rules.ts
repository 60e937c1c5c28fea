import { inspect } from 'node:util'
import type { EffectRules } from '../../../application/stores/database/core/effect-rules.ts'
import type { Schema } from '../../../application/stores/database/schema.ts'
import type { Row } from '../../../application/stores/database/statement.ts'
import type { Effect } from '../../../application/stores/store.ts'
import { asked } from '../../wrong-check.ts'
import type { PlainRow } from './row-values.ts'
import { driverRow } from './row-values.ts'

/** On whose behalf a row was written. */
export interface EffectSource {
  /** The name of the message, and its operation; empty outside of any handling. */
  readonly message: string
  readonly operation: string
}

/**
 * Which rows of a table are effects: what a row that was inserted means, or one that was changed. What the function gives is the operation that the
 * row is the effect of; nothing for a row that is none.
 */
export type RowEffects =
  | ((row: PlainRow, source: EffectSource) => unknown)
  | {
      inserted?(row: PlainRow, source: EffectSource): unknown
      updated?(after: PlainRow, before: PlainRow, source: EffectSource): unknown
    }

/** The names of the history. */
export interface EffectNames {
  intern(text: string): number
  text(name: number): string
}

/** The rules of a database, from what the check declares by table; what is written outside of any handling is an effect of the service. Rows of other tables are no effects. */
export function effectRules(
  effects: Readonly<Record<string, RowEffects>>,
  schema: Schema,
  names: EffectNames,
  service: string,
): EffectRules {
  const effectOf = (
    table: string,
    by: Effect | undefined,
    operationOf: (source: EffectSource) => unknown,
  ): Effect | undefined => {
    const source = {
      message: by === undefined ? '' : names.text(by.message),
      operation: by === undefined ? '' : names.text(by.operation),
    }
    const operation = operationOf(source)
    if (operation === undefined || operation === null || operation === false) return undefined
    const named = names.intern(operation === true ? source.operation : String(operation))
    const outside = { message: named, service, consumer: service, attempt: 0, key: '', version: 0, value: 1 }
    return { ...(by ?? outside), operation: named, effect: table }
  }
  const plain = (table: string, row: Row): PlainRow => {
    const definition = schema.tableNamed(table)
    return definition === undefined ? {} : driverRow(definition, row)
  }
  return {
    inserted: (table, row, by) => {
      const declared = effects[table]
      const inserted = typeof declared === 'function' ? declared : declared?.inserted
      if (inserted === undefined) return undefined
      const given = plain(table, row)
      return effectOf(table, by, (source) => asked(ruleOf(table, given), () => inserted(given, source)))
    },
    updated: (table, after, before, by) => {
      const declared = effects[table]
      const updated = typeof declared === 'object' ? declared.updated : undefined
      if (updated === undefined) return undefined
      const given = plain(table, after)
      return effectOf(table, by, (source) =>
        asked(ruleOf(table, given), () => updated(given, plain(table, before), source)),
      )
    },
  }
}

function ruleOf(table: string, row: PlainRow): () => string {
  return () => `the rule in \`effects\` for the row ${inspect(row, { breakLength: Infinity })} of ${table}`
}
