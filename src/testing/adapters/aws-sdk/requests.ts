import type { Inside } from '../../bridge/inside.ts'
import { inside } from '../../bridge/inside.ts'
import { uuidOf } from '../sqs/message.ts'

/** The process in which code calls a client. */
export function calling(client: string): Inside {
  const found = inside()
  if (found !== undefined) return found
  throw new Error(`This ${client} can be called only by code that runs in a check.`)
}

const made = new WeakMap<Inside, number>()

/** The id of the next request of a process. */
export function nextRequestId(process: Inside): string {
  const number = (made.get(process) ?? 0) + 1
  made.set(process, number)
  const { name, incarnation } = process.process
  return uuidOf(`${name}/${incarnation}/request/${number}`)
}
