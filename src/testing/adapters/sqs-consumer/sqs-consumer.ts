import { handleMessage } from './handle-message.ts'
import { handleMessageBatch } from './handle-message-batch.ts'

/**
 * Handlers of the package `sqs-consumer` (15), as they are given to `Consumer.create`. The check's system is `sqs()`.
 *
 *     consumer: ({ db }) => sqsConsumer.handleMessage(makeHandler(db.pool), { batchSize: 10 })
 */
export const sqsConsumer = { handleMessage, handleMessageBatch } as const
