import type { Micros } from '../../../simulation/duration.ts'
import { hour, minute } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import type { Envelope } from '../../system.ts'

/*
 * What standard and FIFO queues have in common. A core is the pure state of a queue: time, the servers that can be reached and the randomness of
 * the call are passed in, and what happened comes back as events.
 */

/** The attributes and quotas that decide what a queue does. */
export interface QueueRules {
  readonly visibilityTimeout: Micros
  readonly retention: Micros
  readonly delay: Micros
  /** Receives after which a message is moved to the dead-letter queue instead of being received; nothing without a redrive policy. */
  readonly maxReceiveCount: number | undefined
  /** Messages that may be received and not deleted. */
  readonly inFlightLimit: number
  /** Messages of a FIFO queue that are looked at for groups that are free. */
  readonly scanWindow: number
  readonly deduplicationScope: 'queue' | 'messageGroup'
}

/** How a queue is spread over servers. */
export interface Storage {
  readonly servers: number
  /** Servers that have a copy of a message of a standard queue. */
  readonly copies: number
  /** Servers that a short poll asks. */
  readonly shortPollServers: number
  /** Longest time that a server, once it can be reached again, goes without a change that it missed. */
  readonly repairWithin: Micros
  /** How often a deletion by an old receipt handle deletes. */
  readonly oldHandleDeletes: number
}

/** When a call comes, which servers it reaches, and the randomness that belongs to it. */
export interface Situation {
  readonly now: Micros
  readonly reachable: ReadonlySet<number>
  readonly random: Random
}

/** A message as a queue is given it. */
export interface NewMessage {
  readonly copy: number
  /** What stands for it in its MessageId: a dead letter keeps it, and what comes again from a server that missed its deletion. */
  readonly id: number
  readonly envelope: Envelope
  /** When it counts as sent: a dead letter of a standard queue keeps the time of its first queue. */
  readonly sentAt: Micros
  /** Its own delay, in place of the queue's; standard queues only. */
  readonly delay: Micros | undefined
  readonly group: string
  readonly deduplicationId: string | undefined
  /** The queue whose dead letter this is. */
  readonly deadLetterOf: string | undefined
}

/** A message in a queue, as others see it. */
export interface HeldMessage {
  readonly copy: number
  readonly id: number
  readonly envelope: Envelope
  readonly sentAt: Micros
  readonly group: string
  /** As its sender gave it, or by its content; standard queues keep none. */
  readonly deduplicationId: string | undefined
  /** Its number in a FIFO queue. */
  readonly sequence: number | undefined
  readonly deadLetterOf: string | undefined
  readonly receives: number
  readonly firstReceivedAt: Micros | undefined
}

/** A receipt handle: it stands for one receive of one message. */
export interface Receipt {
  readonly copy: number
  readonly receive: number
}

export interface Received {
  readonly message: HeldMessage
  readonly receipt: Receipt
}

/** Error codes of the service's API. */
export type ErrorCode =
  | 'ServiceUnavailable'
  | 'InternalError'
  | 'ThrottlingException'
  | 'OverLimit'
  | 'InvalidParameterValue'
  | 'MessageNotInflight'
  | 'NonExistentQueue'

export interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
}

export type QueueEvent =
  | { readonly kind: 'stored'; readonly message: HeldMessage }
  | { readonly kind: 'ended'; readonly message: HeldMessage; readonly fate: string; readonly reason: string }
  | { readonly kind: 'received'; readonly message: HeldMessage }
  | { readonly kind: 'visible-again'; readonly message: HeldMessage; readonly reason: string }
  | { readonly kind: 'extended'; readonly message: HeldMessage; readonly until: Micros }
  /** A server that has a copy did not hear of a receive or a deletion. */
  | { readonly kind: 'missed'; readonly message: HeldMessage; readonly server: number; readonly action: string }
  /** A send was taken for one that had been accepted before. */
  | { readonly kind: 'deduplicated'; readonly envelope: Envelope; readonly first: Envelope }
  | { readonly kind: 'not-deleted'; readonly message: HeldMessage; readonly reason: string }

export interface SendResult {
  readonly refusal?: Refusal
  readonly events: readonly QueueEvent[]
}

export interface ReceiveRequest {
  readonly most: number
  readonly visibilityTimeout: Micros | undefined
  /** Whether all servers are asked, and not a sample of them. */
  readonly long: boolean
  readonly attemptId: string | undefined
}

export interface ReceiveResult {
  readonly refusal?: Refusal
  readonly messages: readonly Received[]
  /** What was requested once too often: it is out of this queue and to be put into the dead-letter queue. */
  readonly exhausted: readonly HeldMessage[]
  /** Why nothing came although messages are there. */
  readonly overlooked: Overlooked | undefined
  readonly events: readonly QueueEvent[]
}

/** Messages that were there, the first of them, and why none of them was returned. */
export interface Overlooked {
  readonly count: number
  readonly first: Envelope
  readonly reason: string
}

export interface SettleResult {
  readonly refusal?: Refusal
  readonly events: readonly QueueEvent[]
}

export interface QueueCore {
  /** Messages in it. */
  readonly size: number
  readonly inFlight: number
  send(message: NewMessage, situation: Situation): SendResult
  receive(request: ReceiveRequest, situation: Situation): ReceiveResult
  delete(receipt: Receipt, fate: string, situation: Situation): SettleResult
  changeVisibility(receipt: Receipt, timeout: Micros, situation: Situation): SettleResult
  /** Lets happen what time brings: messages expire, or are visible again. */
  advance(now: Micros): readonly QueueEvent[]
  /** When time brings something next. */
  readonly nextDue: Micros | undefined
  /** Other servers can be reached than before; what this brings comes later, with time. */
  serversChanged(reachable: ReadonlySet<number>, now: Micros): void
  setDelay(delay: Micros, now: Micros): void
  /** Deletes everything. */
  clear(reason: string): readonly QueueEvent[]
  /** Takes out a dead letter that is visible. */
  takeDeadLetter(now: Micros): { readonly letter: HeldMessage; readonly events: readonly QueueEvent[] } | undefined
  /** What is in it: `visible`, `in flight` or `delayed`; `left behind` on servers that missed its deletion. */
  messages(): Iterable<{ readonly message: HeldMessage; readonly state: string }>
  /** How many messages may still be received while these servers can be reached, and the first of them. */
  unfinished(reachable: ReadonlySet<number>): { readonly count: number; readonly first: Envelope | undefined }
  /** Servers that have a copy of a message of this name. */
  serversOf(message: number): readonly number[]
}

/** A message may stay hidden for so long after a receive, however often that is extended. */
export const longestVisibility: Micros = 12 * hour

/** How long a FIFO queue remembers a deduplication id and an attempt to receive. */
export const deduplicationInterval: Micros = 5 * minute

export const beyondLimit: Refusal = {
  code: 'InvalidParameterValue',
  reason: 'a message is hidden for 12 hours at most, from its receive on',
}

export const notInFlight: Refusal = { code: 'MessageNotInflight', reason: 'the message is not in flight' }
