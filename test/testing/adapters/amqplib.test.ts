import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { amqplib, checkDelivery, nest, rabbitmq } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 12 }, (_, n) => ({
  value: { order: `order-${n}`, cents: 100 * n },
  headers: { trace: `trace-${n}`, 'message-id': `id-${n}` },
}))

type OrderMessage = (typeof messages)[number]

/** A check in which nothing breaks but what the code itself does. */
function check(consumer: NonNullable<DeliveryCheck['consumer']>, changes: Partial<DeliveryCheck<OrderMessage>> = {}) {
  return {
    name: 'billing',
    system: rabbitmq(),
    stores: { ledger: { ledger: {} } },
    consumer,
    messages,
    operation: ({ value }: OrderMessage) => value.order,
    guarantees: ['no-loss', 'no-duplicates'],
    faults: [{ at: '20s', crash: 'ledger', for: '1s' }],
    members: 1,
    runs: 1,
    cases: false,
    ...changes,
  } satisfies DeliveryCheck<OrderMessage>
}

const crashAfterEffect = [
  { when: { fact: 'effect-applied', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' },
]

async function broken(of: DeliveryCheck<OrderMessage>): Promise<readonly string[]> {
  return (await checkDelivery(of)).failures.map(({ guarantee }) => guarantee)
}

describe('amqplib.consume', () => {
  it('hands over exact payloads', async () => {
    const seen: ConsumeMessage[] = []
    await checkDelivery(
      check(() =>
        amqplib.consume((message: ConsumeMessage | null, channel: Channel) => {
          if (message === null) return
          seen.push(message)
          channel.ack(message)
        }),
      ),
    )
    const [first] = seen
    expect(first?.content.toString()).toBe('{"order":"order-0","cents":0}')
    expect(first?.fields).toEqual({
      consumerTag: expect.stringMatching(/./),
      deliveryTag: 1,
      redelivered: false,
      exchange: '',
      routingKey: 'orders',
    })
    expect(first?.properties).toMatchObject({
      deliveryMode: 2,
      messageId: 'id-0',
      type: undefined,
      headers: { trace: 'trace-0' },
    })
    expect(Object.keys(first?.properties ?? {})).toHaveLength(14)
    expect(first?.properties.headers).toEqual({ trace: 'trace-0' })
  })

  it('holds when the message is acknowledged after its effect, up to the crash between the two', async () => {
    const after = check(({ effect }) =>
      amqplib.consume(async (message, channel) => {
        if (message === null) return
        await effect()
        channel.ack(message)
      }),
    )
    expect(await broken(after)).toEqual([])
    expect(await broken({ ...after, faults: crashAfterEffect })).toContain('no-duplicates')
  })

  it('loses what is acknowledged before its effect, or by being delivered', async () => {
    const before = check(
      ({ effect }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          channel.ack(message)
          await sleep(50)
          await effect()
        }),
      {
        faults: [
          { when: { fact: 'acknowledged', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' },
        ],
      },
    )
    expect(await broken(before)).toContain('no-loss')
    const noAck = check(
      ({ effect }) =>
        amqplib.consume(
          async () => {
            await sleep(50)
            await effect()
          },
          { noAck: true },
        ),
      {
        faults: [{ when: { fact: 'delivered', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' }],
      },
    )
    expect(await broken(noAck)).toContain('no-loss')
  })

  it('does not wait for a message before it hands over the next, unless prefetch says so', async () => {
    const most = async (prefetch: number): Promise<number> => {
      let running = 0
      let highest = 0
      await checkDelivery(
        check(() =>
          amqplib.consume(
            async (message, channel) => {
              if (message === null) return
              highest = Math.max(highest, ++running)
              await sleep(100)
              running--
              channel.ack(message)
            },
            { prefetch },
          ),
        ),
      )
      return highest
    }
    expect(await most(0)).toBeGreaterThan(5)
    expect(await most(2)).toBe(2)
    expect(await most(1)).toBe(1)
  })

  it('closes the channel over a message that is acknowledged twice, and gets the others again', async () => {
    const closed: string[] = []
    const twice = check(({ effect }) =>
      amqplib.onChannel((channel) => {
        channel.on('error', (error: Error) => closed.push(error.message))
        return async (message) => {
          if (message === null) return
          await sleep(20)
          await effect()
          channel.ack(message)
          if (message.fields.deliveryTag === 3) channel.ack(message)
        }
      }),
    )
    const found = await checkDelivery(twice)
    expect(closed[0]).toMatch(/406.*PRECONDITION.FAILED.*unknown delivery tag 3/i)
    expect(found.failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
  })

  it('throws where a channel is used that is gone', async () => {
    const errors: unknown[] = []
    await checkDelivery(
      check(() =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          channel.ack(message)
          if (message.fields.deliveryTag !== 1) return
          channel.ack({ fields: { deliveryTag: 99 } })
          await sleep(500)
          try {
            channel.ack(message)
          } catch (error) {
            errors.push(error)
          }
        }),
      ),
    )
    expect(errors[0]).toMatchObject({ name: 'IllegalOperationError', message: 'Channel closed' })
  })

  it('gets again what it gives back, marked as redelivered, and not what it discards', async () => {
    const redelivered: boolean[] = []
    const run = (requeue: boolean) => {
      redelivered.length = 0
      return broken(
        check(({ effect }) =>
          amqplib.consume(async (message, channel) => {
            if (message === null) return
            const isFifth = message.properties.messageId === 'id-5'
            if (isFifth) redelivered.push(message.fields.redelivered)
            if (isFifth && !message.fields.redelivered) return channel.nack(message, false, requeue)
            await effect()
            channel.ack(message)
          }),
        ),
      )
    }
    expect(await run(true)).toEqual([])
    expect(redelivered.slice(0, 2)).toEqual([false, true])
    expect(await run(false)).toContain('no-loss')
  })

  it('acknowledges all up to a message', async () => {
    const everyThird = check(
      ({ effect }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          await effect()
          if (message.fields.deliveryTag % 3 === 0) channel.ack(message, true)
        }),
      { faults: [{ at: '10s', restart: 'billing', for: '1s' }] },
    )
    expect(await broken(everyThird)).toEqual([])
  })

  it('ends its process with an error that escapes, and gets the message again', async () => {
    const calls: boolean[] = []
    const found = await broken(
      check(({ effect }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          const isFifth = message.properties.messageId === 'id-5'
          if (isFifth) calls.push(message.fields.redelivered)
          if (isFifth && !message.fields.redelivered) throw new Error('the card was refused')
          await effect()
          channel.ack(message)
        }),
      ),
    )
    expect(found).not.toContain('no-loss')
    expect(calls.slice(0, 2)).toEqual([false, true])
  })

  it('has channels that amqplib would have', () => {
    const onMessage = (message: ConsumeMessage | null, channel: ConfirmChannel): void => {
      if (message !== null) channel.ack(message)
    }
    expect(amqplib.consume(onMessage).shape).toBe('amqplib.consume')
  })
})

describe('nest.event', () => {
  it('is given data and a context, and acknowledges by them', async () => {
    const seen: unknown[] = []
    class Billing {
      readonly effect: () => Promise<void>

      constructor(effect: () => Promise<void>) {
        this.effect = effect
      }

      async created(
        data: { readonly order: string },
        context: { getChannelRef(): Channel; getMessage(): ConsumeMessage },
      ): Promise<void> {
        seen.push(data)
        await this.effect()
        context.getChannelRef().ack(context.getMessage())
      }
    }
    const mended = check(({ effect }) => {
      const billing = new Billing(effect)
      return nest.event(billing.created.bind(billing), { noAck: false })
    })
    expect(await broken(mended)).toEqual([])
    expect(seen[0]).toEqual({ order: 'order-0', cents: 0 })
  })

  it('loses what its process had in hand, since by default the broker does not wait', async () => {
    const byDefault = check(
      ({ effect }) =>
        nest.event(async () => {
          await sleep(50)
          await effect()
        }),
      {
        faults: [{ when: { fact: 'delivered', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' }],
      },
    )
    expect(await broken(byDefault)).toContain('no-loss')
  })
})
