import type { Pool } from 'pg'
import { send } from './send.ts'
import type { Welcome } from './welcome.ts'

/**
 * Sends the mail, and writes down that it is sent. Whoever dies in between sends it again: no transaction spans the database and the provider, so
 * either order of the two has its crash. A customer who is greeted twice is the smaller harm.
 */
export async function sendThenMark(pool: Pool, welcome: Welcome): Promise<void> {
  const known = await pool.query('select 1 from welcomed where customer = $1', [welcome.customer])
  if (known.rowCount !== 0) return
  await send(welcome)
  await pool.query('insert into welcomed (customer) values ($1) on conflict (customer) do nothing', [welcome.customer])
}
