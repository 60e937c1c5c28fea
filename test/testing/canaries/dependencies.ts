import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { ConsumerFactory } from '../../../src/testing/index.ts'
import { chargesWithIdempotencyKeys } from '../../../src/testing/index.ts'
import type { Canary, Order, Planted } from './canary.ts'
import { orders } from './canary.ts'

const address = 'https://api.example.com/charges'

const day = 86_400

/** A consumer that charges, with a cache that loses nothing by itself. */
function charging(consumer: ConsumerFactory, changes: Partial<Planted> = {}): Planted {
  return {
    stores: { marks: { cache: { 'append-only-file': 'always', replica: false } } },
    apis: { [`POST ${address}`]: chargesWithIdempotencyKeys() },
    consumer,
    ...changes,
  }
}

const valueOf = (message: { readonly value: unknown }): Order['value'] => message.value as Order['value']

/** Whoever sends sends each order twice, one right after the other, so that two members have it in hand. */
const sentTwice: Partial<Planted> = { messages: orders.flatMap((order) => [order, order]), rate: 2000 }

async function charge({ order, cents }: Order['value'], key: string): Promise<void> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Idempotency-Key': key },
    body: JSON.stringify({ order, cents }),
    signal: AbortSignal.timeout(5000),
  })
  if (response.ok) return
  // A message that is given back comes again at once.
  await sleep(500)
  throw new Error(`${order} was not charged: ${response.status}`)
}

/** Charges with a key of its own that every attempt finds in the cache. */
function withKeyFromCache(keyOf: (cache: Redis, order: string) => Promise<string>): ConsumerFactory {
  return ({ cache }) =>
    async (message) => {
      const value = valueOf(message)
      await charge(value, await keyOf(cache, value.order))
    }
}

/** The key as it should be: made once for each order, whoever comes first, and kept for longer than anything comes again. */
const keyInCache = withKeyFromCache(async (cache, order) => {
  await cache.set(order, randomUUID(), 'EX', day, 'NX')
  return String(await cache.get(order))
})

const keyOfOrder: ConsumerFactory = () => async (message) => {
  await charge(valueOf(message), valueOf(message).order)
}

/** Bugs of code that calls an API, and of code that remembers in a cache. */
export const dependencyCanaries: readonly Canary[] = [
  {
    bug: 'each attempt has an idempotency key of its own',
    breaks: 'no-duplicates',
    broken: charging(() => async (message) => {
      await charge(valueOf(message), randomUUID())
    }),
    mended: charging(keyOfOrder),
  },
  {
    bug: 'the provider forgets keys before messages stop coming again',
    breaks: 'no-duplicates',
    broken: charging(keyOfOrder, {
      apis: { [`POST ${address}`]: chargesWithIdempotencyKeys({ keepsKeys: 5 }) },
    }),
    mended: charging(keyOfOrder),
  },
  {
    bug: 'the mark in the cache lives shorter than it takes until the message comes again',
    breaks: 'no-duplicates',
    broken: charging(
      withKeyFromCache(async (cache, order) => {
        await cache.set(order, randomUUID(), 'EX', 5, 'NX')
        return String(await cache.get(order))
      }),
    ),
    mended: charging(keyInCache),
  },
  {
    bug: 'the mark in the cache is looked for, and then set',
    breaks: 'no-duplicates',
    broken: charging(
      withKeyFromCache(async (cache, order) => {
        const known = await cache.get(order)
        if (known !== null) return known
        const key = randomUUID()
        await cache.set(order, key, 'EX', day)
        return key
      }),
      sentTwice,
    ),
    mended: charging(keyInCache, sentTwice),
  },
  {
    bug: 'the mark is set before the effect, and believed',
    breaks: 'no-loss',
    broken: charging(({ cache }) => async (message) => {
      const { order } = valueOf(message)
      const first = await cache.set(order, 'done', 'EX', day, 'NX')
      if (first === 'OK') await charge(valueOf(message), order)
    }),
    mended: charging(({ cache }) => async (message) => {
      const { order } = valueOf(message)
      if ((await cache.get(order)) !== null) return
      await charge(valueOf(message), order)
      await cache.set(order, 'done', 'EX', day)
    }),
  },
]
