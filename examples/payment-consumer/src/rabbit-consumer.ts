import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Payment } from './payment.ts'
import { paymentOf } from './payment.ts'

/** For `channel.consume('payments', (message) => onMessage(message, channel))`: what cannot be dealt with now goes back to the queue. */
export function onMessage(pay: (payment: Payment) => Promise<void>) {
  return async (message: ConsumeMessage | null, channel: Channel): Promise<void> => {
    if (message === null) return
    try {
      await pay(paymentOf(message.content))
    } catch {
      // What goes back comes again at once: without a rest, a provider that is away is asked hundreds of times a second.
      await sleep(1_000)
      channel.nack(message)
      return
    }
    channel.ack(message)
  }
}
