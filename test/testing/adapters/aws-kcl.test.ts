import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { DeliveryCheck, KclRecord } from '../../../src/testing/index.ts'
import { awsKcl, checkDelivery, kinesis, sqs } from '../../../src/testing/index.ts'
import type { OrderMessage } from './adapter-check.ts'
import { broken, byDefault, check, crashAfterEffect, recognising, refusal } from './adapter-check.ts'

type Consumer = NonNullable<DeliveryCheck['consumer']>

/** The ledger crashes long after all is done: a fault that strikes nothing. */
const quiet = [{ at: '60s', crash: 'ledger', for: '1s' }]

const over = (consumer: Consumer, changes: Partial<DeliveryCheck<OrderMessage>> = {}) =>
  check(consumer, { system: kinesis(), faults: quiet, ...changes })

/** Applies all of a batch, and checkpoints it then. */
const booking: Consumer = ({ effect }) =>
  awsKcl.processRecords(async ({ records, checkpointer }, complete) => {
    for (const record of records) await effect(record)
    checkpointer.checkpoint(records.at(-1)?.sequenceNumber ?? null, () => complete())
  })

describe('awsKcl.processRecords', () => {
  it('hands over records as a record processor gets them, with what a fetch brought of a shard', async () => {
    const batches: KclRecord[][] = []
    await checkDelivery(
      over(
        () =>
          awsKcl.processRecords(async ({ records, checkpointer }, complete) => {
            batches.push(records)
            await sleep(200)
            checkpointer.checkpoint(() => complete())
          }),
        { rate: 1000, guarantees: ['no-loss/delivery'] },
      ),
    )
    const records = batches.flat()
    const first = records.find(({ data }) => Buffer.from(data, 'base64').toString() === '{"order":"order-0"}')
    expect(first).toEqual({
      data: 'eyJvcmRlciI6Im9yZGVyLTAifQ==',
      partitionKey: 'customer-0',
      sequenceNumber: expect.stringMatching(/^\d+$/),
    })
    expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(1)
  })

  it('says what became of a checkpoint', async () => {
    const said: (readonly [string | null, string | undefined])[] = []
    await checkDelivery(
      over(
        () =>
          awsKcl.processRecords(({ records, checkpointer }, complete) => {
            const last = records.at(-1)?.sequenceNumber ?? ''
            checkpointer.checkpoint(String(Number(last) + 1), (beyond, none) => {
              said.push([beyond, none])
              checkpointer.checkpoint(last, (error, number) => {
                said.push([error, number === last ? 'the last' : number])
                complete()
              })
              checkpointer.checkpoint(last, (error, number) => said.push([error, number]))
            })
          }),
        { guarantees: ['no-loss/delivery'] },
      ),
    )
    expect(said.slice(0, 3)).toEqual([
      ['IllegalArgumentException', undefined],
      ['Cannot checkpoint while another checkpoint is already in progress.', undefined],
      [null, 'the last'],
    ])
  })

  it('holds when the checkpoint follows the effects, up to the crash between the two', async () => {
    expect(await broken(over(booking))).toEqual([])
    expect(await broken(over(booking, { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it('loses what is checkpointed before its effect', async () => {
    const before: Consumer = ({ effect }) =>
      awsKcl.processRecords(({ records, checkpointer }, complete) => {
        checkpointer.checkpoint(async () => {
          await sleep(50)
          for (const record of records) await effect(record)
          complete()
        })
      })
    const struck = [
      { when: { fact: 'acknowledged', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' },
    ]
    expect(await broken(over(before, { faults: struck }))).toContain('no-loss')
  })

  it('reads from behind the last checkpoint after an error, which ends the process', async () => {
    let failures = 0
    const deliveries: string[] = []
    const failing: Consumer = ({ effect }) =>
      awsKcl.processRecords(async ({ records, checkpointer }, complete) => {
        for (const record of records) {
          const body = Buffer.from(record.data, 'base64').toString()
          deliveries.push(body)
          if (body.includes('order-5') && failures++ % 3 < 2) throw new Error('not yet')
          await effect(record)
          await new Promise<void>((resolve) => checkpointer.checkpoint(record.sequenceNumber, () => resolve()))
        }
        complete()
      })
    const result = await checkDelivery(over(failing))
    expect(result.failures).toEqual([])
    expect(result.text).toContain('2 crashes before the effect')
    const times = (order: string): number => deliveries.filter((body) => body.includes(order)).length
    // Twice it failed on it in each run, and what had been checkpointed by then did not come again.
    expect(times('order-5"')).toBe(3 * times('order-4"'))
  })

  it('waits for completeCallback, and says so where it never comes', async () => {
    const silent: Consumer = ({ effect }) =>
      awsKcl.processRecords(async ({ records }) => {
        for (const record of records) await effect(record)
      })
    expect(await broken(over(silent))).toContain('every handler ends')
  })

  it(
    'a naive processor is found out under the default plan, and an idempotent one is not',
    { timeout: 60_000 },
    async () => {
      expect(await broken(over(booking, byDefault))).toContain('no-duplicates')
      const { text } = await checkDelivery(over(booking, { ...byDefault, stores: recognising }))
      expect(text).toMatch(/held in 201 runs/)
    },
  )

  it('gives the same result for the same seed', async () => {
    const of = over(booking, { ...byDefault, runs: 20 })
    const [first, second] = [await checkDelivery(of), await checkDelivery(of)]
    expect(second.text).toBe(first.text)
    expect(second.exercised).toEqual(first.exercised)
  })

  it('needs a stream, and says where options belong', async () => {
    const refused = (system: ReturnType<typeof kinesis>): Promise<string> => refusal(over(booking, { system }))
    expect(await refused(sqs())).toContain(
      'awsKcl.processRecords needs the client that it is written for: system: kinesis({ ... })',
    )
    expect(await refused(kinesis({ failoverTimeMillis: '5s' }))).toContain(
      'kinesis({ ... }) has no option `failoverTimeMillis`: it is one of the consumer, `kinesis({ consumer: { failoverTimeMillis: ... } })`',
    )
    expect(await refused(kinesis({ shard: 3 }))).toContain('Did you mean shards?')
  })
})

it('a plain handler over Kinesis gets again what it threw at', async () => {
  let failures = 0
  const failing: Consumer =
    () =>
    async ({ value }, { effect }) => {
      if (JSON.stringify(value).includes('order-5') && failures++ % 2 === 0) throw new Error('not yet')
      await effect()
    }
  expect(await broken(over(failing))).toEqual([])
})
