import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { SqsConsumerOptions, SqsMessage } from '../../../src/testing/index.ts'
import { checkDelivery, rabbitmq, sqs, sqsConsumer } from '../../../src/testing/index.ts'
import { broken, byDefault, check, crashAfterEffect, messages, recognising, refusal } from './adapter-check.ts'

/** The messages that a handler sees under these options, when nothing breaks. */
async function seenWith(options: SqsConsumerOptions, system = sqs()): Promise<readonly SqsMessage[]> {
  const seen: SqsMessage[] = []
  const consumer = () =>
    sqsConsumer.handleMessage((message) => {
      seen.push(message)
      return message
    }, options)
  await checkDelivery(
    check(consumer, { system, guarantees: ['no-loss/delivery'], faults: [{ at: '20s', crash: 'ledger' }] }),
  )
  return seen
}

/** Body and receive count of each delivery to a handler that fails on `order-5` so many times. */
async function receivesOf(
  options: SqsConsumerOptions,
  failures = 2,
  system = sqs(),
): Promise<readonly { readonly at: number; readonly count: string | undefined }[]> {
  const receives: { at: number; count: string | undefined }[] = []
  const consumer = () =>
    sqsConsumer.handleMessage(
      async (message) => {
        if (!message.Body.includes('order-5')) return message
        receives.push({ at: Date.now(), count: message.Attributes?.['ApproximateReceiveCount'] })
        if (receives.length <= failures) throw new Error('not yet')
        return message
      },
      { attributeNames: ['ApproximateReceiveCount'], ...options },
    )
  const only = check(consumer, { system, guarantees: ['no-loss/delivery'] })
  // The same code runs in a run without faults before: what it left behind is not what is looked at.
  await checkDelivery({ ...only, consumer: () => (receives.splice(0), consumer()) })
  return receives
}

const secondsBetween = (receives: readonly { readonly at: number }[]): readonly number[] =>
  receives.slice(1).map(({ at }, place) => Math.round((at - (receives[place]?.at ?? 0)) / 1000))

describe('the message of handleMessage', () => {
  it('is as the SDK gives it, without attributes that nobody asked for', async () => {
    const [first] = await seenWith({})
    expect(first).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
      ReceiptHandle: expect.stringMatching(/./),
      Body: '{"order":"order-0"}',
      MD5OfBody: '5eac33b47ca54bf0544c6aa022712fba',
    })
  })

  it('has the attributes that are asked for, and a digest of those', async () => {
    const [first] = await seenWith({ messageAttributeNames: ['attribName1'], messageSystemAttributeNames: ['All'] })
    expect(first?.MessageAttributes).toEqual({ attribName1: { DataType: 'String', StringValue: 'attribValue 1' } })
    // The digest that the documentation of the package aws-md5-of-message-attributes has for this attribute.
    expect(first?.MD5OfMessageAttributes).toBe('19e27d4e946b072f3f58da80d94fd778')
    expect(first?.Attributes).toEqual({
      SenderId: expect.stringMatching(/./),
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    })
    const [byBeginning] = await seenWith({ messageAttributeNames: ['trace.*'] })
    expect(Object.keys(byBeginning?.MessageAttributes ?? {})).toEqual(['trace.id'])
  })

  it('of a FIFO queue has its group, its deduplication id and its number', async () => {
    const [first] = await seenWith({ attributeNames: ['All'] }, sqs({ queue: 'orders.fifo' }))
    expect(first?.Attributes).toMatchObject({
      MessageGroupId: 'customer-0',
      MessageDeduplicationId: 'message-0',
      SequenceNumber: '00000000000000000001',
    })
    const [byContent] = await seenWith(
      { attributeNames: ['All'] },
      sqs({
        queue: 'orders.fifo',
        attributes: { ContentBasedDeduplication: true },
        producer: { MessageDeduplicationId: 'none' },
      }),
    )
    expect(byContent?.Attributes?.['MessageDeduplicationId']).toMatch(/^[0-9a-f]{64}$/)
  })

  it('keeps its MessageId when it comes again, with another receipt handle and a higher count', async () => {
    const seen: SqsMessage[] = []
    const consumer = () =>
      sqsConsumer.handleMessage(
        (message) => {
          if (message.Body.includes('order-5')) seen.push(message)
          return message.Attributes?.['ApproximateReceiveCount'] === '3' ? message : undefined
        },
        { attributeNames: ['All'] },
      )
    await checkDelivery(check(consumer, { guarantees: ['no-loss/delivery'] }))
    const once = seen.slice(0, 3)
    expect(new Set(once.map(({ MessageId }) => MessageId)).size).toBe(1)
    expect(new Set(once.map(({ ReceiptHandle }) => ReceiptHandle)).size).toBe(3)
    expect(once.map(({ Attributes }) => Attributes?.['ApproximateReceiveCount'])).toEqual(['1', '2', '3'])
  })
})

describe('what handleMessage gives', () => {
  const giving = (give: (message: SqsMessage) => unknown, options: SqsConsumerOptions = {}) =>
    check(
      ({ effect }) =>
        sqsConsumer.handleMessage(async (message) => {
          await effect()
          return give(message)
        }, options),
      { stores: recognising },
    )

  it('deletes the message where it is the message, or has its id', async () => {
    expect(await broken(giving((message) => message))).toEqual([])
    expect(await broken(giving(({ MessageId }) => ({ MessageId })))).toEqual([])
  })

  it.each([
    ['undefined', 'undefined', undefined],
    ['null', 'null', null],
    ['true', 'true', true],
    ['something else', 'an object without the MessageId', { rows: 1 }],
  ])('leaves it where it is %s, for ever if it always is, and says so', async (_, told, given) => {
    const result = await checkDelivery(giving(() => given))
    expect(result.failures.map(({ guarantee }) => guarantee)).toEqual(['no message is tried for ever'])
    expect(result.text.replaceAll(/\s+/g, ' ')).toContain(
      `handleMessage gave ${told}: sqs-consumer deletes the message that it is given back`,
    )
  })

  it('does not matter under alwaysAcknowledge', async () => {
    expect(await broken(giving(() => undefined, { alwaysAcknowledge: true }))).toEqual([])
  })

  it('is an error under strictReturn where it is null', async () => {
    const { text } = await checkDelivery(giving(() => null, { strictReturn: true }))
    expect(text.replaceAll(/\s+/g, ' ')).toContain('handleMessage gave null, under strictReturn')
  })
})

describe('a message that failed', () => {
  it('comes again when its visibility timeout is over, and counts', async () => {
    const receives = await receivesOf({})
    expect(receives.map(({ count }) => count)).toEqual(['1', '2', '3'])
    expect(secondsBetween(receives)).toEqual([30, 30])
    expect(secondsBetween(await receivesOf({ visibilityTimeout: 7 }))).toEqual([7, 7])
  })

  it('comes again as terminateVisibilityTimeout says', async () => {
    expect(secondsBetween(await receivesOf({ terminateVisibilityTimeout: true }))).toEqual([0, 0])
    expect(secondsBetween(await receivesOf({ terminateVisibilityTimeout: 3 }))).toEqual([3, 3])
    const growing = ([message]: SqsMessage[]): number => 4 ** Number(message?.Attributes?.['ApproximateReceiveCount'])
    expect(secondsBetween(await receivesOf({ terminateVisibilityTimeout: growing }))).toEqual([4, 16])
  })
})

it('takes attributes from the file that the command line of AWS prints', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceproof-attributes-'))
  const file = path.join(folder, 'orders.json')
  const QueueArn = 'arn:aws:sqs:eu-central-1:123456789012:orders'
  writeFileSync(file, JSON.stringify({ Attributes: { QueueArn, VisibilityTimeout: '9' } }))
  expect(secondsBetween(await receivesOf({}, 1, sqs({ attributes: file })))).toEqual([9])
  rmSync(folder, { recursive: true })
})

describe('handling that takes long', () => {
  const slow = (options: SqsConsumerOptions) =>
    check(
      ({ effect }) =>
        sqsConsumer.handleMessage(async (message) => {
          await sleep(8_000)
          await effect()
          return message
        }, options),
      {
        messages: messages.slice(0, 1),
        members: 2,
      },
    )

  it('lets the message be received by somebody else, unless there is a heartbeat', async () => {
    expect(await broken(slow({ visibilityTimeout: 5 }))).toContain('no-duplicates')
    expect(await broken(slow({ visibilityTimeout: 5, heartbeatInterval: 2 }))).toEqual([])
    expect(await broken(slow({ visibilityTimeout: 30 }))).toEqual([])
  })

  it('is given up after handleMessageTimeout, and goes on all the same', async () => {
    const once = check(
      ({ effect }) =>
        sqsConsumer.handleMessage(
          async (message) => {
            if (message.Attributes?.['ApproximateReceiveCount'] === '1') await sleep(8_000)
            await effect()
            return message
          },
          { handleMessageTimeout: 2_000, attributeNames: ['All'] },
        ),
      { messages: messages.slice(0, 1) },
    )
    const { text, failures } = await checkDelivery(once)
    expect(failures.map(({ guarantee }) => guarantee)).toContain('no-duplicates')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Message handler timed out after 2000ms')
  })
})

it('handles all that a receive brought at a time, and no more', async () => {
  const most = async (batchSize: number): Promise<number> => {
    let running = 0
    let highest = 0
    const consumer = () =>
      sqsConsumer.handleMessage(
        async (message) => {
          highest = Math.max(highest, ++running)
          await sleep(100)
          running--
          return message
        },
        { batchSize },
      )
    await checkDelivery(check(consumer, { guarantees: ['no-loss/delivery'], rate: 1000 }))
    return highest
  }
  expect(await most(1)).toBe(1)
  expect(await most(4)).toBe(4)
})

describe('handleMessageBatch', () => {
  it('deletes what comes back, and gets the rest again', async () => {
    const sizes: number[] = []
    const counts = new Map<string, number>()
    const consumer = () =>
      sqsConsumer.handleMessageBatch(
        (batch) => {
          sizes.push(batch.length)
          for (const { Body } of batch) counts.set(Body, (counts.get(Body) ?? 0) + 1)
          return batch.filter(
            ({ Body, Attributes }) => !Body.includes('order-5') || Attributes?.['ApproximateReceiveCount'] === '2',
          )
        },
        { batchSize: 10, messageSystemAttributeNames: ['ApproximateReceiveCount'] },
      )
    await checkDelivery(check(() => (counts.clear(), consumer()), { guarantees: ['no-loss/delivery'], rate: 1000 }))
    expect(Math.max(...sizes)).toBeGreaterThan(1)
    expect(counts.get('{"order":"order-5"}')).toBe(2)
    expect(counts.get('{"order":"order-4"}')).toBe(1)
  })

  it('gets all of a batch again that it throws at', async () => {
    let failures = 0
    const repeated = check(
      ({ effect }) =>
        sqsConsumer.handleMessageBatch(
          async (batch) => {
            for (const message of batch) {
              if (message.Body.includes('order-5') && failures++ % 2 === 0) throw new Error('not yet')
              await effect(message)
            }
            return batch
          },
          { batchSize: 10 },
        ),
      { rate: 1000 },
    )
    expect(await broken(repeated)).toContain('no-duplicates')
    expect(await broken({ ...repeated, stores: recognising })).toEqual([])
  })
})

describe('under the default plan', () => {
  const booking = (changes: object = {}) =>
    check(
      ({ effect }) =>
        sqsConsumer.handleMessage(
          async (message) => {
            await effect()
            return message
          },
          { batchSize: 10 },
        ),
      { ...byDefault, ...changes },
    )

  it('a naive handler is found out, and one that recognises what it has done is not', { timeout: 60_000 }, async () => {
    expect(await broken(booking())).toContain('no-duplicates')
    expect((await checkDelivery(booking({ stores: recognising }))).text).toMatch(/held in 201 runs/)
  })

  it('a handler that swallows errors is found out, by itself and in a batch', { timeout: 60_000 }, async () => {
    const swallowing = check(
      ({ effect }) =>
        sqsConsumer.handleMessage(async (message) => {
          await effect().catch(() => {})
          return message
        }),
      { ...byDefault, stores: recognising },
    )
    expect(await broken(swallowing)).toContain('no-loss')
    const inBatch = check(
      ({ effect }) =>
        sqsConsumer.handleMessageBatch(
          async (batch) => {
            await Promise.allSettled(batch.map((message) => effect(message)))
            return batch
          },
          { batchSize: 10 },
        ),
      { ...byDefault, stores: recognising },
    )
    expect(await broken(inBatch)).toContain('no-loss')
  })

  it('gives the same result for the same seed', async () => {
    const [first, second] = [await checkDelivery(booking({ runs: 20 })), await checkDelivery(booking({ runs: 20 }))]
    expect(second?.text).toBe(first?.text)
    expect(second?.exercised).toEqual(first?.exercised)
  })
})

it('does a message twice after a crash between the effect and the deletion', async () => {
  const acknowledging = check(({ effect }) =>
    sqsConsumer.handleMessage(async (message) => {
      await effect()
      return message
    }),
  )
  expect(await broken(acknowledging)).toEqual([])
  expect(await broken({ ...acknowledging, faults: crashAfterEffect })).toContain('no-duplicates')
})

describe('says in a sentence', () => {
  const refused = async (options: object, system = sqs()): Promise<string> =>
    await refusal(check(() => sqsConsumer.handleMessage((message) => message, options), { system }))

  it.each<readonly [string, object, string]>([
    ['a slip', { batchsize: 3 }, 'there is no option `batchsize`. Did you mean batchSize?'],
    ['a batch that is too large', { batchSize: 11 }, '`batchSize` is 11: expected a whole number from 1 to 10'],
    ['a wait that is too long', { waitTimeSeconds: 30 }, '`waitTimeSeconds` is 30: expected a number from 0 to 20'],
    [
      'a heartbeat that comes too late',
      { heartbeatInterval: 40, visibilityTimeout: 30 },
      '`heartbeatInterval` must be less than `visibilityTimeout`, which has to be given with it',
    ],
    [
      'a heartbeat without a visibility timeout',
      { heartbeatInterval: 4 },
      '`heartbeatInterval` must be less than `visibilityTimeout`, which has to be given with it',
    ],
    [
      'a queue of its own',
      { queueUrl: 'https://sqs' },
      'the option `queueUrl` means nothing here, as the queue is that of sqs({ queue })',
    ],
  ])('%s', async (_, options, sentence) => {
    expect(await refused(options)).toBe(`The check "billing" cannot be run: sqsConsumer.handleMessage: ${sentence}`)
  })

  it('what belongs elsewhere', async () => {
    expect(await refused({}, sqs({ consumer: { 'delete-batch-size': 5 } }))).toContain(
      '`delete-batch-size` means nothing',
    )
    expect(await refused({}, rabbitmq())).toContain(
      'sqsConsumer.handleMessage needs the client that it is written for: system: sqs({ ... })',
    )
    expect(await refused({}, sqs({ VisibilityTimeout: '10s' }))).toContain(
      'sqs({ ... }) has no option `VisibilityTimeout`: it is one of the attributes, `sqs({ attributes: { VisibilityTimeout: ... } })`',
    )
    expect(await refused({}, sqs({ MaxNumberOfMessages: 3 }))).toContain('it is one of the consumer')
    expect(await refused({}, sqs({ attributes: { VisibilityTimeOut: '10s' } }))).toContain(
      'Did you mean VisibilityTimeout?',
    )
  })

  it('a message that SQS does not take', async () => {
    const told = async (value: string | Buffer | null): Promise<string> =>
      await checkDelivery({
        name: 'billing',
        system: sqs(),
        consumer: () => sqsConsumer.handleMessage((message) => message),
        messages: [{ key: 'a', value }],
        cases: false,
      }).then(
        ({ text }) => `it ran: ${text}`,
        (error: unknown) => String(error),
      )
    expect(await told(null)).toContain(
      'A message of SQS has a text for a body, and there is none in one of the messages',
    )
    expect(await told('')).toContain('there is none in one of the messages')
    expect(await told(Buffer.from([200, 201]))).toContain('has bytes that are no text: give it a `value`')
  })
})
