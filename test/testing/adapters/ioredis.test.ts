import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { DeliveryCheck, PendingEntry, StreamEntry } from '../../../src/testing/index.ts'
import { checkDelivery, ioredis, redis, sqs } from '../../../src/testing/index.ts'
import type { OrderMessage } from './adapter-check.ts'
import { broken, byDefault, check, crashAfterEffect, messages, recognising, refusal } from './adapter-check.ts'

type Consumer = NonNullable<DeliveryCheck['consumer']>

const overStream = (consumer: Consumer, changes: Partial<DeliveryCheck<OrderMessage>> = {}) =>
  check(consumer, { system: redis(), ...changes })

const overList = (consumer: Consumer, changes: Partial<DeliveryCheck<OrderMessage>> = {}) =>
  check(consumer, { system: redis({ list: 'jobs' }), ...changes })

const booking: Consumer = ({ effect }) => ioredis.onEntry(async () => await effect())

/** The entries that the code is given for these values. */
async function entriesOf(values: readonly unknown[]): Promise<readonly StreamEntry[]> {
  const seen = new Map<string, StreamEntry>()
  await checkDelivery({
    name: 'billing',
    system: redis(),
    consumer: () => ioredis.onEntry((entry) => void seen.set(entry[0], entry)),
    messages: values.map((value) => ({ value })),
    guarantees: ['no-loss/delivery'],
    runs: 1,
    cases: false,
  })
  return [...seen.values()]
}

describe('ioredis.onEntry', () => {
  it('hands over entries as XREADGROUP gives them', async () => {
    const seen: StreamEntry[] = []
    await checkDelivery(overStream(() => ioredis.onEntry((entry) => void seen.push(entry))))
    expect(seen[0]).toEqual([
      expect.stringMatching(/^\d{13}-\d+$/),
      ['order', 'order-0', 'attribName1', 'attribValue 1', 'trace.id', 'trace-0'],
    ])
  })

  it('takes fields from whatever the value is', async () => {
    const fields = (
      await entriesOf([{ a: 1, b: { c: 2 } }, ['a', '1', 'a', '2'], 'text', Buffer.from('bytes'), 7])
    ).map(([, each]) => each)
    expect(fields).toContainEqual(['a', '1', 'b', '{"c":2}'])
    expect(fields).toContainEqual(['a', '1', 'a', '2'])
    expect(fields).toContainEqual(['value', 'text'])
    expect(fields).toContainEqual(['value', 'bytes'])
    expect(fields).toContainEqual(['value', '7'])
    await expect(entriesOf([null])).rejects.toThrow('An entry of a stream has at least one field')
  })

  it('gets again, with a count that grows, what it threw at', async () => {
    const pending: PendingEntry[] = []
    const times: number[] = []
    const failing: Consumer = ({ effect }) => {
      pending.splice(0)
      times.splice(0)
      return ioredis.onEntry(async ([id, fields], client) => {
        if (fields.includes('order-5')) {
          times.push(Date.now())
          pending.push(...(await client.xpending('orders', 'billing', id, id, 1)))
          if (pending.length < 3) throw new Error('not yet')
        }
        await effect()
      })
    }
    expect(await broken(overStream(failing))).toEqual([])
    expect(pending.map(([, , , deliveries]) => deliveries)).toEqual([1, 2, 3])
    expect(pending[0]).toEqual([expect.stringMatching(/^\d+-\d+$/), 'billing', expect.any(Number), 1])
    const [first = 0, second = 0] = times
    expect(second - first).toBeGreaterThanOrEqual(10_000)
    expect(second - first).toBeLessThan(12_000)
  })

  it('acknowledges after the code, so that a crash between the two repeats the effect', async () => {
    expect(await broken(overStream(booking))).toEqual([])
    expect(await broken(overStream(booking, { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it('leaves the acknowledgement to the code, if that says so', async () => {
    const counts: number[] = []
    const byCode: Consumer = ({ effect }) =>
      ioredis.onEntry(
        async ([id], client) => {
          await effect()
          counts.push(await client.xack('orders', 'billing', id), await client.xack('orders', 'billing', id))
        },
        { xack: 'by-code' },
      )
    expect(await broken(overStream(byCode))).toEqual([])
    expect(counts.slice(0, 4)).toEqual([1, 0, 1, 0])
    const never: Consumer = ({ effect }) => ioredis.onEntry(async () => await effect(), { xack: 'by-code' })
    expect(await broken(overStream(never))).toContain('no-duplicates')
    const before: Consumer = ({ effect }) =>
      ioredis.onEntry(
        async ([id], client) => {
          await client.xack('orders', 'billing', id)
          await sleep(50)
          await effect()
        },
        { xack: 'by-code' },
      )
    const struck = [
      { when: { fact: 'acknowledged', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' },
    ]
    expect(await broken(overStream(before, { faults: struck }))).toContain('no-loss')
  })

  it('loses what failed where entries are acknowledged by being handed out', async () => {
    const failing: Consumer = ({ effect }) =>
      ioredis.onEntry(async ([, fields]) => {
        if (fields.includes('order-5')) throw new Error('never')
        await effect()
      })
    const noack = redis({ consumer: { noack: true } })
    expect(await broken(overStream(failing, { system: noack, guarantees: ['no-loss'] }))).toEqual(['no-loss'])
    expect(await broken(overStream(failing))).toContain('no message is tried for ever')
  })

  it('has an entry claimed by another member while its handler is slow, unless it is kept', async () => {
    const slow: Consumer = ({ effect }) =>
      ioredis.onEntry(async () => {
        await sleep(15_000)
        await effect()
      })
    const one = { messages: messages.slice(0, 1), members: 2 }
    expect(await broken(overStream(slow, one))).toContain('no-duplicates')
    const kept = redis({ consumer: { 'keep-claimed': '3s' } })
    expect(await broken(overStream(slow, { ...one, system: kept }))).toEqual([])
  })

  it(
    'a naive handler is found out under the default plan, and an idempotent one is not',
    { timeout: 60_000 },
    async () => {
      expect(await broken(overStream(booking, byDefault))).toContain('no-duplicates')
      const { text } = await checkDelivery(overStream(booking, { ...byDefault, stores: recognising }))
      expect(text).toMatch(/held in 201 runs/)
    },
  )

  it('gives the same result for the same seed', async () => {
    const of = overStream(booking, { ...byDefault, runs: 20 })
    const [first, second] = [await checkDelivery(of), await checkDelivery(of)]
    expect(second.text).toBe(first.text)
    expect(second.exercised).toEqual(first.exercised)
  })

  it('says which commands are not simulated', async () => {
    const said: string[] = []
    const asking: Consumer = () =>
      ioredis.onEntry(async (_, client) => {
        const asks: readonly (() => Promise<unknown>)[] = [
          () => client.xadd('receipts', '*', 'a', '1'),
          () => client.xclaim('orders', 'billing', 'me', 0, '1-0'),
          () => client.xlen('orders'),
          () => client.pipeline(),
        ]
        for (const ask of asks)
          await Promise.resolve()
            .then(ask)
            .catch((error: Error) => said.push(error.message))
      })
    await checkDelivery(overStream(asking, { messages: messages.slice(0, 1), guarantees: ['no-loss/delivery'] }))
    expect(said.slice(0, 4)).toEqual([
      'redis.xadd is not simulated: declare the output, and send to it with the `send` of the tools.',
      'redis.xclaim is what the simulated member does by itself: `min-idle-time`, `keep-claimed`.',
      'redis.xlen is not simulated on this connection: for keys of the service, take `cache.client`.',
      'redis.pipeline is not simulated on this connection: for keys of the service, take `cache.client`.',
    ])
  })

  it.each<readonly [string, object, ReturnType<typeof redis>, string]>([
    ['a slip', { cuont: 1 }, redis(), 'ioredis.onEntry: there is no option `cuont`. Did you mean count?'],
    ['a count of none', { count: 0 }, redis(), 'ioredis.onEntry: `count` is 0: expected a whole number from 1'],
    [
      'another way',
      { xack: 'before' },
      redis(),
      'ioredis.onEntry: `xack` is the text "before": expected after or by-code',
    ],
    [
      'a list',
      {},
      redis({ list: 'jobs' }),
      'ioredis.onEntry needs the client that it is written for: system: redis({ stream })',
    ],
    [
      'a reader without a group',
      {},
      redis({ consumer: { read: 'XREAD' } }),
      'system: redis({ stream }), whose consumer reads with XREADGROUP',
    ],
    ['another product', {}, sqs(), 'ioredis.onEntry needs the client that it is written for'],
    [
      'an option of the consumer at the wrong place',
      {},
      redis({ noack: true }),
      'redis({ ... }) has no option `noack`: it is one of the consumer, `redis({ consumer: { noack: ... } })`',
    ],
  ])('refuses %s in a sentence', async (_, options, system, sentence) => {
    expect(await refusal(overStream(() => ioredis.onEntry(() => {}, options), { system }))).toContain(sentence)
  })
})

describe('ioredis.onJob', () => {
  const working: Consumer = ({ effect }) => ioredis.onJob(async () => await effect())

  it('hands over the text of an element', async () => {
    const seen: string[] = []
    await checkDelivery(overList(() => ioredis.onJob((job) => void seen.push(job))))
    expect(seen[0]).toBe('{"order":"order-0"}')
  })

  it('leaves in processing what the code threw at, until a reaper puts it back', async () => {
    let failures = 0
    const failing: Consumer = ({ effect }) => {
      failures = 0
      return ioredis.onJob(async (job) => {
        if (job.includes('order-5') && failures++ < 2) throw new Error('not yet')
        await effect()
      })
    }
    expect(await broken(overList(failing))).toEqual([])
    expect(failures).toBe(3)
    const popped = redis({ list: 'jobs', consumer: { take: 'BRPOP' } })
    expect(await broken(overList(failing, { system: popped }))).toContain('no-loss')
  })

  it('removes an element after the code, so that a crash between the two repeats the effect', async () => {
    expect(await broken(overList(working))).toEqual([])
    expect(await broken(overList(working, { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it(
    'a naive worker is found out under the default plan, and an idempotent one is not',
    { timeout: 60_000 },
    async () => {
      expect(await broken(overList(working, byDefault))).toContain('no-duplicates')
      const { text } = await checkDelivery(overList(working, { ...byDefault, stores: recognising }))
      expect(text).toMatch(/held in 201 runs/)
    },
  )

  it('is for a list alone, and not for a stream as well', () => {
    expect(() => redis({ stream: 'orders', list: 'jobs' })).toThrow(
      'redis({ ... }) is given the stream orders and the list jobs: a check consumes from one of them',
    )
  })

  it('needs a list', async () => {
    expect(await refusal(overStream(() => ioredis.onJob(() => {})))).toContain(
      'ioredis.onJob needs the client that it is written for: system: redis({ list })',
    )
  })
})
