import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Order } from './order.ts'
import { orderOf } from './order.ts'

/** For `channel.consume('orders', (message) => onMessage(message, channel))`: what cannot be dealt with now goes back to the queue. */
export function onMessage(place: (order: Order) => Promise<void>) {
  return async (message: ConsumeMessage | null, channel: Channel): Promise<void> => {
    if (message === null) return
    try {
      await place(orderOf(message.content))
    } catch {
      // What goes back comes again at once: without a rest, a database that is away is asked hundreds of times a second.
      await sleep(1_000)
      channel.nack(message)
      return
    }
    channel.ack(message)
  }
}
