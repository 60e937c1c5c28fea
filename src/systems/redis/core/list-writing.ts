import type { Bulk } from './bulk.ts'
import type { Call, Outcome } from './call.ts'
import { ElementList } from './element-list.ts'
import { failure, notAnInteger } from './errors.ts'
import type { End, ListCommandOf } from './list-command.ts'
import type { Reply } from './reply.ts'

/** `LPUSH`, `RPUSH`, and with an X only where there is a list. https://redis.io/docs/latest/commands/lpush/ */
export function push(call: Call, command: ListCommandOf<'LPUSH' | 'LPUSHX'>): Outcome {
  const { key } = command
  const found = call.find(key, 'list')
  if (found?.type === 'error') return found
  if (found === undefined && command.type.endsWith('X')) return { type: 'integer', value: 0 }
  const list = found ?? new ElementList()
  const end = command.type.startsWith('L') ? 'LEFT' : 'RIGHT'
  for (const value of command.values) {
    list.push(value, end)
    call.emit({ kind: 'pushed', key, value })
  }
  if (found === undefined) call.put(key, list)
  call.touch(key)
  call.ready.add(key)
  call.propagate(command)
  return { type: 'integer', value: list.length }
}

/** `LPOP` and `RPOP`: what they take out is nowhere else, whether or not the answer arrives. https://redis.io/docs/latest/commands/lpop/ */
export function pop(call: Call, command: ListCommandOf<'LPOP'>): Outcome {
  const { key, count } = command
  if (count !== undefined && count < 0) return failure('value is out of range, must be positive')
  const list = call.find(key, 'list')
  if (list === undefined) return { type: 'nil' }
  if (list.type === 'error') return list
  if (count === 0) return { type: 'bulks', values: [] }
  const values = take(call, key, list, command.type === 'LPOP' ? 'LEFT' : 'RIGHT', count ?? 1)
  call.propagate(command)
  const [value] = values
  if (count === undefined && value !== undefined) return { type: 'bulk', value }
  return { type: 'bulks', values }
}

/** `BLPOP`, `BRPOP`: of the first key that has something. https://redis.io/docs/latest/commands/blpop/ */
export function popBlocking(call: Call, command: ListCommandOf<'BLPOP'>): Outcome {
  const milliseconds = waitingTime(command.timeout)
  if (typeof milliseconds !== 'number') return milliseconds
  const end = command.type === 'BLPOP' ? 'LEFT' : 'RIGHT'
  const key = firstList(call, command.keys)
  if (typeof key === 'object') return key
  const list = key === undefined ? undefined : call.find(key, 'list')
  if (key === undefined || list === undefined || list.type === 'error')
    return wait(call, command, command.keys, milliseconds)
  const [value] = take(call, key, list, end, 1)
  call.propagate({ type: end === 'LEFT' ? 'LPOP' : 'RPOP', key })
  return value === undefined ? { type: 'nil' } : { type: 'popped', key, value }
}

/** `LMPOP` and `BLMPOP`. https://redis.io/docs/latest/commands/lmpop/ */
export function popSeveral(call: Call, command: ListCommandOf<'LMPOP' | 'BLMPOP'>): Outcome {
  const { keys, end, count = 1 } = command
  if (count < 1) return failure('count should be greater than 0')
  const milliseconds = command.type === 'BLMPOP' ? waitingTime(command.timeout) : undefined
  if (typeof milliseconds === 'object') return milliseconds
  const key = firstList(call, keys)
  if (typeof key === 'object') return key
  const list = key === undefined ? undefined : call.find(key, 'list')
  if (key === undefined || list === undefined || list.type === 'error')
    return milliseconds === undefined ? { type: 'nil' } : wait(call, command, keys, milliseconds)
  const values = take(call, key, list, end, count)
  call.propagate({ type: end === 'LEFT' ? 'LPOP' : 'RPOP', key, count: values.length })
  return { type: 'popped-several', key, values }
}

/** `LMOVE` and `RPOPLPUSH`: the element is always in exactly one list. https://redis.io/docs/latest/commands/lmove/ */
export function move(call: Call, command: ListCommandOf<'LMOVE' | 'RPOPLPUSH'>): Outcome {
  const reply = moveOne(call, command.source, command.destination, ...endsOf(command))
  if (reply === undefined) return { type: 'nil' }
  if (reply.type !== 'error') call.propagate(command)
  return reply
}

/** `BLMOVE` and `BRPOPLPUSH`. https://redis.io/docs/latest/commands/blmove/ */
export function moveBlocking(call: Call, command: ListCommandOf<'BLMOVE' | 'BRPOPLPUSH'>): Outcome {
  const milliseconds = waitingTime(command.timeout)
  if (typeof milliseconds !== 'number') return milliseconds
  const { source, destination } = command
  const [from, to] = endsOf(command)
  const reply = moveOne(call, source, destination, from, to)
  if (reply === undefined) return wait(call, command, [source], milliseconds)
  if (reply.type === 'error') return reply
  call.propagate(
    command.type === 'BLMOVE'
      ? { type: 'LMOVE', source, destination, from, to }
      : { type: 'RPOPLPUSH', source, destination },
  )
  return reply
}

/** `LREM`. https://redis.io/docs/latest/commands/lrem/ */
export function removeElements(call: Call, command: ListCommandOf<'LREM'>): Outcome {
  const { key, count, value } = command
  if (!Number.isInteger(count)) return notAnInteger
  const list = call.find(key, 'list')
  if (list === undefined) return { type: 'integer', value: 0 }
  if (list.type === 'error') return list
  const most = count === 0 ? Infinity : Math.abs(count)
  const removed = list.remove(value, most, count < 0 ? 'RIGHT' : 'LEFT')
  for (let index = 0; index < removed; index++) call.emit({ kind: 'removed', key, value })
  if (removed > 0) shrunk(call, key, list)
  if (removed > 0) call.propagate(command)
  return { type: 'integer', value: removed }
}

/** `LTRIM`. https://redis.io/docs/latest/commands/ltrim/ */
export function trimList(call: Call, command: ListCommandOf<'LTRIM'>): Outcome {
  const { key } = command
  const list = call.find(key, 'list')
  if (list === undefined) return { type: 'status', text: 'OK' }
  if (list.type === 'error') return list
  const [start, stop] = placesOf(command.start, command.stop, list.length)
  const removed = list.trim(start, stop)
  for (const value of removed) call.emit({ kind: 'removed', key, value })
  shrunk(call, key, list)
  if (removed.length > 0) call.propagate(command)
  return { type: 'status', text: 'OK' }
}

/** Places counted from the end made places from the start; the second is before the first where there is nothing. */
export function placesOf(start: number, stop: number, length: number): readonly [number, number] {
  const first = Math.max(0, start < 0 ? start + length : start)
  const last = Math.min(length - 1, stop < 0 ? stop + length : stop)
  return first > last ? [length, length - 1] : [first, last]
}

function moveOne(call: Call, source: string, destination: string, from: End, to: End): Reply | undefined {
  const list = call.find(source, 'list')
  if (list === undefined || list.type === 'error') return list
  const found = call.find(destination, 'list')
  if (found?.type === 'error') return found
  const value = list.pop(from)
  if (value === undefined) return undefined
  const target = found ?? new ElementList()
  target.push(value, to)
  if (found === undefined) call.put(destination, target)
  call.emit({ kind: 'moved', from: source, to: destination, value })
  call.touch(destination)
  call.ready.add(destination)
  shrunk(call, source, list)
  return { type: 'bulk', value }
}

function endsOf(command: ListCommandOf<'LMOVE' | 'RPOPLPUSH' | 'BLMOVE' | 'BRPOPLPUSH'>): readonly [End, End] {
  return 'from' in command ? [command.from, command.to] : ['RIGHT', 'LEFT']
}

function take(call: Call, key: string, list: ElementList, end: End, count: number): readonly Bulk[] {
  const values: Bulk[] = []
  while (values.length < count) {
    const value = list.pop(end)
    if (value === undefined) break
    values.push(value)
    call.emit({ kind: 'popped', key, value })
  }
  shrunk(call, key, list)
  return values
}

/** A list without elements is none. */
function shrunk(call: Call, key: string, list: ElementList): void {
  call.touch(key)
  if (list.length === 0) call.remove(key, 'emptied')
}

/** The first key with a list; an error if there is something else before it. */
function firstList(call: Call, keys: readonly string[]): string | Reply | undefined {
  for (const key of keys) {
    const list = call.find(key, 'list')
    if (list?.type === 'error') return list
    if (list !== undefined) return key
  }
  return undefined
}

function waitingTime(seconds: number): number | Reply {
  if (!Number.isFinite(seconds)) return failure('timeout is not a float or out of range')
  if (seconds < 0) return failure('timeout is negative')
  return seconds === 0 ? Infinity : Math.ceil(seconds * 1000)
}

function wait(
  call: Call,
  command: ListCommandOf<'BLPOP' | 'BLMPOP' | 'BLMOVE' | 'BRPOPLPUSH' | 'LMPOP'>,
  keys: readonly string[],
  timeout: number,
): Outcome {
  return call.mayWait ? { type: 'waits', command, keys, timeout } : { type: 'nil' }
}
