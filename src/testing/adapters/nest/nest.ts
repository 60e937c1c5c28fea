import { KafkaJsConsumer } from '../../../systems/kafka/client/kafka-js-consumer.ts'
import type { OfWholeSource } from '../../bridge/shaped-handler.ts'
import type { SimulatedChannel } from '../amqplib/channel.ts'
import type { ConsumeOptions } from '../amqplib/consume.ts'
import { consumeCaught } from '../amqplib/consume.ts'
import type { ConsumeMessage } from '../amqplib/message.ts'
import type { EachMessagePayload } from '../kafkajs/each-message.ts'
import { eachMessage } from '../kafkajs/each-message.ts'
import { decoded, packetOf } from './decoding.ts'
import { KafkaContext } from './kafka-context.ts'
import { lastValue } from './last-value.ts'
import { RmqContext } from './rmq-context.ts'

/** A method of a controller: `(data, context)`, the context being that of the transport. */
export type ControllerMethod<Data, Context> = (data: Data, context: Context) => unknown

/**
 * A method as `@EventPattern` takes it, over the transport that the check's system is for.
 *
 * RabbitMQ: it is called with each message as it arrives. With `noAck`, Nest's default, a message is acknowledged by being delivered; without it,
 * by `context.getChannelRef().ack(context.getMessage())`. An error is caught by Nest and logged: its message stays unacknowledged.
 *
 * Kafka: it is called as by `eachMessage` of kafkajs, and an error goes on to kafkajs, which fetches the message again.
 */
function event<Data, Context>(
  method: ControllerMethod<Data, Context>,
  { noAck = true, ...options }: ConsumeOptions = {},
): OfWholeSource {
  return {
    shape: 'nest.event',
    consume: (source, user) => {
      const shaped =
        source.open() instanceof KafkaJsConsumer
          ? eachMessage((payload) => overKafka(method, payload))
          : consumeCaught('nest.event', (request, channel) => overRabbit(method, request, channel), {
              noAck,
              ...options,
            })
      return shaped.consume(source, user)
    },
  }
}

/**
 * A method as `@MessagePattern` takes it, over RabbitMQ: what it gives is sent to the queue that the request names in `replyTo`, if there is one.
 * The check declares that queue as an output.
 */
function message<Data, Context>(
  method: ControllerMethod<Data, Context>,
  { noAck = true, ...options }: ConsumeOptions = {},
): OfWholeSource {
  return consumeCaught(
    'nest.message',
    async (request, channel) => {
      const response = await overRabbit(method, request, channel)
      const replyTo = request?.properties.replyTo
      if (request === null || replyTo === undefined) return
      const { id } = packetOf(request.content)
      const reply = Buffer.from(JSON.stringify({ response, isDisposed: true, id }))
      const { correlationId } = request.properties
      channel.sendToQueue(replyTo, reply, correlationId === undefined ? {} : { correlationId })
    },
    { noAck, ...options },
  )
}

async function overRabbit<Data, Context>(
  method: ControllerMethod<Data, Context>,
  request: ConsumeMessage | null,
  channel: SimulatedChannel,
): Promise<unknown> {
  if (request === null) return undefined
  const { data, pattern } = packetOf(request.content)
  return await lastValue(called(method, data, new RmqContext(request, channel, pattern)))
}

async function overKafka<Data, Context>(
  method: ControllerMethod<Data, Context>,
  payload: EachMessagePayload,
): Promise<void> {
  const { key, value, headers, ...others } = payload.message
  const texts = Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, decoded(bytes)]))
  const { topic, partition } = payload
  const record = { ...others, key: decoded(key), value: decoded(value), headers: texts, topic, partition }
  await lastValue(called(method, record.value, new KafkaContext(record, payload)))
}

/** Nest's types promise a method no more than the method says of itself: what it is called with is data from outside. */
function called(method: (...given: never[]) => unknown, ...given: readonly unknown[]): unknown {
  return Reflect.apply(method, undefined, given)
}

/** Consumers as methods of Nest's controllers, without Nest. A method that needs `this` is bound: `nest.event(controller.handle.bind(controller))`. */
export const nest = { event, message } as const
