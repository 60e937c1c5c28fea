import { amqplib, api, chargesWithIdempotencyKeys, kafka, kafkajs, nest, rabbitmq } from '../../../src/testing/index.ts'
import type { Order, Planted } from './canary.ts'

const schema = `
  create table payments (id bigserial primary key, order_id text not null, cents integer not null);
  create table unique_payments (order_id text primary key, cents integer not null);
  create table inbox (order_id text primary key);
  create table stock (order_id text primary key, version integer not null, cents integer not null);
  create table orders (order_id text primary key, state text not null);
  create table outbox (order_id text primary key, sent boolean not null default false);
`

const newOrders = Array.from({ length: 8 }, (_, n) => `insert into orders values ('order-${n}', 'new');`).join(' ')

const db = { db: { database: {}, schema } }
const dbWithOrders = { db: { database: {}, schema: `${schema} ${newOrders}` } }
const orderOf = (row: Readonly<Record<string, unknown>>): unknown => row['order_id']
const payments = { stores: db, effects: { payments: orderOf } }
const uniquePayments = { stores: db, effects: { unique_payments: orderOf } }

const valueOf = (message: { readonly value: unknown }): Order['value'] => message.value as Order['value']
const parsed = (bytes: Buffer | null): Order['value'] => JSON.parse(String(bytes)) as Order['value']

type Pool = { connect(): Promise<Client>; query(text: string, values?: unknown[]): Promise<Answer> }
type Answer = { readonly rowCount: number | null; readonly rows: readonly Readonly<Record<string, unknown>>[] }
type Client = { query(text: string, values?: unknown[]): Promise<Answer>; release(error?: Error | boolean): void }

const insertPayment = 'insert into payments (order_id, cents) values ($1, $2)'
const insertOnce = 'insert into unique_payments values ($1, $2) on conflict (order_id) do nothing'

/** What most code bases have somewhere. */
async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>, begin = 'begin'): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    client.release(true)
    throw error
  }
}

/** Right where nobody can insert between the two statements. */
const bookUnlessThere = async (client: Client, { order, cents }: Order['value']): Promise<void> => {
  const { rowCount } = await client.query('select 1 from payments where order_id = $1', [order])
  if (rowCount === 0) await client.query(insertPayment, [order, cents])
}

const book = async (client: Client, { order, cents }: Order['value']): Promise<void> => {
  const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
  if (rowCount === 1) await client.query(insertPayment, [order, cents])
}

const charging = 'https://api.example.com/charges'
const apis = { [`POST ${charging}`]: chargesWithIdempotencyKeys() }

async function charge(order: string): Promise<void> {
  const headers = { 'idempotency-key': order, 'content-type': 'application/json' }
  const answer = await fetch(charging, { method: 'POST', headers, body: JSON.stringify({ order }) })
  if (!answer.ok) throw new Error(`the charge was answered with ${answer.status}`)
}

/** Consumers that are right, in the styles in which people write them. None may be reported. */
export const correct: readonly (readonly [string, Planted])[] = [
  [
    'an inbox in one transaction',
    {
      ...payments,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          inTransaction(pool, (client) => book(client, valueOf(message))),
    },
  ],
  [
    'a unique key on the effect, its violation taken for done',
    {
      ...uniquePayments,
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          try {
            await pool.query('insert into unique_payments values ($1, $2)', [order, cents])
          } catch (error) {
            if ((error as { code?: string }).code !== '23505') throw error
          }
        },
    },
  ],
  [
    'an upsert by version',
    {
      stores: db,
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          await pool.query(
            `insert into stock values ($1, $2, $2) on conflict (order_id) do update
             set version = excluded.version, cents = excluded.cents where stock.version < excluded.version`,
            [order, cents],
          )
        },
    },
  ],
  [
    'a conditional update',
    {
      stores: dbWithOrders,
      effects: { orders: { updated: (row) => row['order_id'] } },
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const { order } = valueOf(message)
          await pool.query("update orders set state = 'paid' where order_id = $1 and state = 'new'", [order])
        },
    },
  ],
  [
    'on conflict do nothing returning',
    {
      ...payments,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          inTransaction(pool, async (client) => {
            const { order, cents } = valueOf(message)
            const { rows } = await client.query(
              'insert into inbox values ($1) on conflict do nothing returning order_id',
              [order],
            )
            if (rows.length === 0) return
            await client.query(insertPayment, [order, cents])
          }),
    },
  ],
  [
    'serializable, tried again when it fails',
    {
      ...payments,
      system: rabbitmq(),
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const once = (): Promise<void> =>
            inTransaction(
              pool,
              (client) => bookUnlessThere(client, valueOf(message)),
              'begin isolation level serializable',
            )
          for (let attempt = 1; ; attempt++) {
            try {
              return await once()
            } catch (error) {
              if ((error as { code?: string }).code !== '40001' || attempt === 5) throw error
            }
          }
        },
    },
  ],
  [
    'select for update on the row that decides',
    {
      ...payments,
      stores: dbWithOrders,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          inTransaction(pool, async (client) => {
            const { order, cents } = valueOf(message)
            const { rows } = await client.query('select state from orders where order_id = $1 for update', [order])
            if (rows[0]?.['state'] !== 'new') return
            await client.query(insertPayment, [order, cents])
            await client.query("update orders set state = 'paid' where order_id = $1", [order])
          }),
    },
  ],
  [
    'an advisory lock around looking and inserting',
    {
      ...payments,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          inTransaction(pool, async (client) => {
            const order = valueOf(message)
            await client.query('select pg_advisory_xact_lock(hashtext($1))', [order.order])
            await bookUnlessThere(client, order)
          }),
    },
  ],
  [
    'a column that says how far it is',
    {
      ...payments,
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          await pool.query("insert into orders values ($1, 'begun') on conflict do nothing", [order])
          await inTransaction(pool, async (client) => {
            const { rowCount } = await client.query(
              "update orders set state = 'booked' where order_id = $1 and state = 'begun'",
              [order],
            )
            if (rowCount === 1) await client.query(insertPayment, [order, cents])
          })
        },
    },
  ],
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
    'an inbox, with nothing declared',
    {
      stores: db,
      consumer:
        ({ db: { pool } }) =>
        (message) =>
          inTransaction(pool, (client) => book(client, valueOf(message))),
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
]
