import type { ConsumerFactory } from '../../../src/testing/index.ts'
import { rabbitmq } from '../../../src/testing/index.ts'
import type { Canary, Order, Planted } from './canary.ts'

const schema = `
  create table payments (id bigserial primary key, order_id text not null, cents integer not null);
  create table inbox (order_id text primary key);
  create table balances (customer text primary key, cents integer not null);
`

/** A database in which a row of payments is the effect, with a consumer over it. */
function over(consumer: ConsumerFactory, changes: Partial<Planted> = {}): Planted {
  return {
    stores: { db: { database: {}, schema } },
    effects: { payments: (row) => row['order_id'] },
    consumer,
    ...changes,
  }
}

const valueOf = (message: { readonly value: unknown }): Order['value'] => message.value as Order['value']

/** The inbox as it should be: the mark and the effect in one transaction, the mark by its key. */
const inbox = (({ db }) =>
  async (message) => {
    const { order, cents } = valueOf(message)
    const client = await db.pool.connect()
    try {
      await client.query('begin')
      const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
      if (rowCount === 1) await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }) satisfies ConsumerFactory

/** Bugs of code with a database. */
export const databaseCanaries: readonly Canary[] = [
  {
    bug: 'it looks whether the row is there, and then inserts it',
    breaks: 'no-duplicates',
    broken: over(
      ({ db }) =>
        async (message) => {
          const { order, cents } = valueOf(message)
          const { rowCount } = await db.pool.query('select 1 from payments where order_id = $1', [order])
          if (rowCount !== 0) return
          await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
        },
      { system: rabbitmq() },
    ),
    mended: over(inbox, { system: rabbitmq() }),
  },
  {
    bug: 'the mark is made before the effect, outside of its transaction',
    breaks: 'no-loss',
    broken: over(({ db }) => async (message) => {
      const { order, cents } = valueOf(message)
      const { rowCount } = await db.pool.query('insert into inbox values ($1) on conflict do nothing', [order])
      if (rowCount === 1) await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
    }),
    mended: over(inbox),
  },
  {
    bug: 'the mark is made after the effect, outside of its transaction',
    breaks: 'no-duplicates',
    broken: over(({ db }) => async (message) => {
      const { order, cents } = valueOf(message)
      const { rowCount } = await db.pool.query('select 1 from inbox where order_id = $1', [order])
      if (rowCount !== 0) return
      await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
      await db.pool.query('insert into inbox values ($1) on conflict do nothing', [order])
    }),
    mended: over(inbox),
  },
  {
    bug: 'the effect goes through the pool, beside the transaction of its mark',
    breaks: 'no-duplicates',
    broken: over(({ db }) => async (message) => {
      const { order, cents } = valueOf(message)
      const client = await db.pool.connect()
      try {
        await client.query('begin')
        const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
        if (rowCount === 1)
          await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
        await client.query('commit')
      } finally {
        client.release()
      }
    }),
    mended: over(inbox),
  },
  {
    bug: 'a violation of the key is swallowed, whatever else was in the transaction',
    breaks: 'no-loss',
    broken: over(({ db, log }) => async (message) => {
      const { order, cents } = valueOf(message)
      try {
        await db.pool.query('insert into inbox values ($1)', [order])
        await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
      } catch (error) {
        log('seen already', error)
      }
    }),
    mended: over(inbox),
  },
  {
    bug: 'it is recognised by the delivery, not by what it is about',
    breaks: 'no-duplicates',
    broken: over(({ db }) => async (message) => {
      const { order, cents } = valueOf(message)
      const mark = `${message.id}/${message.attempt}`
      const client = await db.pool.connect()
      try {
        await client.query('begin')
        const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [mark])
        if (rowCount === 1) await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback').catch(() => {})
        throw error
      } finally {
        client.release()
      }
    }),
    mended: over(inbox),
  },
  {
    bug: 'the commit is not awaited',
    breaks: 'no-loss',
    broken: over(({ db, log }) => async (message) => {
      const { order, cents } = valueOf(message)
      const client = await db.pool.connect()
      await client.query('begin')
      const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
      if (rowCount === 1) await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
      client.query('commit').catch((error: unknown) => log('not committed', error))
      client.release()
    }),
    mended: over(inbox),
  },
  {
    bug: 'a connection that broke is taken for work that is done',
    breaks: 'no-loss',
    broken: over((tools) => {
      const handle = inbox(tools)
      return async (message) => {
        try {
          await handle(message)
        } catch (error) {
          if (!/terminated|ECONNRESET|timeout/.test(String(error))) throw error
        }
      }
    }),
    mended: over(inbox),
  },
  {
    bug: 'a transaction whose commit failed is made again, and nothing recognises it',
    breaks: 'no-duplicates',
    broken: over(({ db }) => async (message) => {
      const { order, cents } = valueOf(message)
      for (let attempt = 1; ; attempt++) {
        const client = await db.pool.connect()
        try {
          await client.query('begin')
          const { rowCount } = await client.query('select 1 from payments where order_id = $1', [order])
          if (rowCount === 0 || attempt > 1)
            await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
          await client.query('commit')
          return
        } catch (error) {
          if (attempt === 3) throw error
        } finally {
          client.release(true)
        }
      }
    }),
    mended: over(inbox),
  },
  {
    bug: 'a total is read, added to and written back',
    breaks: 'each customer owes what was ordered',
    broken: over(
      ({ db }) =>
        async (message) => {
          const { order, customer, cents } = valueOf(message)
          const client = await db.pool.connect()
          try {
            await client.query('begin')
            const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
            if (rowCount === 1) {
              await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
              const { rows } = await client.query('select cents from balances where customer = $1', [customer])
              const before: unknown = rows[0]?.cents
              if (typeof before === 'number')
                await client.query('update balances set cents = $2 where customer = $1', [customer, before + cents])
              else await client.query('insert into balances values ($1, $2)', [customer, cents])
            }
            await client.query('commit')
          } catch (error) {
            await client.query('rollback').catch(() => {})
            throw error
          } finally {
            client.release()
          }
        },
      { rate: 2000, concurrency: 4, invariants: { 'each customer owes what was ordered': balancesAddUp } },
    ),
    mended: over(
      ({ db }) =>
        async (message) => {
          const { order, customer, cents } = valueOf(message)
          const client = await db.pool.connect()
          try {
            await client.query('begin')
            const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
            if (rowCount === 1) {
              await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
              await client.query(
                'insert into balances values ($1, $2) on conflict (customer) do update set cents = balances.cents + excluded.cents',
                [customer, cents],
              )
            }
            await client.query('commit')
          } catch (error) {
            await client.query('rollback').catch(() => {})
            throw error
          } finally {
            client.release()
          }
        },
      { rate: 2000, concurrency: 4, invariants: { 'each customer owes what was ordered': balancesAddUp } },
    ),
  },
]

function balancesAddUp({
  db,
}: {
  readonly db: { query(text: string): readonly Readonly<Record<string, unknown>>[] }
}): void {
  const owed = db.query('select coalesce(sum(cents), 0) as cents from balances')[0]?.['cents']
  const ordered = db.query('select coalesce(sum(cents), 0) as cents from payments')[0]?.['cents']
  if (String(owed) !== String(ordered)) throw new Error(`they owe ${String(owed)}, and ${String(ordered)} was ordered`)
}
