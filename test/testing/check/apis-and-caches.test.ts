import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ConsumerFactory, DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, CheckError, charges, chargesWithIdempotencyKeys, memory } from '../../../src/testing/index.ts'

const address = 'https://api.example.com/charges'
const name = `POST ${address}`

const orders = Array.from({ length: 6 }, (_, n) => ({ key: `customer-${n % 2}`, value: { order: `order-${n}` } }))

/** A consumer that charges for each order. */
function charging(consumer: ConsumerFactory, changes: Partial<DeliveryCheck> = {}): DeliveryCheck {
  return {
    name: 'charging',
    system: memory({ 'visibility-timeout': '10s' }),
    apis: { [name]: chargesWithIdempotencyKeys() },
    consumer,
    messages: orders,
    operation: ({ value }) => orderOf(value),
    guarantees: ['exactly-once/effect'],
    faults: 'crashes-and-redelivery',
    runs: 30,
    cases: false,
    ...changes,
  }
}

function orderOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'order' in value ? String(value.order) : ''
}

/** Charges with a key that is the same for every attempt. */
const chargeOnce: ConsumerFactory =
  () =>
  async ({ value }) => {
    const order = orderOf(value)
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'Idempotency-Key': order },
      body: JSON.stringify({ order }),
    })
    if (!answer.ok) throw new Error(`charged: ${answer.status}`)
  }

describe('a check of code that calls an API', () => {
  it('holds where the key comes from the operation, and shows the calls to invariants', async () => {
    const { ok, text } = await checkDelivery(
      charging(chargeOnce, {
        invariants: {
          'one charge per order': ({ apis, messages }) => apis[name]?.calls.length === messages.length,
        },
      }),
    )
    expect(ok ? '' : text).toBe('')
  })

  it('finds the second charge where no key is sent, and tells of the API', async () => {
    const { failures } = await checkDelivery(
      charging(
        ({ apis }) =>
          async ({ value }) => {
            await apis[name]?.({ body: { order: orderOf(value) } })
          },
        {
          invariants: { 'one charge per order': ({ apis, messages }) => apis[name]?.calls.length === messages.length },
        },
      ),
    )
    expect(failures.map(({ guarantee }) => guarantee)).toContain('exactly-once')
    expect(failures[0]?.text).toMatch(/applied message-\d to api-example-com/)
    expect(failures[0]?.faults).toBe(1)
  })

  it('takes the operation of a call from what the check says of it', async () => {
    const seen = new Set<string>()
    const { ok, text } = await checkDelivery(
      charging(chargeOnce, {
        apis: { [name]: charges() },
        effects: {
          [name]: ({ text: body }, { message }) => {
            seen.add(`${message} ${String(body)}`)
            return message === 'message-1' ? 'an order that nobody placed' : message.replace('message', 'order')
          },
        },
        guarantees: ['no-invention'],
        runs: 1,
      }),
    )
    expect(seen).toContain('message-0 {"order":"order-0"}')
    expect(ok).toBe(false)
    expect(text).toContain('no-invention does not hold')
  })

  it('fails by an address that is not simulated, though the code swallows the error', async () => {
    const { ok, text } = await checkDelivery(
      charging(() => async () => {
        await fetch('https://elsewhere.example.com/refunds').catch(() => {})
      }),
    )
    expect(ok).toBe(false)
    expect(text).toBe(
      'charging cannot be checked: GET https://elsewhere.example.com/refunds is not simulated: declare it in apis',
    )
  })
})

describe('an API on a production day', () => {
  it('answers 500 while it can keep nothing, 429 while others ask too much of it, and its answer is lost to a call that it has executed', async () => {
    const statuses = new Set<string>()
    const noting: ConsumerFactory =
      () =>
      async ({ value }) => {
        const order = orderOf(value)
        const call = fetch(address, { method: 'POST', headers: { 'Idempotency-Key': order }, body: order })
        const answer = await call.catch((error: Error) => error)
        statuses.add(answer instanceof Error ? `${answer.message}: ${String(answer.cause)}` : String(answer.status))
        if (answer instanceof Error || !answer.ok) {
          await sleep(500)
          throw new Error('again')
        }
      }
    const { ok, text } = await checkDelivery(
      charging(noting, {
        faults: [
          { at: '0s', overload: 'api-example-com', for: '300ms' },
          { at: '300ms', 'full-disk': 'api-example-com', for: '1500ms' },
          {
            when: { fact: 'effect-applied', message: 'message-3' },
            cut: 'after-state',
            'reset-connections': ['charging', 'api-example-com'],
          },
        ],
        runs: 1,
      }),
    )
    expect(ok ? '' : text).toBe('')
    expect([...statuses].toSorted()).toEqual(['201', '429', '500', 'fetch failed: Error: read ECONNRESET'])
  })

  it('shows that an answer was not looked at', async () => {
    const { failures } = await checkDelivery(
      charging(
        () =>
          async ({ value }) =>
            void (await fetch(address, { method: 'POST', headers: { 'Idempotency-Key': orderOf(value) } })),
        { faults: 'production-day', runs: 200, guarantees: ['no-loss/effect'] },
      ),
    )
    expect(failures.map(({ guarantee }) => guarantee)).toContain('no-loss')
    const texts = failures.map(({ text }) => text).join('\n')
    expect(texts).toMatch(/full-disk|overload/)
    expect(texts).toMatch(/charging(-2)? was answered (500|429) to POST https:\/\/api\.example\.com\/charges\n/)
  })
})

describe('a check of code with a cache', () => {
  it('gives it the client, and shows what is left to invariants', async () => {
    const { ok, text } = await checkDelivery(
      charging(
        ({ cache, caches }) =>
          async ({ value }) => {
            expect(caches['marks']).toBe(cache)
            await cache.set(orderOf(value), 'done')
          },
        {
          stores: { marks: { cache: { 'append-only-file': 'always' } } },
          apis: {},
          guarantees: ['no-loss/delivery'],
          invariants: {
            'every order is marked': ({ cache }) =>
              Object.values(cache.keys).filter((mark) => mark === 'done').length === 6,
          },
        },
      ),
    )
    expect(ok ? '' : text).toBe('')
  })

  it('fails by a command that is not simulated, though the code swallows the error', async () => {
    const { ok, text } = await checkDelivery(
      charging(
        ({ cache }) =>
          async () => {
            await cache.xadd('events', '*', 'a', 'b').catch(() => {})
          },
        { stores: { marks: { cache: {} } }, apis: {} },
      ),
    )
    expect(ok).toBe(false)
    expect(text).toContain('charging cannot be checked: the simulated cache does not support the command XADD')
  })
})

describe('stores and APIs that do not fit', () => {
  it.each([
    [
      { apis: { charges: charges() } },
      'an API is named by its method and address, as in \'POST https://api.example.com/charges\', not "charges"',
    ],
    [
      { stores: { 'api-example-com': { ledger: {} } } },
      'the store api-example-com is where its APIs are, so it must be of the kind http-api',
    ],
    [
      { effects: { payments: () => 'x' } },
      '`effects` speaks of payments, and there is no API of that name and no database',
    ],
  ])('are refused', async (changes, problem) => {
    const error = await checkDelivery(charging(chargeOnce, changes)).catch((reason: unknown) => reason)
    expect(error instanceof CheckError ? error.problems : error).toEqual([problem])
  })

  it('takes options of a host from the stores', async () => {
    const { undecided, text } = await checkDelivery(
      charging(() => async () => void (await fetch(address, { method: 'POST' })), {
        stores: { 'api-example-com': { 'http-api': { errors: 1 } } },
        guarantees: ['no-loss/effect'],
        runs: 1,
      }),
    )
    // Every call is answered with an error, also without faults, so that nothing is ever charged.
    expect(undecided).toBe(true)
    expect(text.replaceAll(/\s+/g, ' ')).toContain('the code leaves nothing behind that could be judged')
  })
})
