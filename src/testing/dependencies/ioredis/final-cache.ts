import type { CacheClient } from '../../../application/stores/cache/cache-client.ts'
import type { Data } from '../../../application/stores/cache/data.ts'

/** What a key holds: a text, the fields of a hash, the members of a set, scores by member, or the items of a list. */
export type FinalValue = string | readonly string[] | Readonly<Record<string, string | number>>

/** What a cache holds when the run is over. */
export interface FinalCache {
  /** Keys whose time is over may still be among them. */
  readonly keys: Readonly<Record<string, FinalValue>>
}

export function finalCache(client: CacheClient): FinalCache {
  const found = client
    .contents()
    .snapshot()
    .flatMap((change) => (change.kind === 'put' ? [[utf8(change.key), valueOf(change.data)] as const] : []))
  return { keys: Object.fromEntries(found) }
}

/** What has no order in the cache does not show which came first: two that hold the same look the same. */
function valueOf(data: Data): FinalValue {
  switch (data.type) {
    case 'string':
      return utf8(data.value)
    case 'hash':
      return inOrder([...data.fields].map(([field, value]) => [utf8(field), utf8(value)]))
    case 'set':
      return [...data.members].map(utf8).toSorted()
    case 'zset':
      return inOrder([...data.scores].map(([member, score]) => [utf8(member), score]))
    case 'list':
      return data.items.map(utf8)
  }
}

function inOrder<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** Texts travel as their bytes. */
function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
