import { describe, expect, it } from 'vitest'
import { factPhrase } from '../../../src/report/fact-phrase.ts'
import { UnsupportedSql } from '../../../src/testing/dependencies/sql/unsupported-sql.ts'
import { crashAt, runWithDependencies } from './dependencies-run.ts'

const schema = `
  create table payments (id bigserial primary key, order_id text not null, amount numeric(10,2) not null, at timestamptz default now());
  create table inbox (message_id text primary key);
`
const database = { schema, effects: { payments: (row: Record<string, unknown>) => row['order_id'] } }
const stores = { databases: { db: database } }
const kinds = { db: 'database' } as const

const crashAfterCommit = crashAt('effect-applied', { message: 'order-3' })

describe('the pool that a handler gets', () => {
  it('executes the SQL of a handler, whose rows are effects, each once', async () => {
    const { verdicts, state, run } = await runWithDependencies({
      stores,
      kinds,
      consumer:
        ({ db }) =>
        async (message) => {
          const { rows, rowCount } = await db.pool.query<{ id: string; amount: string; at: Date }>(
            'insert into payments (order_id, amount) values ($1, $2) returning *',
            [message.id, 12.5],
          )
          expect(rowCount).toBe(1)
          expect(rows[0]).toMatchObject({ order_id: message.id, amount: '12.50', at: expect.any(Date) })
        },
    })
    expect(verdicts).toMatchObject({ 'exactly-once/effect': 'holds', 'no-loss/effect': 'holds' })
    expect(state.databases['db']?.tables['payments']).toHaveLength(10)
    expect(
      state.databases['db']?.query('select count(*)::int as n from payments where order_id = $1', ['order-3']),
    ).toEqual([{ n: 1 }])
    expect([...run.history].filter(({ kind }) => kind === 'effect-applied')).toHaveLength(10)
  })

  it('duplicates what is inserted before a crash and again after it', async () => {
    const { verdicts, state } = await runWithDependencies({
      stores,
      kinds,
      faults: [crashAfterCommit],
      consumer:
        ({ db }) =>
        async (message) => {
          await db.pool.query('insert into payments (order_id, amount) values ($1, 1)', [message.id])
        },
    })
    expect(verdicts).toMatchObject({ 'no-duplicates/effect': 'violated', 'no-loss/effect': 'holds' })
    expect(state.databases['db']?.tables['payments']).toHaveLength(11)
  })

  it('tells the service of what is inserted outside of any handling', async () => {
    const { run } = await runWithDependencies({
      stores,
      kinds,
      messages: 1,
      consumer: ({ db: { pool } }) => {
        setTimeout(() => void pool.query("insert into payments (order_id, amount) values ('order-0', 1)"), 5)
        return () => undefined
      },
    })
    const told = [...run.history]
      .filter(({ kind }) => kind === 'effect-applied')
      .map((fact) => factPhrase(run.history, fact))
    expect(told).toEqual(['billing applied order-0 to db'])
  })

  it('has every effect once with an inbox in the same transaction', async () => {
    const { verdicts, state } = await runWithDependencies({
      stores,
      kinds,
      faults: [crashAfterCommit],
      consumer:
        ({ db }) =>
        async (message) => {
          const client = await db.pool.connect()
          try {
            await client.query('begin')
            const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [
              message.id,
            ])
            if (rowCount === 1)
              await client.query('insert into payments (order_id, amount) values ($1, 1)', [message.id])
            await client.query('commit')
          } catch (error) {
            await client.query('rollback')
            throw error
          } finally {
            client.release()
          }
        },
    })
    expect(verdicts).toMatchObject({ 'exactly-once/effect': 'holds', 'no-duplicates/delivery': 'violated' })
    expect(state.databases['db']?.tables['payments']).toHaveLength(10)
  })

  it('tells of what its server lost, as the driver does', async () => {
    const errors: string[] = []
    const { verdicts } = await runWithDependencies({
      stores,
      kinds,
      faults: [{ ...crashAt('effect-applied', { message: 'order-3' }, 'after-state'), targets: [['db']] }],
      consumer: ({ db }) => {
        db.pool.on('error', (error) => errors.push(`idle: ${error.message}`))
        return async (message) => {
          try {
            await db.pool.query('insert into payments (order_id, amount) values ($1, 1)', [message.id])
          } catch (error) {
            errors.push(error instanceof Error ? error.message : String(error))
            throw error
          }
        }
      },
    })
    expect(errors.slice(0, 2)).toEqual(['read ECONNRESET', 'connect ECONNREFUSED'])
    expect(verdicts).toMatchObject({ 'no-loss/effect': 'holds' })
  })

  it('ends the simulated process alone, when nobody listens to what an idle connection tells of its end', async () => {
    let starts = 0
    const { verdicts } = await runWithDependencies({
      stores,
      kinds,
      faults: [{ ...crashAt('handled', { message: 'order-3' }, 'after-step'), targets: [['db']] }],
      consumer: ({ db }) => {
        starts++
        return async (message) => {
          await db.pool.query('insert into payments (order_id, amount) values ($1, 1)', [message.id])
        }
      },
    })
    expect(starts).toBe(2)
    expect(verdicts).toMatchObject({ 'no-loss/effect': 'holds' })
  })

  it('names SQL that it does not know with its place, also where the handler catches everything', async () => {
    const errors: unknown[] = []
    const { dependencies } = await runWithDependencies({
      stores,
      kinds,
      messages: 2,
      consumer:
        ({ db }) =>
        async () => {
          await db.pool
            .query('select id,\n  rank() over (order by id) from payments')
            .catch((error: unknown) => errors.push(error))
        },
    })
    expect(errors[0]).toBeInstanceOf(UnsupportedSql)
    expect(dependencies.unsupported).toMatchObject([
      { feature: 'window functions (rank over ...)', line: 2, column: 3 },
    ])
  })

  it('tells statements apart by the delivery that they were executed for, also when connections are waited for', async () => {
    const { run } = await runWithDependencies({
      stores: { databases: { db: { ...database, pool: { max: 1 } } } },
      kinds,
      consumer:
        ({ db }) =>
        async (message) => {
          await Promise.all([
            db.pool.query('select 1'),
            db.pool.query('insert into payments (order_id, amount) values ($1, 1)', [message.id]),
          ])
        },
    })
    const { names } = run.history
    const applied = [...run.history].filter(({ kind }) => kind === 'effect-applied')
    expect(applied.every((fact) => fact['message'] === fact['operation'])).toBe(true)
    expect(new Set(applied.map((fact) => names.text(Number(fact['message'])))).size).toBe(10)
  })
})
