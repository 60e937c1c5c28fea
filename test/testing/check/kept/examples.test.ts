import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { markThenSend } from '../../../../examples/email-sender/src/mark-then-send.ts'
import { sendThenMark } from '../../../../examples/email-sender/src/send-then-mark.ts'
import * as mailsOnKafka from '../../../../examples/email-sender/src/kafka-consumer.ts'
import * as mailsOnRabbit from '../../../../examples/email-sender/src/rabbit-consumer.ts'
import { placeOrder } from '../../../../examples/order-service/src/place-order.ts'
import { placeOrderBroken } from '../../../../examples/order-service/src/place-order-broken.ts'
import * as ordersOnKafka from '../../../../examples/order-service/src/kafka-consumer.ts'
import * as ordersOnRabbit from '../../../../examples/order-service/src/rabbit-consumer.ts'
import { payBroken } from '../../../../examples/payment-consumer/src/pay-broken.ts'
import { pay } from '../../../../examples/payment-consumer/src/pay.ts'
import * as paymentsOnKafka from '../../../../examples/payment-consumer/src/kafka-consumer.ts'
import * as paymentsOnRabbit from '../../../../examples/payment-consumer/src/rabbit-consumer.ts'
import type { DeliveryCheck, Tools } from '../../../../src/testing/index.ts'
import {
  amqplib,
  chargesWithIdempotencyKeys,
  checkDelivery,
  kafka,
  kafkajs,
  mail,
  rabbitmq,
} from '../../../../src/testing/index.ts'

let cases = ''

beforeEach(() => {
  cases = mkdtempSync(path.join(tmpdir(), 'onceproof-examples-'))
})

afterEach(() => rmSync(cases, { recursive: true, force: true }))

type Broker = 'Kafka' | 'RabbitMQ'

type Consumers = Readonly<Record<Broker, NonNullable<DeliveryCheck['consumer']>>>

/** The consumers of an example that do this work with what is in a message. */
function consumers<T>(
  { eachMessage }: { eachMessage(work: (content: T) => Promise<void>): Parameters<typeof kafkajs.eachMessage>[0] },
  { onMessage }: { onMessage(work: (content: T) => Promise<void>): Parameters<typeof amqplib.consume>[0] },
  work: (tools: Tools, content: T) => Promise<void>,
): Consumers {
  return {
    Kafka: (tools) => kafkajs.eachMessage(eachMessage((content) => work(tools, content))),
    RabbitMQ: (tools) => amqplib.consume(onMessage((content) => work(tools, content))),
  }
}

const systems = {
  Kafka: kafka({ client: 'kafkajs' }),
  RabbitMQ: rabbitmq({ consumer: { prefetch: 10 } }),
}

interface Example {
  readonly broken: Consumers
  readonly mended: Consumers
  readonly check: Pick<DeliveryCheck, 'messages' | 'operation' | 'stores' | 'apis' | 'effects' | 'guarantees'>
}

const schema = `
  create table processed_orders (order_id text primary key);
  create table reservations (id bigserial primary key, order_id text not null, sku text not null, quantity integer not null);
`

const idOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : ''

const examples: readonly (readonly [string, Example])[] = [
  [
    'order service',
    {
      broken: consumers(ordersOnKafka, ordersOnRabbit, ({ db }, order) => placeOrderBroken(db.pool, order)),
      mended: consumers(ordersOnKafka, ordersOnRabbit, ({ db }, order) => placeOrder(db.pool, order)),
      check: {
        messages: (n) => ({ key: `sku-${n % 3}`, value: { id: `order-${n}`, sku: `sku-${n % 3}`, quantity: 1 } }),
        operation: (message) => ('value' in message ? idOf(message.value) : ''),
        stores: { db: { database: {}, schema } },
        effects: { reservations: (row) => String(row['order_id']) },
        guarantees: ['exactly-once'],
      },
    },
  ],
  [
    'payment consumer',
    {
      broken: consumers(paymentsOnKafka, paymentsOnRabbit, (_tools, payment) => payBroken(payment)),
      mended: consumers(paymentsOnKafka, paymentsOnRabbit, (_tools, payment) => pay(payment)),
      check: {
        messages: (n) => ({ key: `customer-${n % 3}`, value: { id: `${n}`, customer: `customer-${n % 3}`, cents: n } }),
        apis: { 'POST https://api.example.com/charges': chargesWithIdempotencyKeys() },
        guarantees: ['exactly-once'],
      },
    },
  ],
  [
    'e-mail sender, which loses none',
    {
      broken: consumers(mailsOnKafka, mailsOnRabbit, ({ db }, welcome) => markThenSend(db.pool, welcome)),
      mended: consumers(mailsOnKafka, mailsOnRabbit, ({ db }, welcome) => sendThenMark(db.pool, welcome)),
      check: {
        messages: (n) => ({ value: { customer: `customer-${n}`, address: `c${n}@example.com` } }),
        stores: { db: { database: {}, schema: 'create table welcomed (customer text primary key)' } },
        apis: { 'POST https://mail.example.com/messages': mail() },
        guarantees: ['no-loss'],
      },
    },
  ],
]

describe.each(['Kafka', 'RabbitMQ'] as const)('on %s', (broker) => {
  it.each(examples)('kept cases of the broken %s hold in the mended one', async (name, { broken, mended, check }) => {
    const checked = (code: Consumers, runs: number): ReturnType<typeof checkDelivery> =>
      checkDelivery({ name, count: 6, ...check, system: systems[broker], consumer: code[broker], runs, cases })
    await checked(broken, 40)
    const kept = readdirSync(cases).length
    expect(kept).toBeGreaterThan(0)
    const { ok, keptHeld, text } = await checked(mended, 1)
    expect(ok ? '' : text).toBe('')
    expect(keptHeld).toBe(kept)
  })
})
