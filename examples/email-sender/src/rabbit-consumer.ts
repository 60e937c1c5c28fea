import type { Channel, ConsumeMessage } from 'amqplib'
import type { Welcome } from './welcome.ts'
import { welcomeOf } from './welcome.ts'

/** For `channel.consume('orders', (message) => onMessage(message, channel))`: what cannot be dealt with now goes back to the queue. */
export function onMessage(greet: (welcome: Welcome) => Promise<void>) {
  return async (message: ConsumeMessage | null, channel: Channel): Promise<void> => {
    if (message === null) return
    try {
      await greet(welcomeOf(message.content))
    } catch {
      channel.nack(message)
      return
    }
    channel.ack(message)
  }
}
