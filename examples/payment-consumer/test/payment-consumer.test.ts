import { amqplib, chargesWithIdempotencyKeys, checkDelivery, kafka, kafkajs, rabbitmq } from 'onceproof/testing'
import type { DeliveryCheck, FinalState } from 'onceproof/testing'
import { describe, expect, it } from 'vitest'
import { eachMessage } from '../src/kafka-consumer.ts'
import { payBroken } from '../src/pay-broken.ts'
import { pay } from '../src/pay.ts'
import type { Payment } from '../src/payment.ts'
import { onMessage } from '../src/rabbit-consumer.ts'

type Pay = (payment: Payment) => Promise<void>

const charges = 'POST https://api.example.com/charges'

/** What is asked of the consumer, whatever broker its messages come over. A charge is the effect. */
const asked = {
  messages: (n: number) => ({
    key: `customer-${n % 3}`,
    value: { id: `${n}`, customer: `customer-${n % 3}`, cents: 100 + n },
  }),
  count: 10,
  operation: ({ value }: { readonly value: Payment }) => value.id,
  apis: { [charges]: chargesWithIdempotencyKeys() },
  guarantees: ['exactly-once'],
  invariants: {
    'nobody pays more than he owes': ({ apis, messages }: FinalState) =>
      (apis[charges]?.calls.length ?? 0) <= messages.length,
  },
  runs: 40,
  cases: false,
} as const

type Check = DeliveryCheck<{ readonly key: string; readonly value: Payment }>

const overKafka = (how: Pay): Check => ({
  ...asked,
  name: `payments on Kafka, ${how.name}`,
  system: kafka({ client: 'kafkajs' }),
  consumer: () => kafkajs.eachMessage(eachMessage(how)),
})

const overRabbit = (how: Pay): Check => ({
  ...asked,
  name: `payments on RabbitMQ, ${how.name}`,
  system: rabbitmq({ consumer: { prefetch: 10 } }),
  consumer: () => amqplib.consume(onMessage(how)),
})

describe.each([
  ['Kafka', overKafka],
  ['RabbitMQ', overRabbit],
])('the payment consumer on %s', (_, check) => {
  it('charges once with the key of the payment, whatever breaks', { timeout: 120_000 }, async () => {
    await expect(checkDelivery(check(pay))).toHold()
  })

  it('charged twice as long as each attempt had a key of its own', { timeout: 120_000 }, async () => {
    const { ok, text } = await checkDelivery(check(payBroken))
    expect(ok).toBe(false)
    expect(text).toMatch(/applied twice/)
  })
})
