import { onSqs } from './on-sqs.ts'

/**
 * Functions of AWS Lambda, as an event source mapping calls them: `lambda.onSqs(handler)` for a queue, where the check's system is `sqs()`.
 *
 *     consumer: ({ db }) => lambda.onSqs(makeHandler(db.pool), { reportBatchItemFailures: true })
 */
export const lambda = { onSqs } as const
