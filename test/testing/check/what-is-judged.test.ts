import { describe, expect, it } from 'vitest'
import type { CheckResult, ConsumerFactory, DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 8 }, (_, n) => ({
  key: `customer-${n % 3}`,
  type: n % 4 === 3 ? 'note' : 'order',
  value: { order: `order-${n}`, cents: 100 + n },
}))

type OrderMessage = (typeof messages)[number]

const schema = `
  create table payments (id bigserial primary key, order_id text not null, cents integer not null, at timestamptz default now());
  create table receipts (order_id text not null);
  create table inbox (order_id text primary key);
  create table totals (id integer primary key, cents integer not null);
`

function check(consumer: ConsumerFactory, changes: Partial<DeliveryCheck<OrderMessage>> = {}): Promise<CheckResult> {
  return checkDelivery({
    name: 'payments',
    system: memory({ 'visibility-timeout': '10s' }),
    stores: { db: { database: {}, schema } },
    consumer,
    messages,
    operation: ({ value }) => value.order,
    faults: 'crashes-and-redelivery',
    runs: 30,
    cases: false,
    ...changes,
  })
}

const effects = { payments: orderOf, receipts: orderOf }

const orderIn = ({ value }: { readonly value: unknown }): OrderMessage['value'] => value as OrderMessage['value']

const isNote = ({ type }: { readonly type?: string }): boolean => type === 'note'

/** Books what is an order, once. */
function booking({ isMarked = true, ignores = false }: { isMarked?: boolean; ignores?: boolean }): ConsumerFactory {
  return ({ db }) =>
    async (message) => {
      if (ignores && isNote(message)) return
      const { order, cents } = orderIn(message)
      const client = await db.pool.connect()
      try {
        await client.query('begin')
        const { rowCount } = isMarked
          ? await client.query('insert into inbox values ($1) on conflict do nothing', [order])
          : { rowCount: 1 }
        if (rowCount === 1) await client.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
        await client.query('commit')
      } finally {
        client.release()
      }
    }
}

/** Marks an order before it books it, outside of any transaction: whoever dies in between never books it. */
function markingFirst({ ignores = false }: { ignores?: boolean }): ConsumerFactory {
  return ({ db }) =>
    async (message) => {
      if (ignores && isNote(message)) return
      const { order, cents } = orderIn(message)
      const { rowCount } = await db.pool.query('insert into inbox values ($1) on conflict do nothing', [order])
      if (rowCount === 1) await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
    }
}

describe('a message that the code ignores', () => {
  it('is not lost where the check says that it is ignored', async () => {
    const { ok, text } = await check(booking({ ignores: true }), { effects, ignores: isNote })
    expect(ok ? '' : text).toBe('')
  })

  it('is lost where nobody says so, and the result tells how to say it', async () => {
    const { failures, text } = await check(booking({ ignores: true }), { effects })
    expect(failures.map(({ guarantee }) => guarantee)).toEqual(['no-loss'])
    expect(flat(text)).toContain('2 of 8 operations have no effect, not even without faults (order-3, order-7)')
    expect(flat(text)).toContain('`ignores: (message) => ...`')
  })

  it('takes nothing away from the others', async () => {
    const { failures } = await check(markingFirst({ ignores: true }), { effects, ignores: isNote })
    expect(failures.map(({ guarantee }) => guarantee)).toEqual(['no-loss'])
  })

  it('makes a check undecided when all are ignored', async () => {
    const { ok, undecided, text } = await check(() => async () => {}, { effects })
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(flat(text)).toContain(
      'nothing was an effect, not even without faults: `effects` speaks of payments, receipts',
    )
  })
})

describe('an operation with two effects', () => {
  it('is lost when one of them is', async () => {
    const { failures } = await check(
      ({ db }) =>
        async (message) => {
          const { order, cents } = orderIn(message)
          const { rowCount } = await db.pool.query('select 1 from payments where order_id = $1', [order])
          if (rowCount !== 0) return
          await db.pool.query('insert into payments (order_id, cents) values ($1, $2)', [order, cents])
          await db.pool.query('insert into receipts values ($1)', [order])
        },
      { effects, guarantees: ['no-loss'] },
    )
    expect(failures[0]?.sentence).toContain('of its effects in payments receipts is missing')
  })
})

describe('code that declares no effects', () => {
  it('is judged by what its stores hold in the end, times and numbers of rows aside', async () => {
    const { ok, text } = await check(booking({}))
    expect(ok ? '' : text).toBe('')
    expect(flat(text)).toContain('note: no effects are declared, so what the stores hold in the end was compared')
  })

  it('repeats what there is a second row of', async () => {
    const { failures } = await check(booking({ isMarked: false }))
    expect(new Set(failures.map(({ guarantee }) => guarantee))).toEqual(new Set(['no-duplicates']))
    expect(failures[0]?.sentence).toMatch(
      /^the table payments has \{ order_id: order-\d, cents: 10\d \} twice, and once without faults\.$/,
    )
    expect(failures[0]).toMatchObject({ faults: 1 })
  })

  it('loses what there is no row of', async () => {
    const { failures } = await check(markingFirst({}), { runs: 60 })
    expect(failures.find(({ guarantee }) => guarantee === 'no-loss')?.sentence).toMatch(
      /has \{ order_id: order-\d, cents: 10\d \} not at all, and once without faults/,
    )
  })

  it('is undecided where values differ and nobody said which are right', async () => {
    const { ok, undecided, text } = await check(({ db }) => async (message) => {
      const { cents } = orderIn(message)
      await db.pool.query(
        'insert into totals values (1, $1) on conflict (id) do update set cents = totals.cents + excluded.cents',
        [cents],
      )
    })
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(flat(text)).toMatch(
      /the table totals has \{ id: 1, cents: \d+ \} once, and not at all without faults\. Whether that is right/,
    )
  })

  it('is undecided when it leaves nothing behind', async () => {
    const { undecided, text } = await check(() => async () => {})
    expect(undecided).toBe(true)
    expect(flat(text)).toContain('the code leaves nothing behind that could be judged')
  })
})

/** Adds to what there is, each time that the message comes. */
const adding: ConsumerFactory =
  ({ db }) =>
  async (message) => {
    const { order, cents } = orderIn(message)
    await db.pool.query(
      'insert into sums values ($1, $2) on conflict (order_id) do update set cents = sums.cents + excluded.cents',
      [order, cents],
    )
  }

const sums = {
  db: { database: {}, schema: `${schema} create table sums (order_id text primary key, cents integer not null);` },
}

describe('a row that is written over', () => {
  it('leaves the check undecided, where only new rows are said to be effects', async () => {
    const { undecided, text } = await check(adding, { stores: sums, effects: { sums: orderOf } })
    expect(undecided).toBe(true)
    expect(flat(text)).toMatch(
      /no-duplicates could not be judged in every run: the table sums has \{ order_id: order-\d, cents: 2\d\d \} once, and not at all without faults.*say what it means that a row changes/,
    )
  })

  it('is an effect where the check says so', async () => {
    const ofBoth = { sums: { inserted: orderOf, updated: orderOf } }
    const { failures } = await check(adding, { stores: sums, effects: ofBoth })
    expect(new Set(failures.map(({ guarantee }) => guarantee))).toEqual(new Set(['no-duplicates']))
  })

  it('is left to invariants, where there are some', async () => {
    const invariants = { 'all is well': () => true }
    const { ok, text } = await check(adding, { stores: sums, effects: { sums: orderOf }, invariants })
    expect(ok).toBe(true)
    expect(flat(text)).toMatch(/note: the table sums has .* whether that is right is left to the invariants/)
    const undeclared = await check(adding, { stores: sums, invariants })
    expect(undeclared.ok).toBe(true)
  })

  it('is told of, where nothing is declared of its table', async () => {
    const both: ConsumerFactory = (tools) => {
      const [book, add] = [booking({})(tools), adding(tools)]
      return async (message, given) => {
        if (typeof book === 'function') await book(message, given)
        if (typeof add === 'function') await add(message, given)
      }
    }
    const { ok, text } = await check(both, { stores: sums, effects: { payments: orderOf } })
    expect(ok).toBe(true)
    expect(flat(text)).toMatch(/note: the table sums has .* no effects are declared of it, so it is not judged/)
  })
})

/** The operation that a row is about. */
function orderOf(row: Readonly<Record<string, unknown>>): unknown {
  return row['order_id']
}

/** A text without the breaks of its lines. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
