import { Writable } from 'node:stream'
import { amqplib, api, kafka, kafkajs, nest, rabbitmq } from '../../../src/testing/index.ts'
import type { Order, Planted } from './canary.ts'
import { pause } from './canary.ts'
import type { Pool, Client } from './booking.ts'
import {
  db,
  payments,
  uniquePayments,
  valueOf,
  parsed,
  insertOnce,
  inTransaction,
  bookUnlessThere,
  book,
  charging,
  apis,
  charge,
} from './booking.ts'

/** Consumers that are right in other ways: what they call recognises a key, or they are written in a style of their own. */
export const rightOtherwise: readonly (readonly [string, Planted])[] = [
  [
    'an outbox with a relay that calls with a key',
    {
      stores: db,
      apis,
      consumer: ({ db: { pool } }) => {
        setInterval(() => {
          const relay = async (): Promise<void> => {
            const { rows } = await pool.query('select order_id from outbox where not sent order by order_id')
            for (const row of rows) {
              await charge(String(row['order_id']))
              await pool.query('update outbox set sent = true where order_id = $1', [row['order_id']])
            }
          }
          relay().catch(() => {})
        }, 500)
        return async (message) => {
          await pool.query('insert into outbox (order_id) values ($1) on conflict do nothing', [valueOf(message).order])
        }
      },
      effects: { [`POST ${charging}`]: (call) => (call['body'] as { order: string }).order },
    },
  ],
  ['an idempotency key at the API', { stores: {}, apis, consumer: () => (message) => charge(valueOf(message).order) }],
  [
    'a claim in the cache, and the truth in the database',
    {
      ...uniquePayments,
      stores: { ...db, marks: { cache: {} } },
      consumer:
        ({ db: { pool }, cache }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          if ((await cache.get(`done:${order}`)) !== null) return
          await pool.query(insertOnce, [order, cents])
          await cache.set(`done:${order}`, '1', 'EX', 3600)
        },
    },
  ],
  [
    'eachBatch that resolves by hand',
    {
      ...uniquePayments,
      system: kafka({ client: 'kafkajs' }),
      consumer: ({ db: { pool } }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
            for (const { offset, value } of batch.messages) {
              if (!isRunning() || isStale()) return
              const { order, cents } = parsed(value)
              await pool.query(insertOnce, [order, cents])
              resolveOffset(offset)
              await heartbeat()
            }
          },
          { eachBatchAutoResolve: false },
        ),
    },
  ],
  [
    'amqplib, acknowledged after the commit',
    {
      ...payments,
      system: rabbitmq(),
      consumer: ({ db: { pool } }) =>
        amqplib.consume((message, channel) => {
          if (message === null) return
          inTransaction(pool, (client) => book(client, parsed(message.content))).then(
            () => channel.ack(message),
            () => channel.nack(message),
          )
        }),
    },
  ],
  [
    'a method of Nest over RabbitMQ that acknowledges by itself',
    {
      ...uniquePayments,
      system: rabbitmq(),
      consumer: ({ db: { pool } }) =>
        nest.event(
          async (data, context) => {
            const { order, cents } = data as Order['value']
            const { getChannelRef, getMessage } = context as unknown as {
              getChannelRef(): { ack(message: unknown): void; nack(message: unknown): void }
              getMessage(): unknown
            }
            const channel = getChannelRef.call(context)
            try {
              await pool.query(insertOnce, [order, cents])
            } catch {
              // Nest answers nobody here: without this the message would stay unacknowledged as long as the channel is open.
              await new Promise((resolve) => setTimeout(resolve, 500))
              channel.nack(getMessage.call(context))
              return
            }
            channel.ack(getMessage.call(context))
          },
          { noAck: false },
        ),
    },
  ],
  [
    'chains of promises',
    {
      ...payments,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          pool.connect().then((client) =>
            client
              .query('begin')
              .then(() => book(client, valueOf(message)))
              .then(() => client.query('commit'))
              .then(
                () => client.release(),
                (error: unknown) =>
                  client
                    .query('rollback')
                    .catch(() => {})
                    .then(() => client.release(true))
                    .then(() => Promise.reject(error)),
              ),
          ),
    },
  ],
  [
    'callbacks of pg',
    {
      ...uniquePayments,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          new Promise<void>((resolve, reject) => {
            const { order, cents } = valueOf(message)
            pool.query(insertOnce, [order, cents], (error: Error | undefined) =>
              error === undefined || error === null ? resolve() : reject(error),
            )
          }),
    },
  ],
  [
    'a pipeline of async generators',
    {
      ...uniquePayments,
      consumer: ({ db: { pool } }) => {
        async function* orders(messages: readonly { readonly value: unknown }[]): AsyncGenerator<Order['value']> {
          for (const message of messages) yield valueOf(message)
        }
        async function* booked(source: AsyncIterable<Order['value']>): AsyncGenerator<number | null> {
          for await (const { order, cents } of source) yield (await pool.query(insertOnce, [order, cents])).rowCount
        }
        return async (message) => {
          for await (const count of booked(orders([message]))) if (count === null) throw new Error('not booked')
        }
      },
    },
  ],
  [
    'a class with its dependencies',
    {
      ...payments,
      consumer: ({ db: { pool } }) => {
        class Billing {
          readonly #pool: Pool

          constructor(to: Pool) {
            this.#pool = to
          }

          readonly handle = async (message: { readonly value: unknown }): Promise<void> => {
            await inTransaction(this.#pool, (client) => this.#bill(client, valueOf(message)))
          }

          async #bill(client: Client, order: Order['value']): Promise<void> {
            await book(client, order)
          }
        }
        return new Billing(pool).handle
      },
    },
  ],
  [
    'a handler that ignores what is not its own',
    {
      ...payments,
      ignores: (message) => valueOf(message).cents % 2 === 0,
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const order = valueOf(message)
          if (order.cents % 2 === 0) return
          await inTransaction(pool, (client) => book(client, order))
        },
    },
  ],
  [
    'calls that put a state, with nothing declared',
    {
      stores: {},
      apis: {
        'PUT https://api.example.com/orders/:order': api(({ params, body }, state) => {
          state[String(params['order'])] = body
          return { status: 204 }
        }),
      },
      guarantees: ['no-loss'],
      consumer: () => async (message) => {
        const { order, cents } = valueOf(message)
        const answer = await fetch(`https://api.example.com/orders/${order}`, {
          method: 'PUT',
          body: JSON.stringify({ cents }),
        })
        if (!answer.ok) throw new Error(`answered with ${answer.status}`)
      },
    },
  ],
  [
    'a lock in the cache, whose fencing token the database compares',
    {
      ...payments,
      stores: { ...db, locks: { cache: {} } },
      consumer:
        ({ db: { pool }, cache }) =>
        async (message) => {
          const { order } = valueOf(message)
          const token = await cache.incr('fence')
          if ((await cache.set(`lock:${order}`, String(token), 'EX', 30, 'NX')) !== 'OK') {
            await pause(200)
            throw new Error(`${order} is locked`)
          }
          try {
            await inTransaction(pool, async (client) => {
              await client.query('insert into tokens values ($1, 0) on conflict do nothing', [order])
              const fenced = 'update tokens set token = $2 where order_id = $1 and token < $2'
              if ((await client.query(fenced, [order, token])).rowCount === 0) throw new Error('too old a token')
              await bookUnlessThere(client, valueOf(message))
            })
          } finally {
            if ((await cache.get(`lock:${order}`)) === String(token)) await cache.del(`lock:${order}`)
          }
        },
    },
  ],
  [
    'a stream for the whole process, which calls back',
    {
      ...uniquePayments,
      concurrency: 4,
      consumer: ({ db: { pool } }) => {
        type Work = Order['value'] & { readonly done: (error?: unknown) => void }
        const stream = new Writable({
          objectMode: true,
          highWaterMark: 2,
          write: ({ order, cents, done }: Work, _encoding, next) => {
            pool
              .query(insertOnce, [order, cents])
              .then(() => done(), done)
              .then(() => next())
          },
        })
        return (message) =>
          new Promise<void>((resolve, reject) => {
            const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error))
            stream.write({ ...valueOf(message), done })
          })
      },
    },
  ],
  [
    'inserts that are gathered for 20 ms and made at once',
    {
      ...uniquePayments,
      concurrency: 4,
      rate: 1000,
      consumer: ({ db: { pool } }) => {
        interface Work {
          readonly order: Order['value']
          readonly done: () => void
          readonly failed: (error: unknown) => void
        }
        let gathered: Work[] = []
        const flush = (): void => {
          const now = gathered
          gathered = []
          const rows = now.map((_, place) => `($${2 * place + 1}, $${2 * place + 2})`).join(', ')
          const values = now.flatMap(({ order: { order, cents } }) => [order, cents])
          pool.query(`insert into unique_payments values ${rows} on conflict (order_id) do nothing`, values).then(
            () => now.forEach(({ done }) => done()),
            (error: unknown) => now.forEach(({ failed }) => failed(error)),
          )
        }
        return (message) =>
          new Promise<void>((done, failed) => {
            if (gathered.push({ order: valueOf(message), done, failed }) === 1) setTimeout(flush, 20)
          })
      },
    },
  ],
]
