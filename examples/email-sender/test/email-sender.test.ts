import { amqplib, checkDelivery, kafka, kafkajs, mail, rabbitmq } from 'onceproof/testing'
import type { DeliveryCheck } from 'onceproof/testing'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { eachMessage } from '../src/kafka-consumer.ts'
import { markThenSend } from '../src/mark-then-send.ts'
import { onMessage } from '../src/rabbit-consumer.ts'
import { sendThenMark } from '../src/send-then-mark.ts'
import type { Welcome } from '../src/welcome.ts'

type Greet = (pool: Pool, welcome: Welcome) => Promise<void>

/** What is asked of the service, whatever broker its messages come over. A mail is the effect: the provider sends what it is handed. */
const asked = {
  messages: (n: number) => ({ key: null, value: { customer: `customer-${n}`, address: `c${n}@example.com` } }),
  count: 10,
  operation: ({ value }: { readonly value: Welcome }) => value.customer,
  stores: {
    db: { database: {}, schema: 'create table welcomed (customer text primary key)' },
  },
  apis: { 'POST https://mail.example.com/messages': mail() },
  faults: 'crashes-and-redelivery',
  runs: 40,
  cases: false,
} as const

type Check = DeliveryCheck<{ readonly key: null; readonly value: Welcome }>

const overKafka = (greet: Greet): Check => ({
  ...asked,
  name: `e-mail sender on Kafka, ${greet.name}`,
  system: kafka({ client: 'kafkajs' }),
  consumer: ({ db }) => kafkajs.eachMessage(eachMessage((welcome) => greet(db.pool, welcome))),
})

const overRabbit = (greet: Greet): Check => ({
  ...asked,
  name: `e-mail sender on RabbitMQ, ${greet.name}`,
  system: rabbitmq({ consumer: { prefetch: 10 } }),
  consumer: ({ db }) => amqplib.consume(onMessage((welcome) => greet(db.pool, welcome))),
})

describe.each([
  ['Kafka', overKafka],
  ['RabbitMQ', overRabbit],
])('the e-mail sender on %s', (_, check) => {
  it('loses no mail when it marks it afterwards', { timeout: 60_000 }, async () => {
    await expect(checkDelivery({ ...check(sendThenMark), guarantees: ['no-loss'] })).toHold()
  })

  it('sends some twice then, and nothing can be done about it here', { timeout: 60_000 }, async () => {
    const { text } = await checkDelivery({ ...check(sendThenMark), guarantees: ['no-duplicates'] })
    expect(text).toMatch(/applied twice/)
  })

  it('lost mails as long as it marked them before', { timeout: 60_000 }, async () => {
    const { text } = await checkDelivery({ ...check(markThenSend), guarantees: ['no-loss'] })
    expect(text).toContain('no-loss does not hold')
  })
})
