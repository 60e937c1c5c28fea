/**
 * The types of columns. `integer`, `text` and `boolean` are those of tables without SQL: there an integer is as large as is safe. The others have
 * the names and ranges that the server's catalogue gives them; `[]` is a list.
 */
export type DataType = ScalarType | `${ScalarType}[]`

export const scalarTypes = [
  ...(['integer', 'text', 'boolean'] as const),
  ...(['bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8'] as const),
  ...(['varchar', 'bpchar', 'uuid', 'json', 'jsonb', 'bytea'] as const),
  ...(['timestamptz', 'timestamp', 'date', 'interval'] as const),
] as const

export type ScalarType = (typeof scalarTypes)[number]
