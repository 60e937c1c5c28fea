import { expect, it } from 'vitest'
import { amqplib, checkDelivery, rabbitmq } from '../../../src/testing/index.ts'

it('ends a run in which messages are handed back at once for as long as a store is away, and says so', async () => {
  let calls = 0
  const { failures, remarks, undecided } = await checkDelivery({
    name: 'invoices',
    system: rabbitmq(),
    stores: { db: { database: {}, schema: 'create table invoices (order_id text primary key)' } },
    consumer: ({ db }) =>
      amqplib.consume((message, channel) => {
        calls++
        db.pool.query('insert into invoices values ($1) on conflict do nothing', [String(message?.content)]).then(
          () => message && channel.ack(message),
          () => message && channel.nack(message),
        )
      }),
    effects: { invoices: (row) => row['order_id'] },
    messages: Array.from({ length: 4 }, (_, n) => ({ value: `order-${n}` })),
    operation: ({ value }) => value,
    // It is away for ten minutes, in which nothing is handled.
    faults: [{ at: '1s', restart: 'db', for: '10 min' }],
    runs: 1,
    cases: false,
  })
  expect(failures).toEqual([])
  expect(undecided).toBe(false)
  expect(remarks.join(' ')).toMatch(
    /What the code cannot handle it hands back at once, and gets it again at once \(message-\d \d+ times by /,
  )
  expect(calls).toBeLessThan(20_000)
})
