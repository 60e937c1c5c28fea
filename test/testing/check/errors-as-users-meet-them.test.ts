import { describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import {
  api,
  chargesWithIdempotencyKeys,
  checkDelivery,
  CheckError,
  kafka,
  kafkajs,
  memory,
  rabbitmq,
} from '../../../src/testing/index.ts'

interface Order {
  readonly key: string
  readonly value: { readonly order: string }
}

const address = 'https://api.example.com/charges'
const schema = 'create table payments (order_id text primary key, cents integer)'

/** A check in which nothing is wrong. */
const right: DeliveryCheck<Order> = {
  name: 'billing',
  system: memory(),
  stores: { db: { database: {}, schema } },
  consumer:
    ({ db }) =>
    async ({ value }) => {
      const { order } = value as Order['value']
      await db.pool.query('insert into payments values ($1, 1) on conflict do nothing', [order])
    },
  messages: [{ key: 'a', value: { order: 'o-1' } }],
  operation: ({ value }) => value.order,
  effects: { payments: (row) => row['order_id'] },
  faults: 'crashes-and-redelivery',
  runs: 3,
  cases: false,
}

/** What a check with these changes says that is wrong with it. Not everybody has a compiler, so they may be anything. */
async function problemsOf(changes: object): Promise<readonly string[]> {
  const error = await checkDelivery({ ...right, ...changes }).then(
    ({ text }) => text,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CheckError)) throw new Error(`No CheckError: ${String(error)}`)
  return error.problems
}

const textOf = async (changes: object): Promise<string> =>
  (await checkDelivery({ ...right, ...changes })).text.replaceAll(/\s+/g, ' ')

it('is nothing wrong with the check itself', async () => {
  expect((await checkDelivery(right)).ok).toBe(true)
})

describe('a check says what is wrong with', () => {
  it.each<readonly [string, object, string]>([
    [
      'no system',
      { system: undefined },
      "no system is given: expected kafka({ ... }), rabbitmq({ ... }), sqs({ ... }), redis({ ... }), kinesis({ ... }), memory() or scenario('file.yaml', { service })",
    ],
    [
      'no guarantee, and nothing else',
      { guarantees: [] },
      '`guarantees` is an empty list, and nothing else is judged: leave it out for no-loss and no-duplicates, or name some',
    ],
    [
      'an unknown guarantee',
      { guarantees: ['exactly-onec'] },
      'there is no guarantee `exactly-onec`. Did you mean exactly-once?',
    ],
    [
      'an unknown plan',
      { faults: 'chaos' },
      'there is no fault plan `chaos`. Known: production-day, crashes-and-redelivery, crash-at-every-operation.',
    ],
    ['an unknown option', { run: 5 }, 'there is no option `run`. Did you mean runs?'],
    [
      'an option that is like none',
      { zebra: 5 },
      'there is no option `zebra`. Known: name, system, consumer, handle, messages, count, rate, operation, ignores, stores, apis, effects and 9 more.',
    ],
    [
      'a consumer that is no function',
      { consumer: 7 },
      '`consumer` is 7: expected a function that gives the handler, `(tools) => async (message) => { ... }`',
    ],
    [
      'a handler that is no function',
      { consumer: undefined, handle: 'later' },
      '`handle` is the text "later": expected a handler, `async (message, tools) => { ... }`',
    ],
    [
      'a consumer that gives no handler',
      { consumer: () => 3 },
      '`consumer` gave 3, and must give a handler: a function, what an adapter made, or { handle, shutdown }. It is called with the tools when a process starts; if it is the handler itself, call it `handle`',
    ],
    [
      'a handler for another client',
      { system: rabbitmq(), consumer: () => kafkajs.eachMessage(async () => {}) },
      "kafkajs.eachMessage needs the client that it is written for: system: kafka({ client: 'kafkajs', ... })",
    ],
    [
      'an option of the client at the system',
      { system: rabbitmq({ prefetch: 5 }) },
      'rabbitmq({ ... }) has no option `prefetch`: it is one of the consumer, `rabbitmq({ consumer: { prefetch: ... } })`',
    ],
    [
      'an option of the system with a slip',
      { system: kafka({ clinet: 'kafkajs' }) },
      'kafka({ ... }) has no option `clinet`. Did you mean client?',
    ],
    [
      'an unknown fault',
      { faults: [{ at: '1s', crsh: 'billing' }] },
      'faults.0.crsh: there is no fault "crsh". Did you mean crash?',
    ],
    [
      'an unknown target',
      { faults: [{ at: '1s', crash: 'bill', for: '1s' }] },
      'faults.0.crash: there is no target "bill". Did you mean billing-1?',
    ],
    [
      'an unknown kind of store',
      { stores: { db: { postgres: {} } }, effects: {} },
      'stores.db.postgres: there is no kind of store "postgres". Known: ledger, database, cache, api, http-api, lock.',
    ],
  ])('%s', async (_what, changes, problem) => {
    expect(await problemsOf(changes)).toEqual([problem])
  })
})

describe('messages that are none', () => {
  it.each<readonly [string, unknown, string]>([
    ['empty', [], '`messages` is empty: there is nothing to deliver'],
    [
      'of another kind',
      7,
      '`messages` is 7: expected a list of { key, value }, a function of a number, or the file of a trace',
    ],
    [
      'without a value',
      [{ order: 'o-1' }],
      "message 0 is { order: 'o-1' }: expected { key, value, headers }, with what the consumer gets in `value`",
    ],
    [
      'promised',
      async () => ({ value: 1 }),
      'message 0 is a promise: expected { key, value, headers }, with what the consumer gets in `value`',
    ],
    [
      'not to be copied',
      [{ value: { order: 'o', charge: () => 1 } }],
      'message 0 cannot be sent: its value holds what cannot be copied (() => 1 could not be cloned.), and it arrives as a copy',
    ],
    [
      'in themselves',
      [{ value: circular() }],
      'message 0 cannot be sent: its value contains itself, and it arrives as a copy',
    ],
    [
      'in a file that is not there',
      'nowhere.csv',
      '`messages`: the trace "nowhere.csv" cannot be read. It is looked for beside the file of the test.',
    ],
  ])('are refused: %s', async (_what, messages, problem) => {
    expect(await problemsOf({ messages })).toEqual([problem])
  })
})

describe('rules that do not fit what they are asked', () => {
  it.each<readonly [string, object, string | RegExp]>([
    [
      'effects of a table that there is not',
      { effects: { paymens: () => 'x' } },
      '`effects` speaks of paymens, and the schema of db has no such table. Did you mean payments?',
    ],
    [
      'effects of another operation',
      { operation: ({ key }: Order) => key },
      'the effects are of o-1, and the messages are about a: what `effects` gives must be what `operation` gives',
    ],
    [
      'effects that throw',
      { effects: { payments: (row: { readonly order: Order['value'] }) => row.order.order } },
      "the rule in `effects` for the row { order_id: 'o-1', cents: 1 } of payments threw TypeError: Cannot read properties of undefined (reading 'order')",
    ],
    [
      'an operation that gives nothing',
      { operation: () => undefined },
      "`operation` gives nothing for any message, such as message 0: { key: 'a', value: { order: 'o-1' } }",
    ],
    [
      'an invariant that trips over itself',
      { invariants: { 'one each': ({ db }: { readonly db: never }) => db['tables']['paymens']['length'] === 1 } },
      /^the invariant "one each" threw TypeError: Cannot read properties of undefined \(reading 'length'\), at \S+errors-as-users-meet-them\.test\.ts:\d+:\d+, in the run in which nothing breaks$/,
    ],
    [
      'an invariant that asks for a cache',
      { invariants: { 'one each': ({ cache }: { readonly cache: object }) => cache !== undefined } },
      'the check declares no cache: `stores: { cache: { cache: {} } }`',
    ],
    [
      'an API that throws',
      {
        apis: {
          [`POST ${address}`]: api(() => {
            throw new Error('not yet written')
          }),
        },
        handle: () => fetch(address, { method: 'POST' }),
        consumer: undefined,
      },
      `the API at ${address} threw not yet written`,
    ],
    [
      'an API without a method',
      { apis: { [address]: chargesWithIdempotencyKeys() } },
      `an API is named by its method and address, as in 'POST https://api.example.com/charges', not "${address}"`,
    ],
  ])('are told: %s', async (_what, changes, problem) => {
    const [said, ...others] = await problemsOf(changes)
    expect(others).toEqual([])
    expect(said).toMatch(typeof problem === 'string' ? exactly(problem) : problem)
  })

  it('are told with a row, where effects give no operation', async () => {
    const text = await textOf({ effects: { payments: (row: { readonly orderId?: string }) => row.orderId } })
    expect(text).toContain(
      "nothing was an effect, not even without faults: `effects` speaks of payments, and gave no operation for any of it; the table payments has { order_id: 'o-1', cents: '1' }",
    )
  })
})

describe('code that asks for what is not there', () => {
  it('is told where it is declared, although a handler that throws is only tried again', async () => {
    expect(await problemsOf({ stores: {}, effects: {} })).toEqual([
      "the check declares no database: `stores: { db: { database: {}, schema: 'create table ...' } }`",
    ])
    const sending = {
      consumer:
        ({ send }: { send(to: string, message: object): Promise<void> }) =>
        () =>
          send('receipts', { value: 1 }),
    }
    expect(await problemsOf(sending)).toEqual([
      "billing sends to receipts, of which the check knows nothing: declare it, `sends: { 'receipts': {} }`",
    ])
  })

  it('is told the place in SQL that is not supported', async () => {
    const handle =
      ({ db }: { readonly db: { readonly pool: { query(text: string): Promise<unknown> } } }) =>
      () =>
        db.pool.query('select * from payments tablesample system (10)')
    expect(await textOf({ consumer: handle })).toBe(
      'billing cannot be checked: the simulated database does not support this source of rows, at line 1, column 36: select * from payments tablesample system (10) ^',
    )
  })

  it('is told that the consumer may be the handler itself', async () => {
    const text = await textOf({ consumer: ({ value }: Order) => value.order })
    expect(text).toMatch(
      /^billing cannot be checked: The consumer could not be made: Cannot read properties of undefined \(reading 'order'\) \(`consumer` is called with the tools when a process starts; if it is the handler itself, call it `handle`\), at \S+errors-as-users-meet-them\.test\.ts:\d+:\d+\.$/,
    )
  })

  it('is told the kind and the line of an error that it always ends in', async () => {
    const text = await textOf({
      consumer:
        () =>
        ({ headers }: never) =>
          headers['no']['such'],
    })
    expect(text).toMatch(
      /^"no message is tried for ever" does not hold: message-0 was tried again and again: \d+ times since \S+ s, when no fault was left, and never handled to its end; the last error: TypeError: Cannot read properties of undefined \(reading 'such'\), at \S+errors-as-users-meet-them\.test\.ts:\d+:\d+\. Why: /,
    )
  })

  it('is told which handler waits in vain', async () => {
    const text = await textOf({ consumer: () => () => new Promise(() => {}) })
    expect(text).toMatch(
      /^"every handler ends" does not hold: The handler of message-0 \(attempt 1\) waits for something that never happens\./,
    )
  })
})

function circular(): object {
  const value: Record<string, unknown> = { order: 'o' }
  value['self'] = value
  return value
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`)
}
