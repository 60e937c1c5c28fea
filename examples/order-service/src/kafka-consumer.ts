import type { EachMessageHandler } from 'kafkajs'
import type { Order } from './order.ts'
import { orderOf } from './order.ts'

/** For `consumer.run({ eachMessage })`. */
export function eachMessage(place: (order: Order) => Promise<void>): EachMessageHandler {
  return async ({ message }) => {
    if (message.value !== null) await place(orderOf(message.value))
  }
}
