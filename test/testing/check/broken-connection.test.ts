import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { CheckResult, ConsumerFactory } from '../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

function invoicing(consumer: ConsumerFactory, changes: object = {}): Promise<CheckResult> {
  return checkDelivery({
    name: 'invoices',
    system: memory({ 'visibility-timeout': '5s' }),
    stores: { db: { database: {}, schema: 'create table invoices (order_id text primary key)' } },
    consumer,
    effects: { invoices: (row) => row['order_id'] },
    messages: [{ value: 'order-0' }],
    operation: ({ value }) => value,
    faults: [{ at: '300ms', crash: 'db', for: '1s' }],
    runs: 1,
    cases: false,
    ...changes,
  })
}

const insert = 'insert into invoices values ($1) on conflict do nothing'

describe('a connection that nobody listens to', () => {
  it('ends the simulated process alone when it breaks, which is told with the line where it was taken', async () => {
    const { failures, remarks } = await invoicing(({ db }) => async ({ value }) => {
      const client = await db.pool.connect()
      await client.query('begin')
      // The connection breaks now, when no statement is under way that could be told.
      await pause(500)
      await client.query(insert, [String(value)])
      await client.query('commit')
      client.release()
    })
    expect(failures).toEqual([])
    expect(remarks).toEqual([
      expect.stringMatching(
        /^invoices-\d was ended by an error that nobody caught \(a connection to db broke that was taken from its pool, and nobody listens: client\.on\('error', \.\.\.\)\) while it handled message-0 \(attempt 1\), at .*broken-connection\.test\.ts:27:/,
      ),
    ])
  })

  it('is told of once, in the name of no message, where it was idle', async () => {
    const { failures, remarks } = await invoicing(
      ({ db }) =>
        async ({ value }) => {
          await db.pool.query(insert, [String(value)])
        },
      { messages: ['order-0', 'order-1', 'order-2'].map((value) => ({ value })), rate: 5, members: 3 },
    )
    expect(failures).toEqual([])
    expect(remarks).toEqual([
      expect.stringMatching(
        /^invoices-\d was ended by an error that nobody caught \(a connection to db broke while it was idle in its pool, and nobody listens: pool\.on\('error', \.\.\.\)\)\.$/,
      ),
    ])
  })

  it('does nothing where somebody listens', async () => {
    const { failures, remarks } = await invoicing(({ db }) => {
      db.pool.on('error', () => {})
      return async ({ value }) => {
        await db.pool.query(insert, [String(value)])
      }
    })
    expect(failures).toEqual([])
    expect(remarks).toEqual([])
  })
})

describe('a client that is taken from its pool', () => {
  it('is told of with its line where it is never given back', async () => {
    const { failures, remarks } = await invoicing(
      ({ db }) =>
        async ({ value }) => {
          const client = await db.pool.connect()
          const { rowCount } = await client.query(insert, [String(value)])
          if (rowCount === 1) client.release()
        },
      {
        messages: ['order-0', 'order-0'].map((value) => ({ value })),
        faults: [{ at: '10s', pause: 'invoices', for: '1ms' }],
      },
    )
    expect(failures).toEqual([])
    expect(remarks).toEqual([
      expect.stringMatching(
        /^The handler of message-1 \(attempt 1\) never gave back the client that it took from the pool of db \(1 in all\), at .*broken-connection\.test\.ts:\d+:/,
      ),
    ])
  })

  it('may be kept by a process', async () => {
    const { failures, remarks } = await invoicing(async ({ db }) => {
      const client = await db.pool.connect()
      client.on('error', () => process.exit(1))
      return async ({ value }) => {
        await client.query(insert, [String(value)])
      }
    })
    expect(failures).toEqual([])
    expect(remarks).toEqual([])
  })
})
