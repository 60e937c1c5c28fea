import type { Order } from './order.ts'
import { orderOf } from './order.ts'

/** As much of a `Message` of the AWS SDK as is used here. */
interface Message {
  readonly MessageId?: string | undefined
  readonly Body?: string | undefined
}

/** For `Consumer.create({ queueUrl, handleMessage: ... })` of sqs-consumer, which deletes the message that it is given back. */
export function handleMessage(place: (order: Order) => Promise<void>) {
  return async <M extends Message>(message: M): Promise<M> => {
    await place(orderOf(Buffer.from(message.Body ?? '')))
    return message
  }
}
