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
export { kafkajs } from './adapters/kafkajs/kafkajs.ts'
export type { EachBatchOptions, EachBatchPayload } from './adapters/kafkajs/each-batch.ts'
export type { EachMessagePayload } from './adapters/kafkajs/each-message.ts'

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
export { kafka, memory, rabbitmq, scenario } from './check/systems.ts'
export type { CheckedSystem, ClientOptions, KafkaSystem, MemorySystem, RabbitSystem } from './check/systems.ts'

registerMatchers()
export type { ApiCall, ApiTool } from './dependencies/http/api-tool.ts'
export type { ApiOptions, ApiResponse, SimulatedApi } from './dependencies/http/simulated-api.ts'
export { api, charges, chargesWithIdempotencyKeys, mail } from './dependencies/http/simulated-api.ts'
export { UnsupportedSql } from './dependencies/sql/unsupported-sql.ts'
