import { describe, expect, it } from 'vitest'
import type { CheckedSystem, ConsumerFactory } from '../../../src/testing/index.ts'
import { amqplib, checkDelivery, kafka, kafkajs, memory, rabbitmq } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 4 }, (_, n) => ({ key: `customer-${n}`, value: n }))

const ways: readonly (readonly [string, CheckedSystem, ConsumerFactory])[] = [
  ['a plain handler', memory(), () => refuses],
  ['a plain handler whose messages come back at once', rabbitmq(), () => refuses],
  ['eachMessage of kafkajs', kafka({ client: 'kafkajs' }), () => kafkajs.eachMessage(async () => refuse())],
  ['a consumer of amqplib that dies of it', rabbitmq(), () => amqplib.consume(async () => refuse())],
]

const refuse = (): never => {
  throw new Error('the row is locked')
}

const refuses = async ({ id }: { readonly id: string }): Promise<void> => (id === 'message-2' ? refuse() : undefined)

describe('code that fails for ever', () => {
  it.each(ways)('is told of soon: %s', async (_, system, consumer) => {
    const { failures } = await checkDelivery({ name: 'billing', system, consumer, messages, cases: false, runs: 5 })
    expect(failures[0]).toMatchObject({ guarantee: 'no message is tried for ever', foundInRun: 1, faults: 0 })
    expect(failures[0]?.sentence).toMatch(/^message-\d was tried again and again: \d+ times since/)
    expect(failures[0]?.sentence).toContain('the row is locked')
  })

  it('is also code that handles its messages and never tells the broker', async () => {
    const { failures } = await checkDelivery({
      name: 'billing',
      system: kafka({ client: 'kafkajs' }),
      consumer: () => kafkajs.eachBatch(async () => {}, { eachBatchAutoResolve: false }),
      messages,
      cases: false,
      runs: 5,
    })
    expect(failures[0]).toMatchObject({ guarantee: 'no message is tried for ever', foundInRun: 1, faults: 0 })
    expect(failures[0]?.sentence).toMatch(/100 times since .*, and handled to its end, and never acknowledged\.$/)
  })

  it('is not code that fails thrice', async () => {
    const { failures } = await checkDelivery({
      name: 'billing',
      system: rabbitmq(),
      stores: { ledger: { ledger: { unique: 'operation' } } },
      consumer:
        () =>
        async ({ attempt, redelivered }, { effect }) => {
          if (attempt < 3 || !redelivered) refuse()
          await effect()
        },
      messages,
      cases: false,
      runs: 5,
    })
    expect(failures).toEqual([])
  })
})
