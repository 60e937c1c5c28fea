import { consume, onChannel } from './consume.ts'

/**
 * Consumers in the shape of amqplib, as they stand in production. The check's system must be `rabbitmq(...)` with that client, its default.
 *
 *     consumer: ({ db }) => amqplib.consume(makeOnMessage(db), { prefetch: 10 })
 */
export const amqplib = { consume, onChannel } as const
