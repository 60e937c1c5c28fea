import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Welcome } from './welcome.ts'
import { welcomeOf } from './welcome.ts'

/** For `channel.consume('customers', (message) => onMessage(message, channel))`: what cannot be dealt with now goes back to the queue. */
export function onMessage(greet: (welcome: Welcome) => Promise<void>) {
  return async (message: ConsumeMessage | null, channel: Channel): Promise<void> => {
    if (message === null) return
    try {
      await greet(welcomeOf(message.content))
    } catch {
      // What goes back comes again at once: without a rest, a database that is away is asked hundreds of times a second.
      await sleep(1_000)
      channel.nack(message)
      return
    }
    channel.ack(message)
  }
}
