import { describe, expect, it } from 'vitest'
import type { CheckResult, ConsumerFactory, DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 4 }, (_, n) => ({ key: 'customer', value: { order: `order-${n}` } }))

/** A release is rolled out while the handler of the second message sleeps for a second. */
function deployed(consumer: DeliveryCheck['consumer'], grace: string, unique = 'none'): Promise<CheckResult> {
  return checkDelivery({
    name: 'billing',
    system: memory({ 'visibility-timeout': '5s' }),
    stores: { ledger: { ledger: { unique } } },
    ...(consumer === undefined ? {} : { consumer }),
    messages,
    members: 1,
    operation: ({ value }) => String(Reflect.get(Object(value), 'order')),
    faults: [{ when: { fact: 'effect-applied', message: 'message-1' }, deploy: 'billing', grace, for: '3s' }],
    runs: 1,
    cases: false,
  })
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Has its effect, and then is busy for a second. */
const handle = async (_message: unknown, { effect }: { effect(): Promise<void> }): Promise<void> => {
  await effect()
  await pause(1000)
}

describe('a process that is told to stop', () => {
  it('ends where it stands when nobody listens', async () => {
    const { failures } = await deployed(() => handle, '30s')
    expect(failures[0]).toMatchObject({ guarantee: 'no-duplicates', faults: 1 })
  })

  it('finishes what it has in hand when it has a shutdown, which is called after that', async () => {
    const order: string[] = []
    const consumer: ConsumerFactory = () => ({
      handle: async (message, tools) => {
        await handle(message, tools)
        order.push(message.id)
      },
      shutdown: () => order.push('shutdown'),
    })
    expect(await deployed(consumer, '30s')).toMatchObject({ ok: true })
    expect(order.indexOf('shutdown', 8)).toBe(order.indexOf('message-1', 8) + 1)
  })

  it('is killed when that takes longer than the grace', async () => {
    const { failures } = await deployed(() => ({ handle, shutdown: () => {} }), '500ms')
    expect(failures[0]).toMatchObject({ guarantee: 'no-duplicates' })
  })

  it('goes on when somebody listens for SIGTERM, until he ends it', async () => {
    const consumer =
      (delay: number): ConsumerFactory =>
      () => {
        process.on('SIGTERM', () => void setTimeout(() => process.exit(0), delay))
        return handle
      }
    expect(await deployed(consumer(20_000), '30s')).toMatchObject({ ok: true })
    expect((await deployed(consumer(100), '30s')).failures[0]).toMatchObject({ guarantee: 'no-duplicates' })
    expect(process.listenerCount('SIGTERM')).toBe(0)
  })
})

describe('two versions of the code', () => {
  it('follow one another at a deployment, and not before', async () => {
    const seen: string[] = []
    const version =
      (name: string): ConsumerFactory =>
      () =>
      async (message, { effect }) => {
        seen.push(`${name} ${message.id}`)
        await effect()
      }
    await deployed({ from: version('v1'), to: version('v2') }, '1s', 'operation')
    const after = seen.slice(8)
    expect(after.slice(0, 2)).toEqual(['v1 message-0', 'v1 message-1'])
    expect(after.slice(2).every((line) => line.startsWith('v2 '))).toBe(true)
  })
})
