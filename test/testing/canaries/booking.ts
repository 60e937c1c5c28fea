import { chargesWithIdempotencyKeys } from '../../../src/testing/index.ts'
import type { Order } from './canary.ts'

const schema = `
  create table payments (id bigserial primary key, order_id text not null, cents integer not null);
  create table unique_payments (order_id text primary key, cents integer not null);
  create table inbox (order_id text primary key);
  create table stock (order_id text primary key, version integer not null, cents integer not null);
  create table orders (order_id text primary key, state text not null);
  create table jobs (order_id text primary key, cents integer not null, state text not null default 'new');
  create table tokens (order_id text primary key, token bigint not null);
  create table outbox (order_id text primary key, sent boolean not null default false);
`

const newOrders = Array.from({ length: 8 }, (_, n) => `insert into orders values ('order-${n}', 'new');`).join(' ')

export const db = { db: { database: {}, schema } }
export const dbWithOrders = { db: { database: {}, schema: `${schema} ${newOrders}` } }
const orderOf = (row: Readonly<Record<string, unknown>>): unknown => row['order_id']
export const payments = { stores: db, effects: { payments: orderOf } }
export const uniquePayments = { stores: db, effects: { unique_payments: orderOf } }

export const valueOf = (message: { readonly value: unknown }): Order['value'] => message.value as Order['value']
export const parsed = (bytes: Buffer | null): Order['value'] => JSON.parse(String(bytes)) as Order['value']

export type Pool = { connect(): Promise<Client>; query(text: string, values?: unknown[]): Promise<Answer> }
export type Answer = { readonly rowCount: number | null; readonly rows: readonly Readonly<Record<string, unknown>>[] }
export type Client = {
  query(text: string, values?: unknown[]): Promise<Answer>
  release(error?: Error | boolean): void
}

export const insertPayment = 'insert into payments (order_id, cents) values ($1, $2)'
export const insertOnce = 'insert into unique_payments values ($1, $2) on conflict (order_id) do nothing'

/** What most code bases have somewhere. */
export async function inTransaction<T>(pool: Pool, work: (client: Client) => Promise<T>, begin = 'begin'): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    client.release(true)
    throw error
  }
}

/** Right where nobody can insert between the two statements. */
export const bookUnlessThere = async (client: Client, { order, cents }: Order['value']): Promise<void> => {
  const { rowCount } = await client.query('select 1 from payments where order_id = $1', [order])
  if (rowCount === 0) await client.query(insertPayment, [order, cents])
}

export const book = async (client: Client, { order, cents }: Order['value']): Promise<void> => {
  const { rowCount } = await client.query('insert into inbox values ($1) on conflict do nothing', [order])
  if (rowCount === 1) await client.query(insertPayment, [order, cents])
}

export const charging = 'https://api.example.com/charges'
export const apis = { [`POST ${charging}`]: chargesWithIdempotencyKeys() }

export async function charge(order: string): Promise<void> {
  const headers = { 'idempotency-key': order, 'content-type': 'application/json' }
  const answer = await fetch(charging, { method: 'POST', headers, body: JSON.stringify({ order }) })
  if (!answer.ok) throw new Error(`the charge was answered with ${answer.status}`)
}

/** The code of an error of the database. */
export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code
