import type { Delivery, Envelope } from '../../system.ts'
import type { Message } from '../core/message.ts'
import type { Answer } from '../protocol.ts'
import type { ContentTable } from '../server/content-table.ts'

/** A delivery as it came: `basic.deliver` or `basic.get-ok`. */
export type Delivered = Extract<Answer, { readonly kind: 'deliver' | 'got' }>

/** A message of a queue, with the tag that settles it on the channel that brought it. */
export class RabbitDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position = -1
  readonly redelivered: boolean
  readonly tag: number
  /** As the broker gave it out, with what it added to the headers. */
  readonly message: Message
  /** Tags begin anew with each opening of the channel: which one this is from. */
  readonly opening: number

  constructor({ queue, redelivered, tag, message }: Delivered, contents: ContentTable, opening: number) {
    this.envelope = withReplyAddress(contents.content(message.id), message.properties.replyTo)
    this.partition = queue
    this.redelivered = redelivered
    this.tag = tag
    this.message = message
    this.opening = opening
  }
}

/** The broker puts the requester's own address into a request that wants its reply directly. */
function withReplyAddress(envelope: Envelope, replyTo: string | undefined): Envelope {
  return replyTo === undefined ? envelope : { ...envelope, headers: { ...envelope.headers, 'reply-to': replyTo } }
}

/** A delivery that a consumer made, as it gets it back. */
export function ownDelivery(delivery: Delivery): RabbitDelivery {
  if (delivery instanceof RabbitDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
