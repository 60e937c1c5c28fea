import { rabbitmq } from '../../../src/testing/index.ts'
import type { Planted } from './canary.ts'
import { pause } from './canary.ts'
import type { Client } from './booking.ts'
import {
  db,
  dbWithOrders,
  payments,
  uniquePayments,
  valueOf,
  insertPayment,
  inTransaction,
  bookUnlessThere,
  book,
  codeOf,
} from './booking.ts'

/** Consumers that are right because a database decides. */
export const decidedByDatabase: readonly (readonly [string, Planted])[] = [
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
            if (codeOf(error) !== '23505') throw error
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
              if (codeOf(error) !== '40001' || attempt === 5) throw error
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
    'a savepoint around the mark, serializable, tried again when it fails or is a deadlock',
    {
      ...payments,
      concurrency: 4,
      rate: 1000,
      consumer:
        ({ db: { pool } }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          const once = async (client: Client): Promise<void> => {
            await client.query('savepoint mark')
            try {
              await client.query('insert into inbox values ($1)', [order])
            } catch (error) {
              if (codeOf(error) !== '23505') throw error
              await client.query('rollback to savepoint mark')
              return
            }
            await client.query('release savepoint mark')
            await client.query(insertPayment, [order, cents])
          }
          for (let attempt = 1; ; attempt++) {
            try {
              return await inTransaction(pool, once, 'begin isolation level serializable')
            } catch (error) {
              if (!['40001', '40P01'].includes(codeOf(error) ?? '') || attempt === 6) throw error
              await pause(10 * 2 ** attempt * Math.random())
            }
          }
        },
    },
  ],
  [
    'a table of jobs, and a worker that takes them with skip locked',
    {
      ...payments,
      consumer: ({ db: { pool } }) => {
        const workOnOne = async (client: Client): Promise<boolean> => {
          const { rows } = await client.query(
            "select order_id, cents from jobs where state = 'new' order by order_id limit 1 for update skip locked",
          )
          const [job] = rows
          if (job === undefined) return false
          await client.query(insertPayment, [job['order_id'], job['cents']])
          await client.query("update jobs set state = 'done' where order_id = $1", [job['order_id']])
          return true
        }
        const work = async (): Promise<void> => {
          while (await inTransaction(pool, workOnOne));
        }
        setInterval(() => {
          work().catch(() => {})
        }, 300)
        return async (message) => {
          const { order, cents } = valueOf(message)
          await pool.query('insert into jobs (order_id, cents) values ($1, $2) on conflict do nothing', [order, cents])
        }
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
]
