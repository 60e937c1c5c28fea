import { ElementList } from '../core/element-list.ts'
import type { ServerCore } from '../core/server-core.ts'
import { Stream } from '../core/stream.ts'
import { compareIds, formatId, parseId } from '../core/stream-id.ts'
import type { StreamId } from '../core/stream-id.ts'
import type { Held } from './copy-ledger.ts'
import { messageIn } from './copy-ledger.ts'

/* What is in the keys of a server, for whoever keeps account of it from outside. */

/** Every message in these keys, in their order. */
export function contentsOf(core: ServerCore, keys: readonly string[]): readonly Held[] {
  return keys.flatMap((key) => {
    const value = core.keys.get(key)?.value
    if (value instanceof Stream) return entriesAfter(value, key, undefined)
    if (!(value instanceof ElementList)) return []
    return [...value].flatMap((element) => {
      const message = messageIn([element])
      return message === undefined ? [] : [{ key, id: '', message }]
    })
  })
}

/** The message of an entry. */
export function messageAt(core: ServerCore, key: string, id: string): number | undefined {
  const value = core.keys.get(key)?.value
  const at = parseId(id)
  if (!(value instanceof Stream) || at === undefined) return undefined
  return messageIn(value.find(at)?.fields ?? [])
}

/** The entries of a stream behind an id. */
export function entriesAfter(stream: Stream, key: string, after: StreamId | undefined): readonly Held[] {
  const found: Held[] = []
  for (const { entries } of stream.nodes) {
    const last = entries.at(-1)
    if (after !== undefined && last !== undefined && compareIds(last.id, after) <= 0) continue
    for (const { id, fields } of entries) {
      const message = messageIn(fields)
      if (message === undefined || (after !== undefined && compareIds(id, after) <= 0)) continue
      found.push({ key, id: formatId(id), message })
    }
  }
  return found
}
