import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { describe, expect, it } from 'vitest'
import type { CheckResult, ConsumerFactory, DeclaredOutput, DeliveryCheck } from '../../../src/testing/index.ts'
import {
  amqplib,
  checkDelivery,
  CheckError,
  kafka,
  kafkajs,
  kinesis,
  memory,
  nest,
  rabbitmq,
  redis,
  sqs,
} from '../../../src/testing/index.ts'

const orders = Array.from({ length: 6 }, (_, n) => ({ key: `customer-${n % 2}`, value: { order: `order-${n}` } }))

/** A consumer that sends a receipt for each order. */
function receipts(consumer: ConsumerFactory, changes: Partial<DeliveryCheck> = {}): DeliveryCheck {
  return {
    name: 'receipts',
    system: memory({ 'visibility-timeout': '10s' }),
    sends: { receipts: {} },
    consumer,
    messages: orders,
    operation: ({ value }) => orderOf(value),
    faults: 'crashes-and-redelivery',
    runs: 30,
    cases: false,
    ...changes,
  }
}

function orderOf(value: unknown): string {
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
  return typeof read === 'object' && read !== null && 'order' in read ? String(read.order) : ''
}

const recognisingById = { receipts: { recognises: ({ headers }: { headers: object }) => Reflect.get(headers, 'id') } }

/** Each guarantee once: several ways to break one are several failures. */
function brokenIn({ failures }: CheckResult): readonly string[] {
  return [...new Set(failures.map(({ guarantee }) => guarantee))]
}

describe('what the code sends, judged by whoever reads it', () => {
  it('comes twice where a message is handled again, unless the reader recognises it', async () => {
    const consumer: ConsumerFactory =
      () =>
      async ({ value }, { send }) =>
        await send('receipts', { value: orderOf(value), headers: { id: orderOf(value) } })
    const broken = await checkDelivery(receipts(consumer))
    expect(brokenIn(broken)).toEqual(['no-duplicates'])
    expect(broken.text).toMatch(/order-\d\/receipts#1 was applied twice by receipts-reader/)
    const mended = await checkDelivery(receipts(consumer, { sends: recognisingById }))
    expect(mended.ok ? '' : mended.text).toBe('')
  })

  it('goes to a queue of SQS that is made for it, of which a FIFO queue recognises a deduplication id itself', async () => {
    const consumer: ConsumerFactory =
      () =>
      async ({ value }, { send }) =>
        await send('receipts', { value: orderOf(value), headers: { id: orderOf(value) } })
    const over = async (queue: string, output: DeclaredOutput): Promise<readonly string[]> =>
      brokenIn(await checkDelivery(receipts(consumer, { system: sqs({ queue }), sends: { receipts: output } })))
    expect(await over('orders', {})).toEqual(['no-duplicates'])
    expect(await over('orders', recognisingById.receipts)).toEqual([])
    expect(await over('orders.fifo', { to: 'receipts.fifo' })).toEqual([])
    const newWithEachCall = { to: 'receipts.fifo', producer: { MessageDeduplicationId: 'call' } }
    expect(await over('orders.fifo', newWithEachCall)).toEqual(['no-duplicates'])
  })

  it.each([
    ['a stream of Redis', redis()],
    ['a list of Redis', redis({ list: 'jobs' })],
    ['a stream of Kinesis', kinesis()],
  ])('goes to %s that is made for it', async (_, system) => {
    const consumer: ConsumerFactory =
      () =>
      async ({ value }, { send }) =>
        await send('receipts', { value: orderOf(value), headers: { id: orderOf(value) } })
    expect(brokenIn(await checkDelivery(receipts(consumer, { system })))).toEqual(['no-duplicates'])
    const mended = await checkDelivery(receipts(consumer, { system, sends: recognisingById }))
    expect(mended.ok ? '' : mended.text).toBe('')
  })

  it('comes twice to a reader that recognises, where each attempt gives it a new id', async () => {
    const result = await checkDelivery(
      receipts(
        () =>
          async ({ value }, { send }) =>
            await send('receipts', { value: orderOf(value), headers: { id: crypto.randomUUID() } }),
        { sends: recognisingById },
      ),
    )
    expect(brokenIn(result)).toEqual(['no-duplicates'])
    expect(result.failures[0]?.faults).toBe(1)
  })

  it('is lost where nobody waits for it', async () => {
    const { failures } = await checkDelivery(
      receipts(
        () =>
          ({ value }, { send }) =>
            void setTimeout(() => void send('receipts', { value: orderOf(value) }), 50),
        { sends: { receipts: { guarantees: ['no-loss'] } }, guarantees: [] },
      ),
    )
    expect(failures.map(({ guarantee }) => guarantee)).toContain('no-loss')
  })

  it('is shown to invariants', async () => {
    const { ok, text } = await checkDelivery(
      receipts(
        () =>
          async ({ value }, { send }) =>
            await send('receipts', { key: 'k', value: { of: orderOf(value) } }),
        {
          guarantees: ['no-loss'],
          invariants: {
            'a receipt for each order': ({ sent, messages }) =>
              new Set(sent['receipts']?.map(({ value }) => JSON.stringify(value))).size === messages.length,
          },
        },
      ),
    )
    expect(ok ? '' : text).toBe('')
  })

  it('can be named where a fault strikes, as a kept case does', async () => {
    const when = { fact: 'delivered', message: 'order-0/receipts#1' }
    const { runs } = await checkDelivery(
      receipts(
        () =>
          async ({ value }, { send }) =>
            await send('receipts', { value: orderOf(value) }),
        { faults: [{ when, cut: 'after-step', crash: 'receipts', for: '1s' }], runs: 1 },
      ),
    )
    expect(runs).toBe(2)
  })

  it('is judged beside the effects that the code has besides', async () => {
    const { failures } = await checkDelivery(
      receipts(
        () =>
          async ({ value }, { send, effect }) => {
            await send('receipts', { value: orderOf(value) })
            await effect()
          },
        {
          stores: { ledger: { ledger: {} } },
          sends: { receipts: { guarantees: ['no-loss'] } },
          guarantees: ['no-duplicates'],
        },
      ),
    )
    expect(failures.map(({ sentence }) => sentence).join()).toMatch(/applied twice by receipts:/)
  })

  it('refuses a place of which the check knows nothing', async () => {
    const checked = checkDelivery(
      receipts(
        () =>
          async (_, { send, log }) =>
            await send('invoices', { value: 1 }).catch((error: Error) => log(error.message)),
        {
          sends: { receipts: { guarantees: ['no-loss'] } },
          runs: 1,
        },
      ),
    )
    await expect(checked).rejects.toThrow(
      "receipts sends to invoices, of which the check knows nothing: declare it, `sends: { 'invoices': {} }`",
    )
  })

  it('refuses outputs that are wrong', async () => {
    const sends = JSON.parse('{ "receipts": 7, "invoices": { "recognises": "id", "guarantees": ["exactly-one"] } }')
    const error = await checkDelivery(receipts(() => () => {}, { sends })).catch((reason: unknown) => reason)
    expect(error instanceof CheckError ? error.problems : error).toEqual([
      'the output receipts is 7: expected { to, guarantees, recognises, about, parks }, all of it optional',
      '`recognises` of the output invoices is the text "id": expected a function of a message',
      'there is no guarantee `exactly-one`. Did you mean exactly-once?',
    ])
  })
})

describe('what is set aside by being sent', () => {
  const checked = (parks: boolean, settingAside: boolean): Promise<CheckResult> =>
    checkDelivery(
      receipts(
        () =>
          async ({ value }, { send, effect }) => {
            if (orderOf(value) !== 'order-1') return await effect()
            if (settingAside) await send('dead', { value })
          },
        {
          stores: { ledger: { ledger: { unique: 'operation' } } },
          sends: { dead: { parks, ...(parks ? {} : { guarantees: [] }) } },
          messages: orders.slice(0, 2),
          runs: 3,
        },
      ),
    )

  it('is lost where nobody says that it is, and where it is not sent', async () => {
    expect(brokenIn(await checked(false, true))).toEqual(['no-loss'])
    expect(brokenIn(await checked(true, false))).toEqual(['no-loss'])
  })

  it('is neither handled nor lost, which is told', async () => {
    const { failures, remarks } = await checked(true, true)
    expect(failures.map(({ text }) => text)).toEqual([])
    expect(remarks).toContain('in some runs the code set operations aside (dead), which owe no effect then')
    expect(remarks.join()).not.toContain('if your code rightly ignores them')
  })
})

describe('what a relay sends outside of any handling', () => {
  /** Writes down what is to be sent, and sends it on a timer; it is marked as sent when the broker has it, unless it is marked before. */
  const relaying =
    (marksFirst: boolean): ConsumerFactory =>
    ({ db: { pool }, send }) => {
      const mark = (order: unknown): Promise<unknown> => pool.query('delete from outbox where id = $1', [order])
      const relay = async (): Promise<void> => {
        const { rows } = await pool.query('select id from outbox order by id')
        for (const { id } of rows) {
          if (marksFirst) await mark(id)
          await send('receipts', { value: { order: id }, headers: { id: String(id) } })
          if (!marksFirst) await mark(id)
        }
      }
      setInterval(() => void relay().catch(() => {}), 200)
      return async ({ value }) =>
        void (await pool.query('insert into outbox values ($1) on conflict do nothing', [orderOf(value)]))
    }
  const about = ({ value }: { value: unknown }): string => orderOf(value)
  const whenSent = { when: { fact: 'derived', parent: 'message-0' } }
  const checked = (consumer: ConsumerFactory, receipt: object, cut = 'after-state'): Promise<CheckResult> =>
    checkDelivery(
      receipts(consumer, {
        stores: { db: { database: {}, schema: 'create table outbox (id text primary key)' } },
        messages: orders.slice(0, 2),
        sends: { receipts: receipt },
        members: 1,
        faults: [{ ...whenSent, cut, crash: 'consumer', for: '1s' }],
        runs: 1,
      }),
    )

  it('comes of the message that it is about', async () => {
    const { failures } = await checked(relaying(false), { about, ...recognisingById.receipts })
    expect(failures.map(({ text }) => text)).toEqual([])
  })

  it('is lost where it is marked as sent before', async () => {
    const result = await checked(relaying(true), { about, ...recognisingById.receipts })
    expect(brokenIn(result)).toEqual(['no-loss'])
  })

  it('comes twice where it is sent and not marked, to a reader that recognises nothing', async () => {
    const result = await checked(relaying(false), { about }, 'after-step')
    expect(brokenIn(result)).toEqual(['no-duplicates'])
  })

  it.each<[string, object, RegExp]>([
    ['of which nobody says what it is about', {}, /sends to receipts outside of any handling .*say so/],
    ['that is about nothing', { about: () => 'order-9' }, /gives order-9, and no message of the check is about that/],
  ])('is refused where it is a message %s', async (_, receipt, reason) => {
    await expect(checked(relaying(false), receipt)).rejects.toThrow(reason)
  })
})

describe('what client libraries send', () => {
  it('kafkajs.producer sends to topics', async () => {
    const producer = kafkajs.producer()
    const consumer: ConsumerFactory = () =>
      kafkajs.eachMessage(async ({ message }) => {
        const id = message.key?.toString() ?? ''
        await producer.send({
          topic: 'receipts',
          messages: [{ key: id, value: message.value, headers: { id: orderOf(message.value?.toString()) } }],
        })
      })
    const changes = {
      system: kafka({ client: 'kafkajs' }),
      faults: 'crash-at-every-operation',
      members: 1,
      messages: orders.slice(0, 2),
    }
    const broken = await checkDelivery(receipts(consumer, changes))
    expect(brokenIn(broken)).toEqual(['no-duplicates'])
    const mended = await checkDelivery(receipts(consumer, { ...changes, sends: recognisingById }))
    expect(mended.ok ? '' : mended.text).toBe('')
  })

  it('is shown to invariants without what was only rehearsed', async () => {
    const most: number[] = []
    await checkDelivery(
      receipts(
        () =>
          async ({ value }, { send }) =>
            await send('receipts', { value: orderOf(value) }),
        {
          faults: 'crash-at-every-operation',
          messages: orders.slice(0, 2),
          invariants: { 'what was read': ({ sent }) => void most.push(sent['receipts']?.length ?? 0) },
        },
      ),
    )
    expect(Math.max(...most)).toBe(3)
  })

  it('channels of amqplib send to queues, and wait for confirms', async () => {
    const sendIt = (message: ConsumeMessage, channel: Channel): boolean =>
      channel.sendToQueue('receipts', message.content, { headers: { id: orderOf(message.content.toString()) } })
    const changes = { system: rabbitmq(), faults: 'crash-at-every-operation', members: 1, messages: orders.slice(0, 2) }
    const confirmed: ConsumerFactory = () =>
      amqplib.consume(async (message: ConsumeMessage | null, channel: ConfirmChannel) => {
        if (message === null) return
        sendIt(message, channel)
        await channel.waitForConfirms()
        channel.ack(message)
      })
    const durable = { receipts: { ...recognisingById.receipts, producer: { confirms: true, delivery_mode: 2 } } }
    const mended = await checkDelivery(receipts(confirmed, { ...changes, sends: durable }))
    expect(mended.ok ? '' : mended.text).toBe('')
    const acknowledgedFirst: ConsumerFactory = () =>
      amqplib.consume(async (message: ConsumeMessage | null, channel: Channel) => {
        if (message === null) return
        channel.ack(message)
        await sleep(10)
        sendIt(message, channel)
      })
    const guarantees = ['no-loss']
    const broken = await checkDelivery(receipts(acknowledgedFirst, { ...changes, sends: { receipts: { guarantees } } }))
    expect(brokenIn(broken)).toEqual(['no-loss'])
  })

  it('a channel of amqplib waits for what is outstanding: of what was refused before, only the callback is told', async () => {
    const full = rabbitmq({ queues: { orders: {}, receipts: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } } })
    const told = async (act: (channel: ConfirmChannel, note: (what: unknown) => void) => Promise<void>) => {
      const notes: unknown[] = []
      const consumer: ConsumerFactory = () =>
        amqplib.consume(async (message: ConsumeMessage | null, channel: ConfirmChannel) => {
          if (message === null) return
          const note = (what: unknown): void => void notes.push(what instanceof Error ? what.message : what)
          await act(channel, note).catch(note)
          channel.ack(message)
        })
      const sends = { receipts: { guarantees: [], producer: { confirms: true } } }
      const changes = { system: full, sends, members: 1, messages: orders.slice(0, 1), guarantees: [], runs: 1 }
      await checkDelivery(receipts(consumer, { ...changes, faults: [{ at: '20s', restart: 'rabbitmq', for: '1s' }] }))
      // The check runs it more than once.
      return [...new Set(notes)]
    }
    const send = (channel: ConfirmChannel, done?: (error: unknown) => void): boolean =>
      channel.sendToQueue('receipts', Buffer.from('a'), {}, done)
    expect(await told(async (channel) => void (send(channel), await channel.waitForConfirms()))).toEqual([
      'message nacked',
    ])
    expect(
      await told(async (channel, note) => {
        send(channel, () => note('the callback'))
        await sleep(100)
        await channel.waitForConfirms()
      }),
    ).toEqual(['the callback'])
    expect(
      await told(async (channel) => void (send(channel), await sleep(100), await channel.waitForConfirms())),
    ).toEqual([])
  })

  it('a channel of amqplib tells listeners of what comes back, and confirms it', async () => {
    const notes: unknown[] = []
    const consumer: ConsumerFactory = () =>
      amqplib.onChannel((channel) => {
        channel.on('return', ({ fields }: { fields: object }) => notes.push(fields))
        return async (message) => {
          if (message === null) return
          channel.sendToQueue('receipts', message.content, {}, (error) => notes.push(error))
          await channel.waitForConfirms()
          channel.ack(message)
        }
      })
    await checkDelivery(
      receipts(consumer, {
        system: rabbitmq({ queues: { orders: {}, receipts: { auto_delete: true } } }),
        sends: { receipts: { guarantees: [], producer: { confirms: true, mandatory: true } } },
        messages: orders.slice(0, 1),
        guarantees: [],
        members: 1,
        runs: 1,
        // The queue goes with its consumer.
        faults: [{ at: '500ms', crash: 'receipts-reader', for: '60s' }],
      }),
    )
    const returned = { replyCode: 312, replyText: 'NO_ROUTE', exchange: '', routingKey: 'receipts' }
    expect([notes.filter((note) => note !== null), notes.at(-1)]).toEqual([[returned], null])
  })

  it('nest.message sends what a method gives to the queue that a request names', async () => {
    const answered: unknown[] = []
    const { failures } = await checkDelivery(
      receipts(() => nest.message((data: unknown) => ({ for: orderOf(data) })), {
        system: rabbitmq(),
        messages: orders.map(({ value }) => ({
          value: { pattern: 'receipt', data: value, id: value.order },
          headers: { 'reply-to': 'replies', 'correlation-id': value.order },
        })),
        operation: ({ headers }) => headers?.['correlation-id'] ?? '',
        sends: { replies: { guarantees: ['no-loss'] } },
        invariants: {
          'each is answered': ({ sent }) => void answered.push(sent['replies']?.map(({ value }) => value)),
        },
        faults: [{ at: '20s', restart: 'rabbitmq', for: '1s' }],
        runs: 1,
      }),
    )
    expect(failures).toEqual([])
    expect(answered[0]).toContain('{"response":{"for":"order-0"},"isDisposed":true,"id":"order-0"}')
  })
})
