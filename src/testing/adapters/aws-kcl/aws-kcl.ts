import { processRecords } from './process-records.ts'

/**
 * Record processors of the package `aws-kcl` (2.3), the Kinesis Client Library for Node. The check's system is `kinesis()`.
 *
 *     consumer: ({ db }) => awsKcl.processRecords(makeProcessor(db.pool).processRecords)
 */
export const awsKcl = { processRecords } as const
