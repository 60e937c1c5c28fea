import { CommandError } from './reply.ts'

/** What a key holds. Texts are those of their bytes. */
export type Data =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'hash'; readonly fields: ReadonlyMap<string, string> }
  | { readonly type: 'set'; readonly members: ReadonlySet<string> }
  | { readonly type: 'zset'; readonly scores: ReadonlyMap<string, number> }
  | { readonly type: 'list'; readonly items: readonly string[] }

type OfType<T extends Data['type']> = Extract<Data, { readonly type: T }>

/** The data, if it is of this type; nothing for nothing. Another type is an error of the command. */
export function dataOf<T extends Data['type']>(data: Data | undefined, type: T): OfType<T> | undefined {
  if (data === undefined) return undefined
  if (isOfType(data, type)) return data
  throw new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value')
}

function isOfType<T extends Data['type']>(data: Data, type: T): data is OfType<T> {
  return data.type === type
}
