/**
 * The check of a payment consumer: fifty messages a run, a handler in the shape of kafkajs, a row in PostgreSQL's SQL for each or a call of a
 * provider with an idempotency key, everything that a check does between two runs. 500 runs are meant to take less than ten seconds, so a run less than 20 ms.
 * `node scripts/run-typescript.mjs bench/payments-check.ts 100 memory` makes 100 runs of one of the three alone.
 */
import { chargesWithIdempotencyKeys, checkDelivery, kafka, kafkajs, memory } from '../src/testing/index.ts'

/** So many runs, of this one alone when it is named: `kafkajs`, `provider` or `memory`. */
const runs = Number(process.argv[2] ?? 500)
const asked = process.argv[3]

const faults = 'production-day'
const insert = 'insert into payments (order_id, cents) values ($1, $2) on conflict (order_id) do nothing'

const common = {
  stores: {
    db: {
      database: {},
      schema: 'create table payments (id bigserial primary key, order_id text not null unique, cents integer not null)',
    },
  },
  messages: (n: number) => ({ key: `customer-${n % 3}`, value: { orderId: `order-${n}`, cents: 100 + n } }),
  count: 50,
  operation: ({ value }: { readonly value: { readonly orderId: string } }) => value.orderId,
  effects: { payments: (row: Readonly<Record<string, unknown>>) => String(row['order_id']) },
  guarantees: ['exactly-once'],
  faults,
  cases: false,
} as const

if (isAsked('kafkajs'))
  await measure('kafkajs', async (count) =>
    checkDelivery({
      ...common,
      ...{ name: 'payments', runs: count },
      system: kafka({ client: 'kafkajs' }),
      consumer: ({ db }) =>
        kafkajs.eachMessage(async ({ message }) => {
          const { orderId, cents } = JSON.parse(String(message.value))
          await db.pool.query(insert, [orderId, cents])
        }),
    }),
  )
if (isAsked('provider'))
  await measure('kafkajs with a provider', async (count) =>
    checkDelivery({
      ...common,
      ...{ name: 'payments', runs: count, stores: {}, effects: {} },
      system: kafka({ client: 'kafkajs' }),
      apis: { 'POST https://api.example.com/charges': chargesWithIdempotencyKeys() },
      consumer: () =>
        kafkajs.eachMessage(async ({ message }) => {
          const body = String(message.value)
          const { orderId } = JSON.parse(body)
          const response = await fetch('https://api.example.com/charges', {
            method: 'POST',
            headers: { 'Idempotency-Key': orderId },
            body,
            signal: AbortSignal.timeout(10_000),
          })
          if (!response.ok) throw new Error(`the provider answered ${response.status}`)
        }),
    }),
  )
if (isAsked('memory'))
  await measure('memory', async (count) =>
    checkDelivery({
      ...common,
      ...{ name: 'payments', runs: count },
      system: memory(),
      consumer:
        ({ db }) =>
        async (message) => {
          const { orderId, cents } = message.value as { orderId: string; cents: number }
          await db.pool.query(insert, [orderId, cents])
        },
    }),
  )

function isAsked(name: string): boolean {
  return asked === undefined || asked === name
}

/** Processor time of this process, which other work on the machine does not enter. */
async function measure(
  what: string,
  check: (runs: number) => Promise<{ readonly ok: boolean; readonly text: string; readonly runs: number }>,
): Promise<void> {
  await check(50)
  const before = process.cpuUsage()
  const { ok, text, runs: made } = await check(runs)
  const { user, system } = process.cpuUsage(before)
  if (!ok) console.log(text)
  const milliseconds = (user + system) / 1000
  console.log(
    `${what}, ${faults}: ${(milliseconds / made).toFixed(2)} ms a run, ${(milliseconds / 1000).toFixed(1)} s for ${made} runs`,
  )
}
