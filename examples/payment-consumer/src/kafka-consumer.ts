import type { EachMessageHandler } from 'kafkajs'
import type { Payment } from './payment.ts'
import { paymentOf } from './payment.ts'

/** For `consumer.run({ eachMessage })`. */
export function eachMessage(pay: (payment: Payment) => Promise<void>): EachMessageHandler {
  return async ({ message }) => {
    if (message.value !== null) await pay(paymentOf(message.value))
  }
}
