import type { Bulk, Payload } from './bulk.ts'

/** What happened inside, for the record. */
export type Event =
  | { readonly kind: 'added'; readonly key: string; readonly id: string; readonly fields: readonly Bulk[] }
  /** An `XADD` came again inside the window of its producer's ids; nothing was added. */
  | { readonly kind: 'added-before'; readonly key: string; readonly id: string; readonly producer: string }
  | {
      readonly kind: 'trimmed' | 'deleted'
      readonly key: string
      readonly id: string
      readonly fields: readonly Bulk[]
    }
  | {
      readonly kind: 'delivered'
      readonly how: 'new' | 'history' | 'claimed'
      readonly key: string
      readonly group: string
      readonly consumer: string
      readonly id: string
      readonly fields: readonly Bulk[]
      readonly deliveries: number
      /** Who had it before; of a claim alone. */
      readonly from?: string
      /** With `NOACK` it is nobody's afterwards. */
      readonly pending: boolean
    }
  /** Claimed without its content: the consumer says that it has it. */
  | {
      readonly kind: 'taken-over'
      readonly key: string
      readonly group: string
      readonly consumer: string
      readonly id: string
      readonly from: string
    }
  | {
      readonly kind: 'acknowledged' | 'released'
      readonly key: string
      readonly group: string
      readonly id: string
      /** Who had it. */
      readonly consumer: string
    }
  /** A pending entry is no longer pending for another reason than an acknowledgement. */
  | {
      readonly kind: 'forgotten'
      readonly key: string
      readonly group: string
      readonly id: string
      readonly consumer: string
      readonly reason: 'entry-gone' | 'consumer-deleted' | 'group-destroyed'
    }
  | { readonly kind: 'pushed' | 'popped' | 'removed'; readonly key: string; readonly value: Bulk }
  | { readonly kind: 'moved'; readonly from: string; readonly to: string; readonly value: Bulk }
  /** The key with everything in it is gone. */
  | {
      readonly kind: 'key-gone'
      readonly key: string
      readonly reason: 'deleted' | 'expired' | 'evicted' | 'overwritten'
      readonly payloads: readonly Payload[]
    }
  | { readonly kind: 'published'; readonly channel: string; readonly message: Bulk; readonly receivers: number }
  | { readonly kind: 'blocked' | 'served' | 'unblocked'; readonly client: number }
