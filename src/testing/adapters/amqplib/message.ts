import type { FieldTable } from '../../../systems/rabbitmq/core/field-table.ts'
import type { RabbitDelivery } from '../../../systems/rabbitmq/client/delivery.ts'
import { bytesOf } from '../payload.ts'

/** A delivery as amqplib hands it to a consumer. */
export interface ConsumeMessage {
  readonly content: Buffer
  readonly fields: MessageFields
  readonly properties: MessageProperties
}

export interface MessageFields {
  readonly consumerTag: string
  readonly deliveryTag: number
  readonly redelivered: boolean
  readonly exchange: string
  readonly routingKey: string
}

/** All names are there; what the publisher did not set is undefined. */
export interface MessageProperties {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly headers: Record<string, unknown>
  readonly deliveryMode: number | undefined
  readonly priority: number | undefined
  readonly correlationId: string | undefined
  readonly replyTo: string | undefined
  readonly expiration: string | undefined
  readonly messageId: string | undefined
  readonly timestamp: number | undefined
  readonly type: string | undefined
  readonly userId: string | undefined
  readonly appId: string | undefined
  readonly clusterId: string | undefined
}

/** Headers of a fixture that AMQP has properties for. */
const propertyHeaders = {
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  correlationId: 'correlation-id',
  replyTo: 'reply-to',
  messageId: 'message-id',
  appId: 'app-id',
  userId: 'user-id',
} as const

/** The headers that stand for these properties. */
export function headersOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(propertyHeaders).flatMap(([property, header]) => {
      const value = properties[property]
      return value === undefined ? [] : [[header, String(value)]]
    }),
  )
}

export function messageOf(delivery: RabbitDelivery, consumerTag: string): ConsumeMessage {
  const { message, envelope, tag: deliveryTag, redelivered } = delivery
  const { exchange, routingKeys, properties } = message
  const { headers: all = {}, ...set } = properties
  return {
    content: bytesOf(envelope.body) ?? Buffer.alloc(0),
    fields: { consumerTag, deliveryTag, redelivered, exchange, routingKey: routingKeys[0] ?? '' },
    properties: {
      contentType: set.contentType ?? text(all[propertyHeaders.contentType]),
      contentEncoding: set.contentEncoding ?? text(all[propertyHeaders.contentEncoding]),
      headers: otherHeaders(all),
      deliveryMode: set.deliveryMode,
      priority: set.priority,
      correlationId: set.correlationId ?? text(all[propertyHeaders.correlationId]),
      replyTo: set.replyTo ?? text(all[propertyHeaders.replyTo]),
      expiration: set.expiration,
      messageId: set.messageId ?? text(all[propertyHeaders.messageId]),
      timestamp: set.timestamp,
      type: set.type ?? (envelope.type === '' ? undefined : envelope.type),
      userId: text(all[propertyHeaders.userId]),
      appId: set.appId ?? text(all[propertyHeaders.appId]),
      clusterId: undefined,
    },
  }
}

function otherHeaders(headers: FieldTable): Record<string, unknown> {
  const taken: readonly string[] = Object.values(propertyHeaders)
  return structuredClone(Object.fromEntries(Object.entries(headers).filter(([name]) => !taken.includes(name))))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
