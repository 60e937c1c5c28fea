import type { Pool } from 'pg'
import { send } from './send.ts'
import type { Welcome } from './welcome.ts'

/** Writes down that the mail is sent, and sends it. Whoever dies in between has written down what never was. */
export async function markThenSend(pool: Pool, welcome: Welcome): Promise<void> {
  const { rowCount } = await pool.query(
    'insert into welcomed (customer) values ($1) on conflict (customer) do nothing',
    [welcome.customer],
  )
  if (rowCount === 1) await send(welcome)
}
