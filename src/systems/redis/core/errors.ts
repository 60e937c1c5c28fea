import type { ErrorReply } from './reply.ts'

export function failure(text: string, prefix: ErrorReply['prefix'] = 'ERR'): ErrorReply {
  return { type: 'error', prefix, text }
}

export const wrongType = failure('Operation against a key holding the wrong kind of value', 'WRONGTYPE')
export const syntaxError = failure('syntax error')
export const noSuchKey = failure('no such key')
export const notAnInteger = failure('value is not an integer or out of range')
export const outOfMemory = failure("command not allowed when used memory > 'maxmemory'.", 'OOM')
export const aborted = failure('Transaction discarded because of previous errors.', 'EXECABORT')
export const notWithinTransaction = failure("SSUBSCRIBE isn't allowed for a DENY BLOCKING client")
export const noLongerMaster = failure(
  'force unblock from blocking operation, instance state changed (master -> replica?)',
  'UNBLOCKED',
)

export function noGroup(key: string, group: string, where = ''): ErrorReply {
  return failure(`No such key '${key}' or consumer group '${group}'${where}`, 'NOGROUP')
}

export function noGroupForKey(key: string, group: string): ErrorReply {
  return failure(`No such consumer group '${group}' for key name '${key}'`, 'NOGROUP')
}

export function unknownCommand(name: string): ErrorReply {
  return failure(`unknown command '${name}'`)
}

/** A transaction ends because its `EXEC` could not be executed. */
export function abortedBecause({ prefix, text }: ErrorReply): ErrorReply {
  return failure(`Transaction discarded because of: ${prefix === 'ERR' ? '' : `${prefix} `}${text}`, 'EXECABORT')
}

export function notForSubscribers(command: string): ErrorReply {
  const name = command.toLowerCase().replace(' ', '|')
  return failure(
    `Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  )
}
