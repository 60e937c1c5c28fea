import { Failure } from '../../../application/stores/database/core/failure.ts'
import type { Statement } from '../../../application/stores/database/statement.ts'
import type { Value } from '../../../application/stores/database/value.ts'
import type { Effect } from '../../../application/stores/store.ts'
import type { Translation } from '../sql/translate.ts'
import type { WireValue } from './wire-values.ts'
import { valueOfWire } from './wire-values.ts'

/** A statement with its parameters; one that the server refuses, where these are wrong. */
export function boundStatement(
  translation: Translation,
  wires: readonly WireValue[] | undefined,
  by: Effect | undefined,
): Statement {
  const { parameters } = translation
  if (wires === undefined && parameters.length > 0)
    return { kind: 'refuse', sqlState: '42P02', message: 'there is no parameter $1' }
  // A text that the server refuses has told of no parameters.
  if (translation.command !== '' && wires !== undefined && wires.length !== parameters.length) {
    const message = `bind message supplies ${wires.length} parameters, but prepared statement "" requires ${parameters.length}`
    return { kind: 'refuse', sqlState: '08P01', message }
  }
  try {
    const values = parameters.map((type, place): Value => valueOfWire(wires?.[place] ?? null, type))
    return translation.statement(values, by)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { sqlState, message, about } = error
    return { kind: 'refuse', sqlState, message, ...(about === undefined ? {} : { about }) }
  }
}
