import type { Bulk } from './bulk.ts'
import type { StreamCommand, StreamPosition, Trimming } from './stream-command.ts'

export type Word = Bulk | number

/** What stands behind the name of a command on a stream. */
export function streamArguments(command: StreamCommand): readonly Word[] {
  switch (command.type) {
    case 'XADD': {
      const { key, noMakeStream, trimming, idempotency, id, fields } = command
      const by =
        idempotency?.id === undefined
          ? given('IDMPAUTO', idempotency?.producer)
          : ['IDMP', idempotency.producer, idempotency.id]
      return [key, ...flag('NOMKSTREAM', noMakeStream), ...trimmingWords(trimming), ...by, id, ...fields]
    }
    case 'XTRIM':
      return [command.key, ...trimmingWords(command.trimming)]
    case 'XDEL':
      return [command.key, ...command.ids]
    case 'XDELEX':
      return [command.key, ...given(undefined, command.references), 'IDS', command.ids.length, ...command.ids]
    case 'XRANGE':
    case 'XREVRANGE':
      return [command.key, command.from, command.to, ...given('COUNT', command.count)]
    case 'XREAD':
      return [...given('COUNT', command.count), ...given('BLOCK', command.block), ...positionWords(command.streams)]
    case 'XREADGROUP': {
      const { group, consumer, count, block, claim, noAck, streams } = command
      const options = [
        ...given('COUNT', count),
        ...given('BLOCK', block),
        ...given('CLAIM', claim),
        ...flag('NOACK', noAck),
      ]
      return ['GROUP', group, consumer, ...options, ...positionWords(streams)]
    }
    case 'XACK':
      return [command.key, command.group, ...command.ids]
    case 'XACKDEL':
      return [
        command.key,
        command.group,
        ...given(undefined, command.references),
        'IDS',
        command.ids.length,
        ...command.ids,
      ]
    case 'XNACK': {
      const { key, group, mode, ids, retryCount, force } = command
      return [key, group, mode, 'IDS', ids.length, ...ids, ...given('RETRYCOUNT', retryCount), ...flag('FORCE', force)]
    }
    case 'XCLAIM': {
      const { key, group, consumer, minIdle, ids, idle, time, retryCount, force, justId, lastId } = command
      const options = [...given('IDLE', idle), ...given('TIME', time), ...given('RETRYCOUNT', retryCount)]
      const flags = [...flag('FORCE', force), ...flag('JUSTID', justId), ...given('LASTID', lastId)]
      return [key, group, consumer, minIdle, ...ids, ...options, ...flags]
    }
    case 'XAUTOCLAIM': {
      const { key, group, consumer, minIdle, start, count, justId } = command
      return [key, group, consumer, minIdle, start, ...given('COUNT', count), ...flag('JUSTID', justId)]
    }
    case 'XPENDING': {
      const { key, group, range } = command
      if (range === undefined) return [key, group]
      const { minIdle, from, to, count, consumer } = range
      return [key, group, ...given('IDLE', minIdle), from, to, count, ...given(undefined, consumer)]
    }
    case 'XGROUP CREATE': {
      const { key, group, id, makeStream, entriesRead } = command
      return [key, group, id, ...flag('MKSTREAM', makeStream), ...given('ENTRIESREAD', entriesRead)]
    }
    case 'XGROUP SETID':
      return [command.key, command.group, command.id, ...given('ENTRIESREAD', command.entriesRead)]
    case 'XGROUP DESTROY':
    case 'XINFO CONSUMERS':
      return [command.key, command.group]
    case 'XGROUP CREATECONSUMER':
    case 'XGROUP DELCONSUMER':
      return [command.key, command.group, command.consumer]
    case 'XSETID': {
      const { key, id, entriesAdded, maxDeletedId } = command
      return [key, id, ...given('ENTRIESADDED', entriesAdded), ...given('MAXDELETEDID', maxDeletedId)]
    }
    case 'XCFGSET':
      return [command.key, ...given('IDMP-DURATION', command.duration), ...given('IDMP-MAXSIZE', command.maxSize)]
    case 'XLEN':
    case 'XINFO STREAM':
    case 'XINFO GROUPS':
      return [command.key]
  }
}

/** A word and what belongs to it, where it is given; without a word the value alone. */
export function given(word: string | undefined, value: Word | undefined): readonly Word[] {
  if (value === undefined) return []
  return word === undefined ? [value] : [word, value]
}

export function flag(word: string, isSet: boolean | undefined): readonly Word[] {
  return isSet === true ? [word] : []
}

function trimmingWords(trimming: Trimming | undefined): readonly Word[] {
  if (trimming === undefined) return []
  const { strategy, approximate, limit, references } = trimming
  const threshold = 'maxLength' in strategy ? strategy.maxLength : strategy.minId
  const word = 'maxLength' in strategy ? 'MAXLEN' : 'MINID'
  return [word, approximate ? '~' : '=', threshold, ...given('LIMIT', limit), ...given(undefined, references)]
}

function positionWords(streams: readonly StreamPosition[]): readonly Word[] {
  return ['STREAMS', ...streams.map(({ key }) => key), ...streams.map(({ id }) => id)]
}
