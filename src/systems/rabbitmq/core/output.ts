import type { DeathReason } from './death.ts'
import type { Message } from './message.ts'

/** What the broker sends to the client of a channel, in this order. */
export type Frame =
  /** The answer to a method that has nothing more to say. */
  | { readonly kind: 'done'; readonly channel: number; readonly command: string }
  | {
      readonly kind: 'queue-declared'
      readonly channel: number
      readonly queue: string
      readonly messages: number
      readonly consumers: number
    }
  /** The answer to a deletion or a purge. */
  | { readonly kind: 'emptied'; readonly channel: number; readonly queue: string; readonly messages: number }
  | { readonly kind: 'consuming' | 'cancelled'; readonly channel: number; readonly consumer: string }
  | {
      readonly kind: 'deliver'
      readonly channel: number
      readonly consumer: string
      readonly tag: number
      readonly redelivered: boolean
      readonly queue: string
      readonly message: Message
    }
  | {
      readonly kind: 'got'
      readonly channel: number
      readonly tag: number
      readonly redelivered: boolean
      readonly queue: string
      readonly message: Message
      /** How many more are ready. */
      readonly remaining: number
    }
  | { readonly kind: 'got-nothing'; readonly channel: number; readonly queue: string }
  /** `basic.return` with 312 NO_ROUTE; it comes before the confirm. */
  | { readonly kind: 'return'; readonly channel: number; readonly message: Message }
  | {
      readonly kind: 'confirm'
      readonly channel: number
      readonly answer: 'ack' | 'nack'
      readonly sequence: number
      readonly multiple: boolean
    }
  /** `basic.cancel` from the broker: the queue is gone. Only to clients with the capability `consumer_cancel_notify`. */
  | { readonly kind: 'consumer-cancelled'; readonly channel: number; readonly consumer: string; readonly queue: string }
  | { readonly kind: 'channel-closed'; readonly channel: number; readonly code: number; readonly text: string }
  | { readonly kind: 'connection-closed'; readonly connection: string; readonly code: number; readonly text: string }

/** What happened inside, for the record. */
export type Event =
  | { readonly kind: 'enqueued'; readonly queue: string; readonly message: Message }
  | { readonly kind: 'unroutable'; readonly message: Message; readonly exchange: string }
  | { readonly kind: 'requeued'; readonly queue: string; readonly message: Message }
  /** A message went straight to a requester, past all queues. */
  | { readonly kind: 'replied'; readonly message: Message }
  /** A message has left its queue for good: acknowledged, or handed to somebody who does not acknowledge. */
  | {
      readonly kind: 'settled'
      readonly queue: string
      readonly message: Message
      readonly how: 'acknowledged' | 'delivered'
    }
  /** A queue gave a message up; if it has a dead-letter exchange, `dead-lettered` comes next. */
  | { readonly kind: 'buried'; readonly queue: string; readonly message: Message; readonly reason: DeathReason }
  /** The dead letter made of it, and where it went; it is lost if that is nowhere. */
  | {
      readonly kind: 'dead-lettered'
      readonly from: string
      readonly message: Message
      readonly reason: DeathReason
      readonly to: readonly string[]
      /** The queues that would have seen it again without a rejection in between, and did not. */
      readonly cycles: readonly string[]
    }
  /** A queue was full and did not take the message. */
  | { readonly kind: 'refused'; readonly queue: string; readonly message: Message }
  | { readonly kind: 'activated'; readonly queue: string; readonly channel: number; readonly consumer: string }
  | { readonly kind: 'purged'; readonly queue: string; readonly messages: readonly Message[] }
  | { readonly kind: 'exchange-deleted'; readonly exchange: string }
  | {
      readonly kind: 'queue-deleted'
      readonly queue: string
      readonly reason: 'deleted' | 'auto-delete' | 'expired' | 'owner-gone'
      /** What was in it, ready or not. */
      readonly messages: readonly Message[]
    }

export type Output = Frame | Event
