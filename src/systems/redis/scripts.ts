import type { Bulk } from './core/bulk.ts'
import type { Command } from './core/command.ts'
import type { Reply } from './core/reply.ts'

/** What runs inside of the server in one piece, with the keys and arguments of its call. */
type Script = (call: (command: Command) => Reply, keys: readonly string[], values: readonly Bulk[]) => Reply

const done: Reply = { type: 'integer', value: 1 }
const nothing: Reply = { type: 'integer', value: 0 }

/** Notes a job under its id, with its time, and puts it into the list, unless it was noted before. */
const enqueue: Script = (call, [list = '', job = ''], [value = '', time = '', command = '']) => {
  const noted = call({ type: 'HSETNX', key: job, field: 'enqueued-at', value: time })
  if (noted.type !== 'integer' || noted.value === 0) return nothing
  return call({ type: command === 'RPUSH' ? 'RPUSH' : 'LPUSH', key: list, values: [value] })
}

/** Takes an element out of the list of those in processing, if it is still in the hands of whoever has the token. */
const complete: Script = (call, [processing = '', job = ''], [value = '', token = '']) => {
  if (text(call({ type: 'HGET', key: job, field: 'token' })) !== token) return nothing
  const removed = call({ type: 'LREM', key: processing, count: 1, value })
  call({ type: 'HDEL', key: job, fields: ['token', 'claimed-at'] })
  return removed
}

/** Puts an element back from the list of those in processing, whoever has it. */
const putBack: Script = (call, [processing = '', list = '', job = ''], [value = '']) => {
  const removed = call({ type: 'LREM', key: processing, count: 1, value })
  if (removed.type !== 'integer' || removed.value === 0) return nothing
  call({ type: 'HDEL', key: job, fields: ['token', 'claimed-at'] })
  call({ type: 'LPUSH', key: list, values: [value] })
  return done
}

/** Puts an element back unless it was claimed anew since `claimed`, as whoever asks has read it. */
const reclaim: Script = (call, keys, [value = '', claimed = '']) => {
  const [, , job = ''] = keys
  if (text(call({ type: 'HGET', key: job, field: 'claimed-at' })) !== claimed) return nothing
  return putBack(call, keys, [value])
}

/** Acknowledges an entry that is still pending for this consumer, and no other. */
const acknowledgeOwn: Script = (call, [key = ''], [group = '', consumer = '', id = '']) => {
  const found = call({
    type: 'XPENDING',
    key,
    group: String(group),
    range: { from: String(id), to: String(id), count: 1, consumer: String(consumer) },
  })
  if (found.type !== 'pending' || found.entries.length === 0) return nothing
  return call({ type: 'XACK', key, group: String(group), ids: [String(id)] })
}

function text(reply: Reply): Bulk {
  return reply.type === 'bulk' ? reply.value : ''
}

/** The scripts that clients of this model have given to the server. */
export const scripts = { enqueue, complete, putBack, reclaim, acknowledgeOwn } as const
