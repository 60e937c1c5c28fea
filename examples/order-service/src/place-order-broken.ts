import type { Pool } from 'pg'
import type { Order } from './order.ts'

/** Looks whether the order was dealt with, reserves, and writes down that it was: three statements, and three transactions. */
export async function placeOrderBroken(pool: Pool, order: Order): Promise<void> {
  const known = await pool.query('select 1 from processed_orders where order_id = $1', [order.id])
  if (known.rowCount !== 0) return
  await pool.query('insert into reservations (order_id, sku, quantity) values ($1, $2, $3)', [
    order.id,
    order.sku,
    order.quantity,
  ])
  await pool.query('insert into processed_orders (order_id) values ($1) on conflict (order_id) do nothing', [order.id])
}
