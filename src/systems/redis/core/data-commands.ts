import { acknowledge, acknowledgeAndDelete, release } from './acknowledging.ts'
import type { Call, Outcome } from './call.ts'
import { claim, claimAutomatically } from './claiming.ts'
import type { DataCommand } from './command.ts'
import { failure, syntaxError, unknownCommand } from './errors.ts'
import { createConsumer, createGroup, deleteConsumer, destroyGroup, setGroupId } from './group-administration.ts'
import { readGroup } from './group-reading.ts'
import {
  deleteFields,
  getAllFields,
  getField,
  getFields,
  incrementField,
  setFields,
  setNewField,
} from './hash-commands.ts'
import { countKeys, deleteEverything, deleteKeys, expireKey, persistKey, timeToLive, typeOf } from './key-commands.ts'
import { elementAt, listLength, listRange } from './list-reading.ts'
import { move, moveBlocking, pop, popBlocking, popSeveral, push, removeElements, trimList } from './list-writing.ts'
import type { ErrorReply } from './reply.ts'
import { invalidId } from './stream-id.ts'
import { consumersInformation, groupsInformation, pending, streamInformation } from './stream-information.ts'
import { lengthOf, range, read } from './stream-reading.ts'
import { add, configureStream, deleteEntries, deleteWithReferences, setLastId, trimStream } from './stream-writing.ts'
import { getAndDelete, getText, increment, setText } from './text-commands.ts'
import type { Version } from './version.ts'
import { isAtLeast } from './version.ts'

/** Executes a command on the keys. */
export function executeData(call: Call, command: DataCommand): Outcome {
  const since = sinceVersion[command.type]
  if (since !== undefined && !isAtLeast(call.version, since)) return unknownCommand(command.type)
  const fault = unknownOption(call.version, command)
  if (fault !== undefined) return fault
  switch (command.type) {
    case 'DEL':
    case 'UNLINK':
      return deleteKeys(call, command)
    case 'EXISTS':
      return countKeys(call, command)
    case 'TYPE':
      return typeOf(call, command)
    case 'PTTL':
      return timeToLive(call, command)
    case 'PERSIST':
      return persistKey(call, command)
    case 'PEXPIRE':
    case 'PEXPIREAT':
      return expireKey(call, command)
    case 'FLUSHALL':
      return deleteEverything(call, command)
    case 'SET':
      return setText(call, command)
    case 'GET':
      return getText(call, command)
    case 'GETDEL':
      return getAndDelete(call, command)
    case 'INCRBY':
      return increment(call, command)
    case 'HSET':
      return setFields(call, command)
    case 'HSETNX':
      return setNewField(call, command)
    case 'HGET':
    case 'HEXISTS':
      return getField(call, command)
    case 'HMGET':
      return getFields(call, command)
    case 'HDEL':
      return deleteFields(call, command)
    case 'HGETALL':
    case 'HLEN':
      return getAllFields(call, command)
    case 'HINCRBY':
      return incrementField(call, command)
    case 'LPUSH':
    case 'RPUSH':
    case 'LPUSHX':
    case 'RPUSHX':
      return push(call, command)
    case 'LPOP':
    case 'RPOP':
      return pop(call, command)
    case 'LLEN':
      return listLength(call, command)
    case 'LRANGE':
      return listRange(call, command)
    case 'LTRIM':
      return trimList(call, command)
    case 'LINDEX':
      return elementAt(call, command)
    case 'LREM':
      return removeElements(call, command)
    case 'LMOVE':
    case 'RPOPLPUSH':
      return move(call, command)
    case 'LMPOP':
    case 'BLMPOP':
      return popSeveral(call, command)
    case 'BLPOP':
    case 'BRPOP':
      return popBlocking(call, command)
    case 'BLMOVE':
    case 'BRPOPLPUSH':
      return moveBlocking(call, command)
    default:
      return executeStream(call, command)
  }
}

function executeStream(call: Call, command: Extract<DataCommand, { readonly type: `X${string}` }>): Outcome {
  switch (command.type) {
    case 'XADD':
      return add(call, command)
    case 'XTRIM':
      return trimStream(call, command)
    case 'XLEN':
      return lengthOf(call, command)
    case 'XDEL':
      return deleteEntries(call, command)
    case 'XDELEX':
      return deleteWithReferences(call, command)
    case 'XRANGE':
    case 'XREVRANGE':
      return range(call, command)
    case 'XREAD':
      return read(call, command)
    case 'XREADGROUP':
      return readGroup(call, command)
    case 'XACK':
      return acknowledge(call, command)
    case 'XACKDEL':
      return acknowledgeAndDelete(call, command)
    case 'XNACK':
      return release(call, command)
    case 'XCLAIM':
      return claim(call, command)
    case 'XAUTOCLAIM':
      return claimAutomatically(call, command)
    case 'XPENDING':
      return pending(call, command)
    case 'XGROUP CREATE':
      return createGroup(call, command)
    case 'XGROUP SETID':
      return setGroupId(call, command)
    case 'XGROUP DESTROY':
      return destroyGroup(call, command)
    case 'XGROUP CREATECONSUMER':
      return createConsumer(call, command)
    case 'XGROUP DELCONSUMER':
      return deleteConsumer(call, command)
    case 'XSETID':
      return setLastId(call, command)
    case 'XCFGSET':
      return configureStream(call, command)
    case 'XINFO STREAM':
      return streamInformation(call, command)
    case 'XINFO GROUPS':
      return groupsInformation(call, command)
    case 'XINFO CONSUMERS':
      return consumersInformation(call, command)
  }
}

/** What an older server says to an option that it does not know: for `XADD` it is an id. */
function unknownOption(version: Version, command: DataCommand): ErrorReply | undefined {
  if (command.type === 'XREADGROUP')
    return command.claim === undefined || isAtLeast(version, '8.4') ? undefined : syntaxError
  if (command.type !== 'XADD' && command.type !== 'XTRIM') return undefined
  const needsIdempotency = command.type === 'XADD' && command.idempotency !== undefined
  const isKnown =
    (!needsIdempotency || isAtLeast(version, '8.6')) &&
    (command.trimming?.references === undefined || isAtLeast(version, '8.2'))
  if (isKnown) return undefined
  return command.type === 'XADD' ? failure(invalidId) : syntaxError
}

/** Commands that older servers do not know. */
const sinceVersion: { readonly [type in DataCommand['type']]?: Version } = {
  XDELEX: '8.2',
  XACKDEL: '8.2',
  XCFGSET: '8.6',
  XNACK: '8.8',
}
