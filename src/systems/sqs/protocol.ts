import type { Name } from '../../history/fact.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Envelope } from '../system.ts'
import type { Receipt, Refusal } from './core/queue-core.ts'
import type { QueuePlan } from './options/queue-plan.ts'

/** The port of the service's endpoint. */
export const endpointPort = 'https'

/** Bytes of a call or an answer besides the messages in it. */
const headerBytes = 700

/** A message of a send. */
export interface SendEntry {
  readonly envelope: Envelope
  /** What its body says: two that say the same are the same to ContentBasedDeduplication. */
  readonly content: string
  /** Empty for none, which a FIFO queue refuses. */
  readonly group: string
  readonly deduplicationId: string | undefined
  readonly delay: Micros | undefined
}

/** A message that is to be hidden for so long, from now on. */
export interface VisibilityEntry {
  readonly receipt: Receipt
  /** Which message it is, for the account of what happened. */
  readonly message: Name
  readonly timeout: Micros
}

/** How many messages a queue has, by what can be done with them. */
export interface QueueCounts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
}

/** What a client asks of the service. A call that is no `batch` has one entry. */
export type Call =
  | {
      readonly type: 'SendMessage'
      readonly queue: string
      readonly batch: boolean
      readonly entries: readonly SendEntry[]
    }
  | {
      readonly type: 'ReceiveMessage'
      readonly queue: string
      readonly most: number
      /** Without it the queue's attribute counts. */
      readonly waitTime: Micros | undefined
      readonly visibilityTimeout: Micros | undefined
      readonly attemptId: string | undefined
      /** µs after an empty short poll at which its client asks the same again; and whether it is content with a later answer instead. */
      readonly again: Micros
      readonly mayRest: boolean
    }
  | {
      readonly type: 'DeleteMessage'
      readonly queue: string
      readonly batch: boolean
      readonly receipts: readonly Receipt[]
      /** Which messages they are, for the account of what happened. */
      readonly messages: readonly Name[]
      /** Why it is deleted, for the account of copies. */
      readonly fate: 'acknowledged' | 'dropped'
    }
  | {
      readonly type: 'ChangeMessageVisibility'
      readonly queue: string
      readonly batch: boolean
      readonly entries: readonly VisibilityEntry[]
    }
  | { readonly type: 'GetQueueUrl' | 'GetQueueAttributes'; readonly queue: string }

export type ReceiveCall = Extract<Call, { readonly type: 'ReceiveMessage' }>

export interface Request {
  readonly call: Call
  /** Names the call of this attempt: what it draws is keyed by it. */
  readonly id: string
}

/** A message of a receive. */
export interface ReceivedEntry {
  readonly envelope: Envelope
  readonly receipt: Receipt
  /** What its system attributes say, but for the sender. */
  readonly receives: number
  readonly sentAt: Micros
  readonly firstReceivedAt: Micros
  readonly deadLetterOf: string | undefined
  /** Nothing in a standard queue. A dead letter has no deduplication id. */
  readonly fifo:
    | { readonly group: string; readonly deduplicationId: string | undefined; readonly sequence: number }
    | undefined
  /** What its MessageId stands for. */
  readonly id: number
}

/** How one entry of a call fared: nothing, or why it failed. */
export type EntryResult = Refusal | undefined

export type Answer =
  | { readonly type: 'results'; readonly results: readonly EntryResult[] }
  | { readonly type: 'messages'; readonly messages: readonly ReceivedEntry[] }
  | { readonly type: 'queue'; readonly plan: QueuePlan; readonly counts: QueueCounts }
  /** The whole call failed. */
  | { readonly type: 'error'; readonly refusal: Refusal }

/** The name of the action, for people. */
export function actionOf(call: Call): string {
  return 'batch' in call && call.batch ? `${call.type}Batch` : call.type
}

export function callBytes(call: Call): number {
  if (call.type !== 'SendMessage') return headerBytes
  return call.entries.reduce((bytes, { envelope }) => bytes + envelope.size, headerBytes)
}

export function answerBytes(answer: Answer): number {
  if (answer.type !== 'messages') return headerBytes
  return answer.messages.reduce((bytes, { envelope }) => bytes + envelope.size, headerBytes)
}
