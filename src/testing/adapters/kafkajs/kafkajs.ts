import { consumer } from './consumer.ts'
import { eachBatch } from './each-batch.ts'
import { eachMessage } from './each-message.ts'
import { producer } from './producer.ts'

/**
 * Consumers in the shape of kafkajs 2, as they stand in production. The check's system must have that client: `kafka({ client: 'kafkajs' })`.
 *
 *     consumer: ({ db }) => kafkajs.eachMessage(makeHandler(db))
 */
export const kafkajs = { eachMessage, eachBatch, consumer, producer } as const
