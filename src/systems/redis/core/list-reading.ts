import type { Call, Outcome } from './call.ts'
import type { ListCommandOf } from './list-command.ts'
import { placesOf } from './list-writing.ts'

export function listLength(call: Call, command: ListCommandOf<'LLEN'>): Outcome {
  const list = call.find(command.key, 'list')
  return list?.type === 'error' ? list : { type: 'integer', value: list?.length ?? 0 }
}

/** `LRANGE`. https://redis.io/docs/latest/commands/lrange/ */
export function listRange(call: Call, command: ListCommandOf<'LRANGE'>): Outcome {
  const list = call.find(command.key, 'list')
  if (list === undefined) return { type: 'bulks', values: [] }
  if (list.type === 'error') return list
  const [start, stop] = placesOf(command.start, command.stop, list.length)
  return { type: 'bulks', values: list.slice(start, stop) }
}

export function elementAt(call: Call, command: ListCommandOf<'LINDEX'>): Outcome {
  const list = call.find(command.key, 'list')
  if (list === undefined) return { type: 'nil' }
  if (list.type === 'error') return list
  const value = list.at(command.index < 0 ? command.index + list.length : command.index)
  return value === undefined ? { type: 'nil' } : { type: 'bulk', value }
}
