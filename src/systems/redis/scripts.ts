import type { Bulk } from './core/bulk.ts'
import type { Reply } from './core/reply.ts'
import type { Script, ScriptContext } from './core/script.ts'

const done: Reply = { type: 'integer', value: 1 }
const nothing: Reply = { type: 'integer', value: 0 }

/** Notes a job under its id, with its time, and puts it into the list, unless it was noted before. */
const enqueue: Script = ({ run, keys: [list = '', job = ''], arguments: [value = '', time = '', command = ''] }) => {
  const noted = run({ type: 'HSETNX', key: job, field: 'enqueued-at', value: time })
  if (noted.type !== 'integer' || noted.value === 0) return nothing
  return run({ type: command === 'RPUSH' ? 'RPUSH' : 'LPUSH', key: list, values: [value] })
}

/** Takes an element out of the list of those in processing, if it is still in the hands of whoever has the token. */
const complete: Script = ({ run, keys: [processing = '', job = ''], arguments: [value = '', token = ''] }) => {
  if (text(run({ type: 'HGET', key: job, field: 'token' })) !== token) return nothing
  const removed = run({ type: 'LREM', key: processing, count: 1, value })
  run({ type: 'HDEL', key: job, fields: ['token', 'claimed-at'] })
  return removed
}

/** Puts an element back from the list of those in processing, whoever has it. */
const putBack: Script = ({ run, keys: [processing = '', list = '', job = ''], arguments: [value = ''] }) => {
  const removed = run({ type: 'LREM', key: processing, count: 1, value })
  if (removed.type !== 'integer' || removed.value === 0) return nothing
  run({ type: 'HDEL', key: job, fields: ['token', 'claimed-at'] })
  run({ type: 'LPUSH', key: list, values: [value] })
  return done
}

/** Puts an element back unless it was claimed anew since `claimed`, as whoever asks has read it. */
const reclaim: Script = (context: ScriptContext) => {
  const {
    run,
    keys: [, , job = ''],
    arguments: [, claimed = ''],
  } = context
  if (text(run({ type: 'HGET', key: job, field: 'claimed-at' })) !== claimed) return nothing
  return putBack(context)
}

/** Acknowledges an entry that is still pending for this consumer, and no other. */
const acknowledgeOwn: Script = ({ run, keys: [key = ''], arguments: [group = '', consumer = '', id = ''] }) => {
  const found = run({
    type: 'XPENDING',
    key,
    group: String(group),
    range: { from: String(id), to: String(id), count: 1, consumer: String(consumer) },
  })
  if (found.type !== 'pending' || found.entries.length === 0) return nothing
  return run({ type: 'XACK', key, group: String(group), ids: [String(id)] })
}

function text(reply: Reply): Bulk {
  return reply.type === 'bulk' ? reply.value : ''
}

/** The scripts that clients of this model have given to the server. */
export const scripts: ReadonlyMap<string, Script> = new Map(
  Object.entries({ enqueue, complete, putBack, reclaim, acknowledgeOwn }),
)
