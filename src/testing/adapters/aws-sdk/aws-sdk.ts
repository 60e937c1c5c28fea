import { poll } from './poll.ts'
import { Kinesis, KinesisClient } from './kinesis/kinesis-client.ts'
import { SQS, SQSClient } from './sqs/sqs-client.ts'

/**
 * Clients in the shape of the AWS SDK for JavaScript (version 3), for code that makes the calls by itself.
 *
 *     consumer: ({ db }) => awsSdk.poll((sqs) => pollOrders(sqs, queueUrl, db.pool))
 */
export const awsSdk = { poll, SQSClient, SQS, KinesisClient, Kinesis } as const
