import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered, callsFor } from './call-of-code.ts'
import type { HeldMessage } from '../../sqs/calls-by-code.ts'
import type { ReadHandle } from '../../sqs/receipt-handle.ts'
import { readHandle } from '../../sqs/receipt-handle.ts'
import type { BatchEntry, Input } from './input.ts'
import { isOfSender, sqsError } from './sqs-error.ts'

/** A message that a call is about. */
export interface Target extends ReadHandle {
  /** Nothing where this process does not have it in hand. */
  readonly held: HeldMessage | undefined
}

/** The message whose receipt handle the input has; or why there is none. */
export function targetIn(of: CallOfCode, input: Input): Target | EntryRefusal {
  const handle = input.text('ReceiptHandle')
  const read = readHandle(handle)
  if (read?.queue === of.input.queue()) return { ...read, held: callsFor(of).held(handle) }
  return { code: 'ReceiptHandleIsInvalid', message: `The receipt handle ${handle.slice(0, 40)} is not valid.` }
}

/** The same for a call that is no batch. */
export function targetOf(of: CallOfCode): Target {
  const target = targetIn(of, of.input)
  if ('code' in target) throw sqsError(target, of.input.requestId)
  return target
}

/** What a batch answers: each entry by itself. */
export interface BatchAnswer<S = object> extends Answered {
  readonly Successful?: ({ readonly Id: string } & S)[]
  readonly Failed?: FailedEntry[]
}

export interface FailedEntry {
  readonly Id: string
  readonly SenderFault: boolean
  readonly Code: string
  readonly Message: string
}

/** Why an entry failed. */
export interface EntryRefusal {
  readonly code: string
  readonly message: string
}

/** How an entry fared: what is said of it where it succeeded, or why it failed. */
export interface EntryEnd<S> {
  readonly entry: BatchEntry
  readonly end: S | EntryRefusal
}

export function batchAnswer<S extends object>(of: CallOfCode, ends: readonly EntryEnd<S>[]): BatchAnswer<S> {
  const successful = ends.flatMap(({ entry, end }) => (isRefusal(end) ? [] : [{ Id: entry.id, ...end }]))
  const failed = ends.flatMap(({ entry, end }) => (isRefusal(end) ? [failedEntry(entry, end)] : []))
  return {
    ...answered(of),
    ...(successful.length === 0 ? {} : { Successful: successful }),
    ...(failed.length === 0 ? {} : { Failed: failed }),
  }
}

export function isRefusal(end: object): end is EntryRefusal {
  return 'code' in end
}

function failedEntry({ id }: BatchEntry, { code, message }: EntryRefusal): FailedEntry {
  return { Id: id, SenderFault: isOfSender(code), Code: code, Message: message }
}
