import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ConsumerFactory, DeliveryCheck } from '../../../src/testing/index.ts'
import { amqplib, charges, checkDelivery, memory, rabbitmq } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 6 }, (_, n) => ({ value: `order-${n}` }))

type Message = (typeof messages)[number]

/** What is told beside the result of a check, in which nothing fails. */
async function toldOf(
  consumer: ConsumerFactory,
  changes: Partial<DeliveryCheck<Message>> = {},
): Promise<readonly string[]> {
  const { failures, remarks } = await checkDelivery({
    name: 'billing',
    system: memory({ 'visibility-timeout': '10s' }),
    stores: { ledger: { ledger: { unique: 'operation' } } },
    consumer,
    messages,
    operation: ({ value }) => value,
    faults: [{ when: { fact: 'delivered', message: 'message-0' }, cut: 'after-step', pause: 'billing', for: '1ms' }],
    members: 1,
    runs: 1,
    cases: false,
    ...changes,
  })
  expect(failures).toEqual([])
  return remarks
}

describe('of a message that was handled to its end', () => {
  const once: ConsumerFactory = ({ effect }) =>
    amqplib.consume(async (message, channel) => {
      await effect()
      if (message !== null && message.content.toString() !== 'order-3') channel.ack(message)
    })

  it('is told that it was never acknowledged', async () => {
    expect(await toldOf(once, { system: rabbitmq() })).toEqual([
      expect.stringMatching(
        /^billing handled message-3 to its end at .*s, and never acknowledged it: it stays with the broker, and comes again\.$/,
      ),
    ])
  })

  it('is nothing told where it was rejected, or acknowledged by being delivered', async () => {
    const rejected: ConsumerFactory = ({ effect }) =>
      amqplib.consume(async (message, channel) => {
        await effect()
        if (message !== null) channel.reject(message, false)
      })
    expect(await toldOf(rejected, { system: rabbitmq() })).toEqual([])
    const delivered: ConsumerFactory = ({ effect }) => amqplib.consume(() => effect(), { noAck: true })
    expect(await toldOf(delivered, { system: rabbitmq() })).toEqual([])
  })
})

describe('of an operation that goes on when its handler has returned', () => {
  it('is nothing told where a listener gives no promise, and settles its message by itself', async () => {
    const listening: ConsumerFactory = ({ effect }) =>
      amqplib.consume((message, channel) => {
        if (message === null) return
        effect().then(
          () => channel.ack(message),
          () => channel.nack(message),
        )
      })
    expect(await toldOf(listening, { system: rabbitmq() })).toEqual([])
  })

  it('is nothing told where it is done for another handler, which waits for it', async () => {
    const gathering: ConsumerFactory = ({ effect }) => {
      const waiting: { readonly message: object; readonly done: () => void }[] = []
      let isWorking = false
      const work = async (): Promise<void> => {
        if (isWorking) return
        isWorking = true
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          await effect(next.message)
          next.done()
        }
        isWorking = false
      }
      return (message) =>
        new Promise<void>((done) => {
          waiting.push({ message, done })
          void work()
        })
    }
    expect(await toldOf(gathering, { concurrency: 4, rate: 1000 })).toEqual([])
  })

  it('is nothing told where the code gave the call up by its signal', async () => {
    const address = 'https://api.example.com/charges'
    const impatient: ConsumerFactory = () => async () => {
      await fetch(address, { method: 'POST', signal: AbortSignal.timeout(5) }).catch(() => {})
    }
    const told = await toldOf(impatient, {
      stores: { 'api-example-com': { 'http-api': { takes: '100ms' } } },
      apis: { [`POST ${address}`]: charges() },
    })
    expect(told).toEqual([])
  })

  it('is told of in any other case', async () => {
    const careless: ConsumerFactory =
      () =>
      async (message, { effect }) => {
        void sleep(50).then(() => effect(message))
      }
    expect(await toldOf(careless)).toEqual([
      expect.stringMatching(
        /^The handler of message-0 \(attempt 1\) had returned when apply to ledger began, at .*what-is-told/,
      ),
    ])
  })
})
