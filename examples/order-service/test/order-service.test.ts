import {
  amqplib,
  awsSdk,
  checkDelivery,
  ioredis,
  kafka,
  kafkajs,
  rabbitmq,
  redis,
  sqs,
  sqsConsumer,
} from 'onceproof/testing'
import type { DeliveryCheck } from 'onceproof/testing'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { eachMessage } from '../src/kafka-consumer.ts'
import { placeOrder } from '../src/place-order.ts'
import { placeOrderBroken } from '../src/place-order-broken.ts'
import type { Order } from '../src/order.ts'
import { onMessage } from '../src/rabbit-consumer.ts'
import { onEntry } from '../src/redis-consumer.ts'
import { handleMessage } from '../src/sqs-consumer.ts'
import { poll } from '../src/sqs-poller.ts'

const schema = `
  create table processed_orders (order_id text primary key);
  create table reservations (id bigserial primary key, order_id text not null, sku text not null, quantity integer not null);
`

type Place = (pool: Pool, order: Order) => Promise<void>

/** What is asked of the service, whatever broker its messages come over. */
const asked = {
  messages: (n: number) => ({ key: `sku-${n % 3}`, value: { id: `order-${n}`, sku: `sku-${n % 3}`, quantity: 1 } }),
  count: 10,
  operation: ({ value }: { readonly value: Order }) => value.id,
  stores: { db: { database: {}, schema } },
  effects: { reservations: (row: Readonly<Record<string, unknown>>) => String(row['order_id']) },
  guarantees: ['exactly-once'],
  runs: 40,
} as const

const overKafka = (place: Place): DeliveryCheck<{ readonly key: string; readonly value: Order }> => ({
  ...asked,
  name: `order service on Kafka, ${place.name}`,
  system: kafka({ client: 'kafkajs' }),
  consumer: ({ db }) => kafkajs.eachMessage(eachMessage((order) => place(db.pool, order))),
})

const overRabbit = (place: Place): DeliveryCheck<{ readonly key: string; readonly value: Order }> => ({
  ...asked,
  name: `order service on RabbitMQ, ${place.name}`,
  system: rabbitmq({ consumer: { prefetch: 10 } }),
  consumer: ({ db }) => amqplib.consume(onMessage((order) => place(db.pool, order))),
})

const overSqs = (place: Place): DeliveryCheck<{ readonly key: string; readonly value: Order }> => ({
  ...asked,
  name: `order service on SQS, ${place.name}`,
  system: sqs(),
  consumer: ({ db }) =>
    sqsConsumer.handleMessage(
      handleMessage((order) => place(db.pool, order)),
      { batchSize: 10 },
    ),
})

/** The loop of its own stops receiving when it is told to stop, and finishes what it has in hand. */
const overLoop = (place: Place): DeliveryCheck<{ readonly key: string; readonly value: Order }> => ({
  ...asked,
  name: `order service on SQS with a loop of its own, ${place.name}`,
  system: sqs(),
  consumer: ({ db }) => {
    const stop = new AbortController()
    let polling: Promise<void> | undefined
    return {
      handle: awsSdk.poll(() => {
        polling = poll(new awsSdk.SQS(), queueUrl, (order) => place(db.pool, order), stop.signal)
        return polling
      }),
      shutdown: async () => {
        stop.abort()
        await polling
      },
    }
  },
})

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders'

const overRedis = (place: Place): DeliveryCheck<{ readonly key: string; readonly value: Order }> => ({
  ...asked,
  name: `order service on Redis, ${place.name}`,
  system: redis({ stream: 'orders' }),
  consumer: ({ db }) => ioredis.onEntry(onEntry((order) => place(db.pool, order))),
})

describe.each([
  ['Kafka', overKafka],
  ['RabbitMQ', overRabbit],
  ['SQS', overSqs],
  ['SQS with a loop of its own', overLoop],
  ['Redis', overRedis],
])('the order service on %s', (_, check) => {
  it('reserves once, whatever breaks', { timeout: 60_000 }, async () => {
    await expect(checkDelivery(check(placeOrder))).toHold()
  })

  it('reserved twice as long as the mark was written by itself', { timeout: 60_000 }, async () => {
    const { ok, text } = await checkDelivery({ ...check(placeOrderBroken), cases: false })
    expect(ok).toBe(false)
    expect(text).toContain('order-')
    expect(text).toMatch(/applied twice/)
  })
})
