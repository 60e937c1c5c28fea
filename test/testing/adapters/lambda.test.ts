import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OnSqsOptions, SqsEvent } from '../../../src/testing/index.ts'
import { checkDelivery, kafka, lambda, sqs } from '../../../src/testing/index.ts'
import { broken, byDefault, check, crashAfterEffect, recognising, refusal } from './adapter-check.ts'

/** A function that fails on `order-5` the first time, in a way; what it gives for each batch comes from `answer`. */
function failingOnce(answer: (event: SqsEvent, failed: readonly string[]) => unknown, options: OnSqsOptions = {}) {
  const counts = new Map<string, number>()
  const of = check(
    ({ effect }) => {
      counts.clear()
      return lambda.onSqs(async (event) => {
        const failed: string[] = []
        for (const record of event.Records) {
          counts.set(record.body, (counts.get(record.body) ?? 0) + 1)
          if (record.body.includes('order-5') && record.attributes['ApproximateReceiveCount'] === '1')
            failed.push(record.messageId)
          else await effect(record)
        }
        return answer(event, failed)
      }, options)
    },
    { rate: 1000, stores: recognising },
  )
  const received = (order: number): number | undefined => counts.get(`{"order":"order-${order}"}`)
  return { of, received }
}

describe('lambda.onSqs', () => {
  it('calls the function as an event source mapping does', async () => {
    const events: SqsEvent[] = []
    const remaining: number[] = []
    await checkDelivery(
      check(() =>
        lambda.onSqs(async (event, context) => {
          events.push(event)
          expect(context).toMatchObject({ functionName: 'billing', functionVersion: '$LATEST', memoryLimitInMB: '128' })
          await sleep(500)
          remaining.push(context.getRemainingTimeInMillis())
        }),
      ),
    )
    expect(events[0]?.Records[0]).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.stringMatching(/./),
      body: '{"order":"order-0"}',
      attributes: {
        SenderId: expect.stringMatching(/./),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {
        attribName1: { stringValue: 'attribValue 1', stringListValues: [], binaryListValues: [], dataType: 'String' },
        'trace.id': { stringValue: 'trace-0', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: '5eac33b47ca54bf0544c6aa022712fba',
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:orders',
      awsRegion: 'eu-central-1',
    })
    expect(remaining[0]).toBe(2500)
    expect(Math.max(...events.map(({ Records }) => Records.length))).toBeGreaterThan(5)
  })

  it('deletes the batch when the function returns, and gets all of it again when it throws', async () => {
    const returning = failingOnce(() => undefined)
    expect(await broken(returning.of)).toEqual(['no-loss'])
    expect(returning.received(5)).toBe(1)
    const throwing = failingOnce((_, failed) => {
      if (failed.length > 0) throw new Error('not yet')
    })
    expect(await broken(throwing.of)).toEqual([])
    expect(throwing.received(5)).toBe(2)
    expect(throwing.received(4)).toBe(2)
  })

  it('gets again what is in batchItemFailures, if they are reported', async () => {
    const report = (_: SqsEvent, failed: readonly string[]) => ({
      batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
    })
    const reported = failingOnce(report, { reportBatchItemFailures: true })
    expect(await broken(reported.of)).toEqual([])
    expect(reported.received(5)).toBe(2)
    expect(reported.received(4)).toBe(1)
    expect(await broken(failingOnce(report).of)).toEqual(['no-loss'])
  })

  it.each<readonly [string, (id: string) => unknown]>([
    ['an empty identifier', () => ({ batchItemFailures: [{ itemIdentifier: '' }] })],
    ['null for an identifier', () => ({ batchItemFailures: [{ itemIdentifier: null }] })],
    ['another name for it', (id) => ({ batchItemFailures: [{ messageId: id }] })],
    ['an identifier of nothing', (id) => ({ batchItemFailures: [{ itemIdentifier: `${id}0` }] })],
  ])('takes %s for a failure of the whole batch', async (_, answer) => {
    const { of, received } = failingOnce((__, [id]) => (id === undefined ? {} : answer(id)), {
      reportBatchItemFailures: true,
    })
    expect(await broken(of)).toEqual([])
    expect(received(4)).toBe(2)
  })

  it.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an object without a list', { statusCode: 200 }],
    ['null for a list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('takes %s for a success of the whole batch', async (_, answer) => {
    const { of, received } = failingOnce(() => answer, { reportBatchItemFailures: true })
    expect(await broken(of)).toEqual(['no-loss'])
    expect(received(5)).toBe(1)
  })

  it('ends a function that takes too long, and what it keeps in memory', async () => {
    const starts: number[] = []
    const slow = check(
      ({ effect }) => {
        starts.push(Date.now())
        return lambda.onSqs(
          async ({ Records }) => {
            for (const record of Records) {
              if (record.attributes['ApproximateReceiveCount'] === '1') await sleep(3_500)
              await effect(record)
            }
          },
          { batchSize: 1 },
        )
      },
      { messages: [{ key: '', value: { order: 'order-0' }, headers: { attribName1: '1', 'trace.id': '1' } }] },
    )
    const result = await checkDelivery(slow)
    expect(result.failures).toEqual([])
    expect(starts.length).toBeGreaterThan(2)
  })

  it(
    'a naive function is found out under the default plan, and an idempotent one is not',
    { timeout: 60_000 },
    async () => {
      const booking = check(
        ({ effect }) =>
          lambda.onSqs(async ({ Records }) => {
            for (const record of Records) await effect(record)
          }),
        byDefault,
      )
      expect(await broken(booking)).toContain('no-duplicates')
      expect((await checkDelivery({ ...booking, stores: recognising })).text).toMatch(/held in 201 runs/)
    },
  )

  it('does a batch twice after a crash in the middle of it, and gives the same result again', async () => {
    const struck = check(
      ({ effect }) =>
        lambda.onSqs(async ({ Records }) => {
          for (const record of Records) await effect(record)
        }),
      { faults: crashAfterEffect, rate: 1000 },
    )
    const [first, second] = [await checkDelivery(struck), await checkDelivery(struck)]
    expect(first.failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
    expect(second.text).toBe(first.text)
  })

  it.each<readonly [string, Parameters<typeof lambda.onSqs>[0], object, ReturnType<typeof sqs>, string]>([
    ['a slip', async () => {}, { batchsize: 3 }, sqs(), 'there is no option `batchsize`. Did you mean batchSize?'],
    [
      'a large batch',
      async () => {},
      { batchSize: 100 },
      sqs(),
      '`batchSize` is 100: expected a whole number from 1 to 10',
    ],
    [
      'a timeout that Lambda refuses',
      async () => {},
      { timeout: 60 },
      sqs(),
      'its timeout of 60 s is longer than the visibility timeout of 30 s, which Lambda refuses',
    ],
    [
      'options that Lambda has not',
      async () => {},
      {},
      sqs({ consumer: { heartbeatInterval: 5 } }),
      'an event source mapping has no option `heartbeatInterval`; see batchSize, and the attributes of the queue',
    ],
    [
      'a callback',
      // A function of the old style has three parameters.
      ((_event: unknown, _context: unknown, _callback: unknown) => {}) as Parameters<typeof lambda.onSqs>[0],
      {},
      sqs(),
      'a function with a callback is not simulated: let it be async',
    ],
  ])('refuses %s in a sentence', async (_, handler, options, system, sentence) => {
    const told = await refusal(check(() => lambda.onSqs(handler, options), { system }))
    expect(told).toBe(`The check "billing" cannot be run: lambda.onSqs: ${sentence}`)
  })

  it('needs a queue', async () => {
    expect(await refusal(check(() => lambda.onSqs(async () => {}), { system: kafka() }))).toContain(
      'lambda.onSqs needs the client that it is written for: system: sqs({ ... })',
    )
  })
})
