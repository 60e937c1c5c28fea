import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchHandler, EachBatchPayload, EachMessageHandler, EachMessagePayload } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, kafka, kafkajs } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 12 }, (_, n) => ({
  key: `customer-${n % 3}`,
  value: { order: `order-${n}`, cents: 100 * n },
  headers: { trace: `trace-${n}` },
}))

type OrderMessage = (typeof messages)[number]

/** A check in which nothing breaks but what the code itself does. */
function check(consumer: DeliveryCheck['consumer'], options: Readonly<Record<string, unknown>> = {}) {
  return {
    name: 'billing',
    system: kafka({ client: 'kafkajs', consumer: options }),
    stores: { ledger: { ledger: {} } },
    ...(consumer === undefined ? {} : { consumer }),
    messages,
    operation: ({ value }: OrderMessage) => value.order,
    guarantees: ['no-loss', 'no-duplicates'],
    faults: [{ at: '20s', crash: 'ledger', for: '1s' }],
    members: 1,
    runs: 1,
    cases: false,
  } satisfies DeliveryCheck<OrderMessage>
}

describe('kafkajs.eachMessage', () => {
  it('hands over exact payloads', async () => {
    const seen: EachMessagePayload[] = []
    const handler: EachMessageHandler = async (payload) => {
      seen.push(payload)
    }
    await checkDelivery(check(() => kafkajs.eachMessage(handler)))
    const [first] = seen
    expect(first).toMatchObject({ topic: 'orders', message: { attributes: 0 } })
    expect(first?.message.value?.toString()).toMatch(/^\{"order":"order-\d+","cents":\d+\}$/)
    expect(first?.message.key?.toString()).toMatch(/^customer-\d$/)
    expect(first?.message.headers?.['trace']?.toString()).toMatch(/^trace-\d+$/)
    expect(first?.message.offset).toMatch(/^\d+$/)
    expect(new Date(Number(first?.message.timestamp)).toISOString()).toMatch(/^2026-01-01T00:00:/)
  })

  it('duplicates what takes forty seconds without heartbeats', async () => {
    const slow =
      (heartbeats: boolean): DeliveryCheck['consumer'] =>
      ({ effect }) => {
        const seen = new Set<string>()
        return kafkajs.eachMessage(async ({ message, heartbeat }) => {
          const text = String(message.value)
          for (let second = 0; second < 40 && text.includes('order-3') && !seen.has(text); second += 5) {
            await sleep(5000)
            if (heartbeats) await heartbeat()
          }
          seen.add(text)
          await effect()
        })
      }
    const without = await checkDelivery(check(slow(false)))
    expect(without.failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
    const mended = await checkDelivery(check(slow(true)))
    expect(mended.failures).toEqual([])
  })

  it('gets again what it threw at, and everything behind it', async () => {
    const calls: string[] = []
    const result = await checkDelivery(
      check(({ effect }) => {
        let failures = 2
        return kafkajs.eachMessage(async ({ message }) => {
          calls.push(String(message.value))
          if (String(message.value).includes('order-5') && failures-- > 0) throw new Error('the card was refused')
          await effect()
        })
      }),
    )
    expect(result.failures).toEqual([])
    // In each run: two failures, and the third time.
    expect(calls.filter((value) => value.includes('order-5')).length % 3).toBe(0)
  })

  it('commits what the code commits where the client does not', async () => {
    const run = (commits: boolean) =>
      checkDelivery({
        ...check(
          ({ effect }) => {
            const consumer = kafkajs.consumer()
            return kafkajs.eachMessage(async ({ topic, partition, message }) => {
              await effect()
              const offset = String(Number(message.offset) + 1)
              if (commits) await consumer.commitOffsets([{ topic, partition, offset }])
            })
          },
          { autoCommit: false },
        ),
        faults: [{ at: '20s', restart: 'billing', for: '1s' }],
      })
    expect((await run(true)).failures).toEqual([])
    expect((await run(false)).failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
  })
})

describe('kafkajs.eachBatch', () => {
  it('hands over what a fetch brought of a partition', async () => {
    const seen: EachBatchPayload[] = []
    const handler: EachBatchHandler = async (payload) => {
      seen.push(payload)
      expect(payload.isRunning()).toBe(true)
      expect(payload.isStale()).toBe(false)
      expect(payload.uncommittedOffsets()).toHaveProperty('topics')
    }
    await checkDelivery({ ...check(() => kafkajs.eachBatch(handler)), rate: 1000 })
    const longest = seen.map(({ batch }) => batch).sort((a, b) => b.messages.length - a.messages.length)[0]
    if (longest === undefined) throw new Error('There was no batch.')
    const { messages: records, highWatermark } = longest
    expect(records.length).toBeGreaterThan(1)
    expect(longest.topic).toBe('orders')
    expect(longest.isEmpty()).toBe(false)
    expect(longest.firstOffset()).toBe(records[0]?.offset)
    expect(longest.lastOffset()).toBe(records.at(-1)?.offset)
    expect(Number(longest.offsetLag())).toBe(Number(highWatermark) - 1 - Number(longest.lastOffset()))
    expect(Number(longest.offsetLagLow())).toBe(Number(highWatermark) - 1 - Number(longest.firstOffset()))
  })

  /** Bills all of a batch, and fails once, at the last of several. */
  const failingOnce =
    (resolves: boolean): NonNullable<DeliveryCheck['consumer']> =>
    ({ effect }) => {
      let failures = 1
      return kafkajs.eachBatch(
        async ({ batch, resolveOffset, heartbeat }) => {
          for (const message of batch.messages) {
            const isLast = batch.messages.length > 1 && message === batch.messages.at(-1)
            if (isLast && failures-- > 0) throw new Error('the card was refused')
            await effect(message)
            if (resolves) resolveOffset(message.offset)
            await heartbeat()
          }
        },
        { eachBatchAutoResolve: !resolves },
      )
    }

  it('is fetched again from behind what it resolved', async () => {
    const messagesAtOnce = { ...check(failingOnce(true)), rate: 1000 }
    expect((await checkDelivery(messagesAtOnce)).failures).toEqual([])
  })

  it('is not resolved at all by a function that throws', async () => {
    const found = await checkDelivery({ ...check(failingOnce(false)), rate: 1000 })
    expect(found.failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
  })

  it('loses what it has not dealt with when all of a batch is resolved', async () => {
    const onlyFirst: NonNullable<DeliveryCheck['consumer']> = ({ effect }) =>
      kafkajs.eachBatch(async ({ batch }) => {
        await effect(batch.messages[0])
      })
    const found = await checkDelivery({ ...check(onlyFirst), rate: 1000 })
    expect(found.failures.map(({ guarantee }) => guarantee)).toContain('no-loss')
  })
})

describe('the shape of another client', () => {
  it('is refused by its name', async () => {
    const found = checkDelivery({ ...check(() => kafkajs.eachMessage(async () => {})), system: kafka() })
    await expect(found).rejects.toThrow(
      "kafkajs.eachMessage needs the client that it is written for: system: kafka({ client: 'kafkajs', ... })",
    )
  })
})
