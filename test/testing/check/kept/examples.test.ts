import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { markThenSend } from '../../../../examples/email-sender/src/mark-then-send.ts'
import { sendThenMark } from '../../../../examples/email-sender/src/send-then-mark.ts'
import type { Welcome } from '../../../../examples/email-sender/src/welcome.ts'
import { placeOrder } from '../../../../examples/order-service/src/place-order.ts'
import { placeOrderBroken } from '../../../../examples/order-service/src/place-order-broken.ts'
import type { Order } from '../../../../examples/order-service/src/order.ts'
import { payBroken } from '../../../../examples/payment-consumer/src/pay-broken.ts'
import { pay } from '../../../../examples/payment-consumer/src/pay.ts'
import type { Payment } from '../../../../examples/payment-consumer/src/payment.ts'
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

type Work = (tools: Tools, content: Buffer) => Promise<void>

/** The consumers of the examples: what they do beside their work is the same in all of them. */
const over = {
  Kafka: (work: Work): Partial<DeliveryCheck> => ({
    system: kafka({ client: 'kafkajs' }),
    consumer: (tools) =>
      kafkajs.eachMessage(async ({ message }) => {
        if (message.value !== null) await work(tools, message.value)
      }),
  }),
  RabbitMQ: (work: Work): Partial<DeliveryCheck> => ({
    system: rabbitmq({ consumer: { prefetch: 10 } }),
    consumer: (tools) =>
      amqplib.consume(async (message, channel) => {
        if (message === null) return
        try {
          await work(tools, message.content)
        } catch {
          channel.nack(message)
          return
        }
        channel.ack(message)
      }),
  }),
}

interface Example {
  readonly broken: Work
  readonly mended: Work
  readonly check: Pick<DeliveryCheck, 'messages' | 'operation' | 'stores' | 'apis' | 'effects' | 'guarantees'>
}

const orders = `
  create table processed_orders (order_id text primary key);
  create table reservations (id bigserial primary key, order_id text not null, sku text not null, quantity integer not null);
`

const order = (content: Buffer): Order => JSON.parse(content.toString())
const payment = (content: Buffer): Payment => JSON.parse(content.toString())
const welcome = (content: Buffer): Welcome => JSON.parse(content.toString())

const idOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : ''

const examples: readonly (readonly [string, Example])[] = [
  [
    'order service',
    {
      broken: ({ db }, content) => placeOrderBroken(db.pool, order(content)),
      mended: ({ db }, content) => placeOrder(db.pool, order(content)),
      check: {
        messages: (n) => ({ key: `sku-${n % 3}`, value: { id: `order-${n}`, sku: `sku-${n % 3}`, quantity: 1 } }),
        operation: (message) => ('value' in message ? idOf(message.value) : ''),
        stores: { db: { database: {}, schema: orders } },
        effects: { reservations: (row) => String(row['order_id']) },
        guarantees: ['exactly-once'],
      },
    },
  ],
  [
    'payment consumer',
    {
      broken: (_tools, content) => payBroken(payment(content)),
      mended: (_tools, content) => pay(payment(content)),
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
      broken: ({ db }, content) => markThenSend(db.pool, welcome(content)),
      mended: ({ db }, content) => sendThenMark(db.pool, welcome(content)),
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
    const checked = (work: Work, runs: number): ReturnType<typeof checkDelivery> =>
      checkDelivery({ name, count: 6, ...check, ...over[broker](work), runs, cases } as DeliveryCheck)
    await checked(broken, 40)
    const kept = readdirSync(cases).length
    expect(kept).toBeGreaterThan(0)
    const { ok, keptHeld, text } = await checked(mended, 1)
    expect(ok ? '' : text).toBe('')
    expect(keptHeld).toBe(kept)
  })
})
