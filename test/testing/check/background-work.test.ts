import { expect, it } from 'vitest'
import { checkDelivery, chargesWithIdempotencyKeys, memory } from '../../../src/testing/index.ts'

const address = 'https://api.example.com/charges'

it('waits for a call of somebody who is gone, which keeps who came after him from getting anywhere', async () => {
  const answers = new Set<number>()
  const { failures } = await checkDelivery({
    name: 'relay',
    system: memory(),
    members: 1,
    guarantees: ['no-loss'],
    apis: { [`POST ${address}`]: chargesWithIdempotencyKeys() },
    stores: { db: { database: {}, schema: 'create table outbox (order_id text primary key)' } },
    effects: { [`POST ${address}`]: () => 'order-0' },
    consumer: ({ db: { pool } }) => {
      const relay = async (): Promise<void> => {
        const { rows } = await pool.query('select order_id from outbox')
        for (const { order_id } of rows) {
          const { status } = await fetch(address, { method: 'POST', headers: { 'idempotency-key': order_id } })
          answers.add(status)
          if (status < 400) await pool.query('delete from outbox where order_id = $1', [order_id])
        }
      }
      setInterval(() => void relay().catch(() => {}), 500)
      return async () => {
        await pool.query("insert into outbox values ('order-0') on conflict do nothing")
      }
    },
    messages: [{ key: 'a', value: 1 }],
    operation: () => 'order-0',
    // The call begins while the API is slow, and takes 20 s; its caller is killed meanwhile.
    faults: [
      { at: '0s', slow: 'api-example-com', factor: 1000, for: '800ms' },
      { at: '1s', crash: 'consumer', for: '1s' },
    ],
    runs: 1,
    cases: false,
  })
  expect(failures).toEqual([])
  expect([...answers]).toContain(409)
})
