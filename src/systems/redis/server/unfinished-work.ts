import type { ServerCore } from '../core/server-core.ts'
import { Stream } from '../core/stream.ts'
import { contentsOf, entriesAfter } from './contents.ts'

type Source =
  | { readonly kind: 'group'; readonly key: string; readonly group: string; readonly start: string }
  | { readonly kind: 'list'; readonly key: string; readonly state: string }

/** What a group has not read or not acknowledged, or what is in a list, for people; nothing when there is none. */
export function unfinishedIn(core: ServerCore, source: Source, textOf: (message: number) => string): readonly string[] {
  const { key } = source
  if (source.kind === 'list') {
    const elements = contentsOf(core, [key])
    const next = elements.at(-1)
    return next === undefined ? [] : [`${counted(elements.length, textOf(next.message))} ${source.state} in ${key}`]
  }
  const stream = core.keys.get(key)?.value
  const group = stream instanceof Stream ? stream.groups.get(source.group) : undefined
  // A group that is not there, as after a loss of power, will be when its members are back, if it begins with the first entry.
  if (!(stream instanceof Stream) || (group === undefined && source.start === '$')) return []
  const unread = entriesAfter(stream, key, group?.lastDelivered)
  const [first] = unread
  const pendingCount = group?.pendingCount ?? 0
  return [
    ...(first === undefined
      ? []
      : [`${counted(unread.length, textOf(first.message))} in ${key} that ${source.group} has not read`]),
    ...(pendingCount === 0 ? [] : [`${counted(pendingCount, '')} of ${key} pending in ${source.group}`]),
  ]
}

function counted(count: number, example: string): string {
  const first = example === '' ? '' : count === 1 ? ` (${example})` : ` (${example} first)`
  return `${count} ${count === 1 ? 'message' : 'messages'}${first}`
}
