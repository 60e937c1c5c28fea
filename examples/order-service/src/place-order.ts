import type { Pool } from 'pg'
import type { Order } from './order.ts'

/**
 * Reserves what was ordered, once: that the message was dealt with is written in the transaction of the reservation. Whoever gets the message
 * again finds it written, or waits until it is known whether it will be.
 */
export async function placeOrder(pool: Pool, order: Order): Promise<void> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('begin')
    const { rowCount } = await client.query(
      'insert into processed_orders (order_id) values ($1) on conflict (order_id) do nothing',
      [order.id],
    )
    if (rowCount === 1)
      await client.query('insert into reservations (order_id, sku, quantity) values ($1, $2, $3)', [
        order.id,
        order.sku,
        order.quantity,
      ])
    await client.query('commit')
  } catch (error) {
    // A connection that failed in the middle of a transaction is thrown away, and the transaction with it.
    failure = error instanceof Error ? error : new Error(String(error))
    throw failure
  } finally {
    client.release(failure)
  }
}
