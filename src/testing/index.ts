/**
 * Onceproof for tests of your own consumer.
 *
 *     await expect(checkDelivery({ name: 'payments', system: kafka(), consumer: () => handler, messages })).toHold()
 */
import { registerMatchers } from './check/matcher.ts'

export { amqplib } from './adapters/amqplib/amqplib.ts'
export type { SimulatedChannel } from './adapters/amqplib/channel.ts'
export type { ConsumeOptions, OnMessage } from './adapters/amqplib/consume.ts'
export type { ConsumeMessage } from './adapters/amqplib/message.ts'
export type { OutgoingMessage } from './adapters/sending.ts'
export type { StreamEntry } from './adapters/ioredis/entry.ts'
export type { GroupClient, PendingEntry } from './adapters/ioredis/group-client.ts'
export { ioredis } from './adapters/ioredis/ioredis.ts'
export type { OnEntryOptions } from './adapters/ioredis/on-entry.ts'
export { kafkajs } from './adapters/kafkajs/kafkajs.ts'
export type { EachBatchOptions, EachBatchPayload } from './adapters/kafkajs/each-batch.ts'
export type { EachMessagePayload } from './adapters/kafkajs/each-message.ts'

export { awsSdk } from './adapters/aws-sdk/aws-sdk.ts'
export { awsKcl } from './adapters/aws-kcl/aws-kcl.ts'
export type { Checkpointer } from './adapters/aws-kcl/checkpointer.ts'
export type { KclRecord, ProcessRecordsInput } from './adapters/aws-kcl/process-records.ts'
export type { FunctionContext } from './adapters/lambda/function-context.ts'
export { lambda } from './adapters/lambda/lambda.ts'
export type { OnSqsOptions } from './adapters/lambda/on-sqs-options.ts'
export type { SqsEvent, SqsRecord } from './adapters/lambda/sqs-event.ts'

export { sqsConsumer } from './adapters/sqs-consumer/sqs-consumer.ts'
export type { SqsConsumerOptions } from './adapters/sqs-consumer/options.ts'
export type { SqsMessage } from './adapters/sqs/message.ts'

export { nest } from './adapters/nest/nest.ts'

export type { Inside } from './bridge/inside.ts'
export { inside } from './bridge/inside.ts'

export { checkDelivery } from './check/check-delivery.ts'
export type {
  CheckedConsumer,
  ConsumerFactory,
  DeclaredOutput,
  DeliveryCheck,
  FinalState,
  FixtureMessage,
  Handler,
  MessageToSend,
  ReceivedMessage,
  SentMessage,
  Tools,
} from './check/check.ts'
export { CheckError, DeliveryError } from './check/check-error.ts'
export { matchers } from './check/matcher.ts'
export type { CheckFailure, CheckResult } from './check/result.ts'
export type { CheckedSystem } from './check/systems/checked-system.ts'
export type { ClientOptions, KafkaSystem } from './check/systems/kafka.ts'
export { kafka } from './check/systems/kafka.ts'
export type { KinesisSystem } from './check/systems/kinesis.ts'
export { kinesis } from './check/systems/kinesis.ts'
export type { MemorySystem } from './check/systems/memory.ts'
export { memory } from './check/systems/memory.ts'
export type { RabbitSystem } from './check/systems/rabbitmq.ts'
export { rabbitmq } from './check/systems/rabbitmq.ts'
export { scenario } from './check/systems/scenario.ts'
export type { RedisSystem } from './check/systems/redis.ts'
export { redis } from './check/systems/redis.ts'
export type { SqsSystem } from './check/systems/sqs.ts'
export { sqs } from './check/systems/sqs.ts'

registerMatchers()
export type { ApiCall, ApiTool } from './dependencies/http/api-tool.ts'
export type { ApiOptions, ApiResponse, SimulatedApi } from './dependencies/http/simulated-api.ts'
export { api, charges, chargesWithIdempotencyKeys, mail } from './dependencies/http/simulated-api.ts'
export { UnsupportedSql } from './dependencies/sql/unsupported-sql.ts'
