import type { Reply } from '../core/reply.ts'
import type { ServerCore } from '../core/server-core.ts'
import { contentsOf } from './contents.ts'

type Source =
  | { readonly kind: 'group'; readonly key: string; readonly group: string }
  | { readonly kind: 'list'; readonly key: string; readonly state: string }

/** What a group has not read or not acknowledged, or what is in a list, for people; nothing when there is none. */
export function unfinishedIn(core: ServerCore, source: Source, textOf: (message: number) => string): readonly string[] {
  if (source.kind === 'list') {
    const elements = contentsOf(core, [source.key])
    return elements.length === 0 ? [] : [`${counted(elements.length, textOf(elements.at(-1)?.message ?? 0))} ${source.state} in ${source.key}`]
  }
  const { key, group } = source
  const information = groupIn(ask(core, { type: 'XINFO GROUPS', key }), group)
  if (information === undefined) return []
  const unread = contentsOf(core, [key]).filter(({ id }) => isAfter(id, String(information.get('last-delivered-id'))))
  const pending = Number(information.get('pending'))
  const [first] = unread
  return [
    ...(first === undefined ? [] : [`${counted(unread.length, textOf(first.message))} in ${key} that ${group} has not read`]),
    ...(pending === 0 ? [] : [`${counted(pending, '')} of ${key} pending in ${group}`]),
  ]
}

function ask(core: ServerCore, command: Parameters<ServerCore['execute']>[1]): Reply | undefined {
  return core.execute(0, command, 0).answers[0]?.reply
}

function groupIn(reply: Reply | undefined, group: string): ReadonlyMap<string, unknown> | undefined {
  if (reply?.type !== 'replies') return undefined
  for (const each of reply.replies) {
    if (each.type !== 'information') continue
    const items = new Map<string, unknown>(each.items)
    if (items.get('name') === group) return items
  }
  return undefined
}

function isAfter(id: string, last: string): boolean {
  const [ms = 0, sequence = 0] = id.split('-').map(Number)
  const [lastMs = 0, lastSequence = 0] = last.split('-').map(Number)
  return ms > lastMs || (ms === lastMs && sequence > lastSequence)
}

function counted(count: number, example: string): string {
  const first = example === '' ? '' : count === 1 ? ` (${example})` : ` (${example} first)`
  return `${count} ${count === 1 ? 'message' : 'messages'}${first}`
}
