import type { Call, Outcome } from './call.ts'
import type { Command, DataCommand } from './command.ts'
import { executeData } from './data-commands.ts'
import { failure } from './errors.ts'
import { createConsumer } from './group-reading.ts'
import { compareIds, parseId } from './stream-id.ts'
import { isAtLeast } from './version.ts'

/** Executes the command of a client that waits, now that a key of it is ready; `undefined` if there is no reason to look. */
export function serve(call: Call, command: Command, key: string): Outcome | undefined {
  const type = call.key(key)?.value.type
  const isReader = command.type === 'XREADGROUP'
  const isExpected = type === (command.type.startsWith('X') ? 'stream' : 'list')
  // A group goes with its stream, so whoever reads for one has nothing more to wait for.
  if (!isExpected && !isReader) return undefined
  if (isAtLeast(call.version, '7.2')) return isData(command) ? executeData(call, command) : undefined
  if (!isExpected) return failure('the stream key no longer exists', 'UNBLOCKED')
  return serveOnKey(call, command, key)
}

/** Before 7.2 a client got what the one key has, and its command was not executed anew. */
function serveOnKey(call: Call, command: Command, key: string): Outcome | undefined {
  switch (command.type) {
    case 'BLPOP':
    case 'BRPOP':
    case 'BLMPOP':
      return executeData(call, { ...command, keys: [key] })
    case 'BLMOVE':
    case 'BRPOPLPUSH':
      return executeData(call, command)
    case 'XREAD': {
      const streams = command.streams.filter((position) => position.key === key).slice(0, 1)
      const outcome = executeData(call, { ...command, streams, count: countOf(command.count) })
      if (outcome.type !== 'waits' || !hasMoved(call, key, streams[0]?.id)) return outcome
      return { type: 'streams', streams: [{ key, entries: [] }] }
    }
    case 'XREADGROUP': {
      const stream = call.find(key, 'stream')
      const group = stream?.type === 'stream' ? stream.groups.get(command.group) : undefined
      if (group === undefined)
        return failure('the consumer group this client was blocked on no longer exists', 'NOGROUP')
      const streams = command.streams.filter((position) => position.key === key).slice(0, 1)
      const outcome = executeData(call, { ...command, streams, count: countOf(command.count) })
      if (outcome.type !== 'waits' || stream?.type !== 'stream') return outcome
      if (compareIds(stream.lastId, group.lastDelivered) <= 0) return outcome
      createConsumer(call, command, key, group)
      return { type: 'streams', streams: [{ key, entries: [] }] }
    }
    default:
      return undefined
  }
}

/** An entry may have come and gone again: then the answer has none. */
function hasMoved(call: Call, key: string, position: string | undefined): boolean {
  const stream = call.find(key, 'stream')
  const after = parseId(position ?? '')
  return stream?.type === 'stream' && after !== undefined && compareIds(stream.lastId, after) > 0
}

/** Whoever had to wait does not get a whole stream at once. */
function countOf(count: number | undefined): number {
  return count === undefined || count <= 0 ? 1000 : count
}

function isData(command: Command): command is DataCommand {
  return command.type.startsWith('X') || command.type.startsWith('B')
}
