import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Placed, Translating } from './translating.ts'

/** The type as one of which there are lists. */
export function scalarOf(translating: Translating, type: DataType, at: Placed): Exclude<DataType, `${string}[]`> {
  for (const each of scalars) if (each === type) return each
  return translating.unsupported('arrays of arrays', at)
}

const scalars = [
  ...(['text', 'bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'varchar', 'bpchar'] as const),
  ...(['uuid', 'json', 'jsonb', 'bytea', 'timestamptz', 'timestamp', 'date', 'interval'] as const),
] as const
