import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

it('ends the simulated process alone when a connection that nobody listens to breaks', async () => {
  const { failures, remarks } = await checkDelivery({
    name: 'invoices',
    system: memory({ 'visibility-timeout': '5s' }),
    stores: { db: { database: {}, schema: 'create table invoices (order_id text primary key)' } },
    consumer:
      ({ db }) =>
      async ({ value }) => {
        const client = await db.pool.connect()
        await client.query('begin')
        // The connection breaks now, when no statement is under way that could be told.
        await pause(500)
        await client.query('insert into invoices values ($1) on conflict do nothing', [String(value)])
        await client.query('commit')
        client.release()
      },
    effects: { invoices: (row) => row['order_id'] },
    messages: [{ value: 'order-0' }],
    operation: ({ value }) => value,
    faults: [{ at: '300ms', crash: 'db', for: '1s' }],
    runs: 1,
    cases: false,
  })
  expect(failures).toEqual([])
  expect(remarks.join(' ')).toMatch(/^invoices-\d was ended by an error that nobody caught \(Error: read ECONNRESET\)/)
})
