import type { Destination } from './exchange.ts'
import type { FieldTable } from './field-table.ts'
import type { Content } from './message.ts'
import type { Policy } from './policy.ts'

/** A method of AMQP 0-9-1 on a channel. Channels are numbered by whoever opens them, uniquely for the broker. */
export type ChannelCommand =
  | { readonly kind: 'close-channel'; readonly channel: number }
  | ({ readonly kind: 'declare-exchange'; readonly channel: number; readonly passive?: boolean } & ExchangeFields)
  | { readonly kind: 'delete-exchange'; readonly channel: number; readonly name: string; readonly ifUnused?: boolean }
  | ({ readonly kind: 'bind'; readonly channel: number } & BindingFields)
  | ({ readonly kind: 'unbind'; readonly channel: number } & BindingFields)
  | ({ readonly kind: 'declare-queue'; readonly channel: number; readonly passive?: boolean } & QueueFields)
  | {
      readonly kind: 'delete-queue'
      readonly channel: number
      readonly name: string
      readonly ifUnused?: boolean
      readonly ifEmpty?: boolean
    }
  | { readonly kind: 'purge'; readonly channel: number; readonly queue: string }
  | ({ readonly kind: 'publish'; readonly channel: number } & PublishFields)
  | { readonly kind: 'get'; readonly channel: number; readonly queue: string; readonly noAck?: boolean }
  | ({ readonly kind: 'consume'; readonly channel: number } & ConsumeFields)
  | { readonly kind: 'cancel'; readonly channel: number; readonly tag: string }
  | { readonly kind: 'acknowledge'; readonly channel: number; readonly tag: number; readonly multiple?: boolean }
  | {
      readonly kind: 'reject'
      readonly channel: number
      readonly tag: number
      /** Only `basic.nack` can say so. */
      readonly multiple?: boolean
      readonly requeue: boolean
    }
  /** `basic.recover`: everything unacknowledged goes back to its queue. */
  | { readonly kind: 'recover'; readonly channel: number }
  | { readonly kind: 'prefetch'; readonly channel: number; readonly count: number; readonly global?: boolean }
  | { readonly kind: 'confirm-select' | 'tx-select' | 'tx-commit' | 'tx-rollback'; readonly channel: number }
  /** Closes the channel if one of its deliveries has been unacknowledged for longer than `timeout` µs. */
  | { readonly kind: 'check-acknowledgements'; readonly channel: number; readonly timeout: number }

/** What happens to the broker from elsewhere. */
export type BrokerCommand =
  | { readonly kind: 'open-channel'; readonly channel: number; readonly connection: string }
  /** Closed or lost: the broker treats both alike. */
  | { readonly kind: 'close-connection'; readonly connection: string }
  | { readonly kind: 'set-policy'; readonly policy: Policy }
  | { readonly kind: 'clear-policy'; readonly name: string }
  /** Time has passed; nothing else happened. */
  | { readonly kind: 'tick' }
  /** The disk has every write up to this number, of one queue or of all. */
  | { readonly kind: 'synced'; readonly write: number; readonly queue?: string }
  /** Send the answers that were held back, if the broker was told to hold them. */
  | { readonly kind: 'flush-confirms'; readonly channel: number }

export type Command = ChannelCommand | BrokerCommand

export interface ExchangeFields {
  readonly name: string
  /** `direct` unless it says otherwise. */
  readonly type?: string
  readonly durable?: boolean
  readonly autoDelete?: boolean
  readonly internal?: boolean
  readonly arguments?: FieldTable
}

export interface QueueFields {
  /** Empty for a name that the broker makes up. */
  readonly name: string
  readonly durable?: boolean
  readonly exclusive?: boolean
  readonly autoDelete?: boolean
  readonly arguments?: FieldTable
}

export interface BindingFields {
  readonly source: string
  readonly destination: Destination
  readonly key: string
  readonly arguments?: FieldTable
}

export interface PublishFields {
  readonly exchange: string
  readonly routingKey: string
  /** Give the message back if it finds no queue. */
  readonly mandatory?: boolean
  /** Not supported by the server since 3.0. */
  readonly immediate?: boolean
  readonly content: Content
}

export interface ConsumeFields {
  readonly queue: string
  /** Empty for a tag that the broker makes up. */
  readonly tag: string
  readonly noAck?: boolean
  readonly exclusive?: boolean
  readonly arguments?: FieldTable
}
