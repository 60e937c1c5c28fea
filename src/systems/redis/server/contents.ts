import type { ServerCore } from '../core/server-core.ts'
import type { Held } from './copy-ledger.ts'
import { messageIn } from './copy-ledger.ts'

/*
 * What is in the keys of a server, for whoever keeps account of it. Reading is no command of anybody: client 0 is nobody.
 */

const nobody = 0

/** Every message in these keys, in their order. */
export function contentsOf(core: ServerCore, keys: readonly string[]): readonly Held[] {
  return keys.flatMap((key) => [...entriesOf(core, key), ...elementsOf(core, key)])
}

/** The message of an entry. */
export function messageAt(core: ServerCore, key: string, id: string): number | undefined {
  return entriesOf(core, key, id, id)[0]?.message
}

function entriesOf(core: ServerCore, key: string, from = '-', to = '+'): readonly Held[] {
  const [answer] = core.execute(nobody, { type: 'XRANGE', key, from, to }, 0).answers
  if (answer?.reply.type !== 'entries') return []
  return answer.reply.entries.flatMap(({ id, fields }) => {
    const message = messageIn(fields ?? [])
    return message === undefined ? [] : [{ key, id, message }]
  })
}

function elementsOf(core: ServerCore, key: string): readonly Held[] {
  const [answer] = core.execute(nobody, { type: 'LRANGE', key, start: 0, stop: -1 }, 0).answers
  if (answer?.reply.type !== 'bulks') return []
  return answer.reply.values.flatMap((value) => {
    const message = value === undefined ? undefined : messageIn([value])
    return message === undefined ? [] : [{ key, id: '', message }]
  })
}
