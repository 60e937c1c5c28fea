import type { EachMessageHandler } from 'kafkajs'
import type { Welcome } from './welcome.ts'
import { welcomeOf } from './welcome.ts'

/** For `consumer.run({ eachMessage })`. */
export function eachMessage(greet: (welcome: Welcome) => Promise<void>): EachMessageHandler {
  return async ({ message }) => {
    if (message.value !== null) await greet(welcomeOf(message.value))
  }
}
