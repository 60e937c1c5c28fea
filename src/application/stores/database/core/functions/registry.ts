import type { Value } from '../../value.ts'
import type { Execution } from '../execution.ts'
import { castFunctions } from './casts.ts'
import { documentFunctions } from './documents.ts'
import { listFunctions } from './lists.ts'
import { numberFunctions } from './numbers.ts'
import type { SqlFunction } from './sql-function.ts'
import { define, signature } from './sql-function.ts'
import { textFunctions } from './texts.ts'
import { timeFunctions } from './times.ts'

const others: readonly SqlFunction[] = [
  define('gen_random_uuid', [], 'uuid', (_, { newUuid }) => newUuid()),
  define('uuid_generate_v4', [], 'uuid', (_, { newUuid }) => newUuid()),
]

/** Every function and operator that expressions may call. */
export const sqlFunctions: readonly SqlFunction[] = [
  ...numberFunctions,
  ...textFunctions,
  ...timeFunctions,
  ...documentFunctions,
  ...listFunctions,
  ...castFunctions,
  ...others,
]

const bySignature = new Map(sqlFunctions.map((each) => [signature(each.name, each.takes), each]))

export function functionOf(text: string): SqlFunction | undefined {
  return bySignature.get(text)
}

export function callFunction(text: string, values: readonly Value[], execution: Execution): Value {
  const found = bySignature.get(text)
  if (found === undefined) throw new Error(`There is no function ${text}.`)
  return !found.seesNulls && values.includes(null) ? null : found.run(values, execution)
}
