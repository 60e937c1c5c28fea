import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { awsSdk, checkDelivery, kinesis, lambda, memory, sqs, sqsConsumer } from '../../../src/testing/index.ts'
import type { OrderMessage } from './adapter-check.ts'
import {
  broken,
  byDefault,
  check,
  crashAfterEffect,
  messages as orders,
  recognising,
  refusal,
} from './adapter-check.ts'
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  PutRecordCommand,
  PutRecordsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from './sdk-commands.ts'

type Consumer = NonNullable<DeliveryCheck['consumer']>
type Client = InstanceType<typeof awsSdk.SQSClient>

const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders'
const received = { QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }

interface Message {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Body: string
  readonly Attributes?: Readonly<Record<string, string>>
}

async function receive(client: Client, input: object = received): Promise<readonly Message[]> {
  const { Messages = [] } = await client.send<{ readonly Messages?: Message[] }>(new ReceiveMessageCommand(input))
  return Messages
}

/** Where there is no store that could be crashed. */
const nothingBreaks = [{ at: '20s', crash: 'upstream', for: '1s' }]

const remove = (client: Client, { ReceiptHandle }: Message): Promise<unknown> =>
  client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))

/** The loop that everybody writes: what fails is left, and comes again. */
const booking: Consumer = ({ effect, log }) =>
  awsSdk.poll(async (client) => {
    for (;;)
      for (const message of await receive(client)) {
        try {
          JSON.parse(message.Body)
          await effect()
          await remove(client, message)
        } catch (error) {
          log('left', error)
        }
      }
  })

/** What the code is answered, or its error, when it makes a call once it has a message in hand. */
async function answerTo(
  ask: (client: Client, message: Message) => Promise<unknown>,
  changes: Partial<DeliveryCheck<OrderMessage>> = {},
): Promise<unknown> {
  let answer: unknown
  const consumer: Consumer = () =>
    awsSdk.poll(async (client) => {
      for (;;)
        for (const message of await receive(client)) {
          JSON.parse(message.Body)
          answer ??= await ask(client, message).catch((error: unknown) => error)
          await remove(client, message)
        }
    })
  await checkDelivery(check(consumer, { guarantees: ['no-loss/delivery'], ...changes }))
  return answer
}

describe('a loop over SQS', () => {
  it('is given messages as the SDK gives them', async () => {
    const [first] = [await answerTo(async (_, message) => ({ ...message }))]
    expect(first).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
      ReceiptHandle: expect.stringMatching(/./),
      Body: '{"order":"order-0"}',
      MD5OfBody: '5eac33b47ca54bf0544c6aa022712fba',
    })
  })

  it('does a message twice after a crash between the effect and the deletion', async () => {
    expect(await broken(check(booking))).toEqual([])
    expect(await broken(check(booking, { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it('is found out under the default plan, and not where the store recognises', { timeout: 60_000 }, async () => {
    expect(await broken(check(booking, byDefault))).toContain('no-duplicates')
    expect((await checkDelivery(check(booking, { ...byDefault, stores: recognising }))).text).toMatch(
      /held in 201 runs/,
    )
  })

  it('is crashed at every await', async () => {
    const { text } = await checkDelivery(
      check(booking, { faults: 'crash-at-every-operation', stores: recognising, runs: 40 }),
    )
    expect(text).toMatch(/no-duplicates held in/)
    expect(text).toMatch(/crashes between effect and\s+acknowledgement/)
    expect(await broken(check(booking, { faults: 'crash-at-every-operation', runs: 40 }))).toContain('no-duplicates')
  })

  it('gives the same result for the same seed', async () => {
    const twice = [
      await checkDelivery(check(booking, { ...byDefault, runs: 20 })),
      await checkDelivery(check(booking, { ...byDefault, runs: 20 })),
    ]
    expect(twice[1]?.text).toBe(twice[0]?.text)
    expect(twice[1]?.exercised).toEqual(twice[0]?.exercised)
  })
})

describe('which message the code works on', () => {
  /** The operations whose effects were applied by the code that works like this. */
  async function judged(
    work: (client: Client, messages: readonly Message[], effect: () => Promise<void>) => Promise<unknown>,
    changes: Partial<DeliveryCheck<OrderMessage>> = {},
  ) {
    const consumer: Consumer = ({ effect }) =>
      awsSdk.poll(async (client) => {
        for (;;) await work(client, await receive(client), effect)
      })
    return await broken(check(consumer, { rate: 1000, ...changes }))
  }

  it('is the one that it looked at last', async () => {
    expect(
      await judged(async (client, messages, effect) => {
        for (const message of messages) {
          JSON.parse(message.Body)
          await sleep(20)
          await effect()
          await remove(client, message)
        }
      }),
    ).toEqual([])
  })

  it('is each its own where several are worked on at a time', async () => {
    expect(
      await judged(async (client, messages, effect) => {
        await Promise.all(
          messages.map(async (message, place) => {
            const { Body } = message
            await sleep(Body.length * (messages.length - place))
            await effect()
            await remove(client, message)
          }),
        )
      }),
    ).toEqual([])
  })

  it('is the one that a helper looked at last', async () => {
    const orderOf = async ({ Body }: Message): Promise<unknown> => await sleep(5, JSON.parse(Body))
    const later = async (message: Message): Promise<unknown> => {
      await sleep(5)
      return await orderOf(message)
    }
    expect(
      await judged(async (client, messages, effect) => {
        for (const message of messages) {
          await later(message)
          await effect()
          await remove(client, message)
        }
      }),
    ).toEqual([])
  })

  it('is the same after its deletion', async () => {
    const before = async (client: Client, messages: readonly Message[], effect: () => Promise<void>): Promise<void> => {
      for (const message of messages) {
        await remove(client, message)
        await effect()
      }
    }
    expect(await judged(before)).toEqual([])
    const crash = [{ when: { fact: 'handled', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' }]
    expect(await judged(before, { faults: crash })).toContain('no-loss')
  })

  it('is told by the message where the code looked at all of them first', async () => {
    const consumer: Consumer = ({ effect }) =>
      awsSdk.poll(async (client) => {
        for (;;) {
          const messages = await receive(client)
          const read = messages.map((message) => ({ message, order: JSON.parse(message.Body) }))
          for (const { message } of read) {
            await effect(message)
            await remove(client, message)
          }
        }
      })
    expect(await broken(check(consumer, { rate: 1000 }))).toEqual([])
  })
})

describe('how a message ends', () => {
  /** When `order-5` was received, in seconds since its first receive, by a loop that does this with it twice. */
  async function receives(
    settle: (client: Client, message: Message) => Promise<unknown>,
    system = sqs(),
  ): Promise<readonly number[]> {
    const times: number[] = []
    const consumer: Consumer = () => {
      times.splice(0)
      return awsSdk.poll(async (client) => {
        for (;;)
          for (const message of await receive(client)) {
            if (message.Body.includes('order-5')) times.push(Date.now())
            if (message.Body.includes('order-5') && times.length < 3) await settle(client, message)
            else await remove(client, message)
          }
      })
    }
    await checkDelivery(check(consumer, { system, guarantees: ['no-loss/delivery'] }))
    return times.map((time) => Math.round((time - (times[0] ?? 0)) / 1000))
  }

  it('comes again after its visibility timeout where nobody deletes it', async () => {
    expect(await receives(async () => {})).toEqual([0, 30, 60])
    expect(await receives(async () => {}, sqs({ attributes: { VisibilityTimeout: '7' } }))).toEqual([0, 7, 14])
  })

  it('comes again as ChangeMessageVisibility says', async () => {
    const change =
      (VisibilityTimeout: number) =>
      async (client: Client, { ReceiptHandle }: Message) =>
        await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
    expect(await receives(change(0))).toEqual([0, 0, 0])
    expect(await receives(change(4))).toEqual([0, 4, 8])
    const inBatch = async (client: Client, { ReceiptHandle }: Message) =>
      await client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 5 }],
        }),
      )
    expect(await receives(inBatch)).toEqual([0, 5, 10])
  })

  it('is told in the timeline', async () => {
    const failing: Consumer = ({ effect }) =>
      awsSdk.poll(async (client) => {
        for (;;)
          for (const message of await receive(client)) {
            JSON.parse(message.Body)
            await effect()
            if (!message.Body.includes('order-5')) await remove(client, message)
          }
      })
    const { text, failures } = await checkDelivery(check(failing))
    expect(failures.map(({ guarantee }) => guarantee)).toContain('no message is tried for ever')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('the code had not deleted it when its visibility timeout was over')
  })

  it('is deleted with others, and the answer says of each how that went', async () => {
    const answers: unknown[] = []
    const consumer: Consumer = () =>
      awsSdk.poll(async (client) => {
        for (;;) {
          const messages = await receive(client)
          const Entries = messages.map(({ ReceiptHandle }, place) => ({ Id: `m${place}`, ReceiptHandle }))
          if (Entries.length > 0)
            answers.push(
              await client.send(
                new DeleteMessageBatchCommand({
                  QueueUrl,
                  Entries: [...Entries.slice(0, 9), { Id: 'no', ReceiptHandle: 'x' }],
                }),
              ),
            )
        }
      })
    expect(await broken(check(consumer, { guarantees: ['no-loss/delivery'], rate: 1000 }))).toEqual([])
    expect(answers[0]).toEqual({
      $metadata: { httpStatusCode: 200, requestId: expect.any(String) },
      Successful: expect.arrayContaining([{ Id: 'm0' }]),
      Failed: [
        { Id: 'no', SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: 'The receipt handle x is not valid.' },
      ],
    })
  })
})

describe('a process', () => {
  it('that waits for what never comes is told of', async () => {
    const hanging: Consumer = () =>
      awsSdk.poll(async (client) => {
        for (;;)
          for (const message of await receive(client)) {
            if (message.Body.includes('order-5')) await new Promise(() => {})
            await remove(client, message)
          }
      })
    const { text, ok } = await checkDelivery(check(hanging, { guarantees: ['no-loss/delivery'] }))
    expect(ok).toBe(false)
    expect(text.replaceAll(/\s+/g, ' ')).toContain('waits for something that never happens')
  })

  it('may start its loop and return', async () => {
    const started: Consumer = ({ effect }) => {
      class Poller {
        readonly #client = new awsSdk.SQSClient({ region: 'eu-central-1' })
        start(): void {
          void this.#run()
        }
        async #run(): Promise<void> {
          await Promise.resolve('whatever a loop begins with')
          for (;;)
            for (const message of await receive(this.#client)) {
              JSON.parse(message.Body)
              await effect()
              await remove(this.#client, message)
            }
        }
      }
      return awsSdk.poll(() => new Poller().start())
    }
    expect(await broken(check(started))).toEqual([])
    expect(await broken(check(started, { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it('gives up its receive when it is told to stop, and ends', async () => {
    const stops: string[] = []
    const stoppable: Consumer = ({ effect }) => {
      const stop = new AbortController()
      const loop = async (client: Client): Promise<void> => {
        while (!stop.signal.aborted) {
          const { Messages = [] } = await client
            .send<{ readonly Messages?: Message[] }>(new ReceiveMessageCommand(received), { abortSignal: stop.signal })
            .catch((error: unknown) => {
              stops.push(error instanceof Error ? error.name : '')
              return { Messages: [] }
            })
          for (const message of Messages) {
            JSON.parse(message.Body)
            await effect()
            await remove(client, message)
          }
        }
      }
      let running: Promise<void> | undefined
      return {
        handle: awsSdk.poll((client) => (running = loop(client))),
        shutdown: async () => {
          stop.abort()
          await running
        },
      }
    }
    const stopped = check(stoppable, { faults: [{ at: '1.05s', restart: 'billing', for: '1s' }] })
    expect(await broken(stopped)).toEqual([])
    expect(stops).toEqual(['AbortError'])
  })

  it('ends with an error that escapes, and with its loop; a supervisor starts it again', async () => {
    const once: Consumer = ({ effect }) =>
      awsSdk.poll(async (client) => {
        for (const message of await receive(client)) {
          JSON.parse(message.Body)
          await effect()
          await remove(client, message)
        }
      })
    expect(await broken(check(once))).toEqual([])
    const throwing: Consumer = ({ effect }) =>
      awsSdk.poll(async (client) => {
        for (const message of await receive(client)) {
          JSON.parse(message.Body)
          await effect()
          await remove(client, message)
        }
        throw new Error('out of loops')
      })
    const { failures, text } = await checkDelivery(check(throwing))
    expect(failures).toEqual([])
    expect(text).toContain('out of loops')
  })
})

describe('what the service answers', () => {
  const metadata = { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }

  it('is a URL for the name of a queue', async () => {
    const answer = await answerTo((client) => client.send(new GetQueueUrlCommand({ QueueName: 'orders' })))
    expect(answer).toEqual({ $metadata: metadata, QueueUrl })
  })

  it('is the attributes that are asked for, and how many messages there are', async () => {
    const asked = (AttributeNames?: readonly string[], system = sqs()) =>
      answerTo((client) => client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames })), { system })
    expect(await asked(['VisibilityTimeout', 'ApproximateNumberOfMessagesNotVisible'])).toEqual({
      $metadata: metadata,
      Attributes: { VisibilityTimeout: '30', ApproximateNumberOfMessagesNotVisible: '1' },
    })
    expect(await asked()).toEqual({ $metadata: metadata })
    const policy = { deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:123456789012:orders-dead', maxReceiveCount: 4 }
    expect(await asked(['All'], sqs({ attributes: { RedrivePolicy: policy } }))).toMatchObject({
      Attributes: { RedrivePolicy: JSON.stringify(policy), QueueArn: 'arn:aws:sqs:eu-central-1:123456789012:orders' },
    })
  })

  it.each<readonly [string, (message: Message) => object, string, RegExp]>([
    [
      'no queue of the name',
      () => new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-else` }),
      'QueueDoesNotExist',
      /no such queue/,
    ],
    ['no queue of the name', () => new GetQueueUrlCommand({ QueueName: 'else' }), 'QueueDoesNotExist', /no such queue/],
    ['no queue', () => new ReceiveMessageCommand({}), 'MissingParameter', /QueueUrl/],
    [
      'too many messages',
      () => new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 }),
      'InvalidParameterValue',
      /Value 11 for parameter MaxNumberOfMessages is invalid.*1 to 10/,
    ],
    [
      'too long a wait',
      () => new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 }),
      'InvalidParameterValue',
      /0 to 20/,
    ],
    [
      'no handle of a receipt',
      () => new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'AQEB' }),
      'ReceiptHandleIsInvalid',
      /AQEB/,
    ],
    [
      'the handle of another queue',
      ({ ReceiptHandle }) => new DeleteMessageCommand({ QueueUrl: 'orders-else', ReceiptHandle }),
      'ReceiptHandleIsInvalid',
      /not valid/,
    ],
    [
      'a handle that is none',
      () => new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 7 }),
      'InvalidParameterValue',
      /ReceiptHandle/,
    ],
    ['no handle', () => new DeleteMessageCommand({ QueueUrl }), 'MissingParameter', /ReceiptHandle/],
    ['no entries', () => new DeleteMessageBatchCommand({ QueueUrl, Entries: [] }), 'EmptyBatchRequest', /at least one/],
    [
      'too many entries',
      () =>
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, ReceiptHandle: 'x' })),
        }),
      'TooManyEntriesInBatchRequest',
      /this one 11/,
    ],
    [
      'an id twice',
      () =>
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: [
            { Id: 'a', ReceiptHandle: 'x' },
            { Id: 'a', ReceiptHandle: 'y' },
          ],
        }),
      'BatchEntryIdsNotDistinct',
      /The id a/,
    ],
    [
      'an id that is none',
      () => new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a b', ReceiptHandle: 'x' }] }),
      'InvalidBatchEntryId',
      /letters/,
    ],
    [
      'too long a time',
      ({ ReceiptHandle }) => new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_201 }),
      'InvalidParameterValue',
      /VisibilityTimeout/,
    ],
    [
      'no time',
      ({ ReceiptHandle }) => new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle }),
      'MissingParameter',
      /VisibilityTimeout/,
    ],
    [
      'an attribute that is none',
      () => new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Visibility'] }),
      'InvalidAttributeName',
      /Visibility/,
    ],
  ])('is an error to a call with %s', async (_, command, name, message) => {
    const error = await answerTo((client, each) => client.send(Object(command(each))))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name,
      $fault: 'client',
      Type: 'Sender',
      message: expect.stringMatching(message),
      $metadata: { requestId: expect.any(String) },
    })
  })

  it('is an error with the code of the protocol and the status of HTTP', async () => {
    expect(await answerTo((client) => client.send(new GetQueueUrlCommand({ QueueName: 'else' })))).toMatchObject({
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    })
    const bad = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'AQEB' })
    expect(await answerTo((client) => client.send(bad))).toMatchObject({
      Code: 'ReceiptHandleIsInvalid',
      $metadata: { httpStatusCode: 404 },
    })
  })

  it('is an error to a change of what is not in flight any more', async () => {
    const late = async (client: Client, { ReceiptHandle }: Message) => {
      await sleep(5_000)
      return await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 9 }))
    }
    const error = await answerTo(late, {
      system: sqs({ attributes: { VisibilityTimeout: '4' } }),
      messages: [{ key: 'a', value: { order: 'order-0' }, headers: { attribName1: '', 'trace.id': '' } }],
    })
    expect(error).toMatchObject({ name: 'MessageNotInflight', Code: 'AWS.SimpleQueueService.MessageNotInflight' })
  })

  it('is nothing at all where the endpoint is away: the SDK tries three times, or as often as the client was made with', async () => {
    const tried = async (config: { readonly maxAttempts?: number }): Promise<unknown> => {
      let failure: unknown
      const consumer: Consumer = () =>
        awsSdk.poll(async () => {
          const client = new awsSdk.SQSClient(config)
          for (;;)
            try {
              for (const message of await receive(client)) await remove(client, message)
            } catch (error) {
              failure ??= error
              await sleep(1_000)
            }
        })
      const away = [{ at: '1.02s', crash: 'sqs-endpoint', for: '5s' }]
      await checkDelivery(check(consumer, { guarantees: ['no-loss/delivery'], faults: away }))
      return failure
    }
    expect(await tried({})).toMatchObject({ code: expect.stringMatching(/^E/), $metadata: {} })
    expect(await tried({ maxAttempts: 20 })).toBeUndefined()
  })
})

it('is the aggregated client as well', async () => {
  const consumer: Consumer = ({ effect }) =>
    awsSdk.poll(async () => {
      const queue = new awsSdk.SQS()
      const { QueueUrl: url } = await queue.getQueueUrl({ QueueName: 'orders' })
      for (;;) {
        const { Messages = [] } = await queue.receiveMessage({
          QueueUrl: url,
          WaitTimeSeconds: 20,
          AttributeNames: ['All'],
        })
        for (const { Body, ReceiptHandle, Attributes } of Messages) {
          expect(Attributes?.['ApproximateReceiveCount']).toBe('1')
          JSON.parse(Body)
          await effect()
          await queue.deleteMessage({ QueueUrl: url, ReceiptHandle })
        }
      }
    })
  expect(await broken(check(consumer))).toEqual([])
})

describe('code that sends to SQS', () => {
  const sending = (
    send: (client: Client, order: string) => Promise<unknown>,
    changes: Partial<DeliveryCheck<OrderMessage>> = {},
  ) =>
    check(
      () =>
        awsSdk.poll(async (client) => {
          for (;;)
            for (const message of await receive(client)) {
              await send(client, JSON.parse(message.Body).order)
              await remove(client, message)
            }
        }),
      {
        stores: {},
        faults: nothingBreaks,
        guarantees: ['no-loss', 'no-duplicates'],
        sends: { receipts: {} },
        ...changes,
      },
    )

  const url = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`

  it('is judged over the whole way', async () => {
    const receipts = (client: Client, order: string) =>
      client.send(new SendMessageCommand({ QueueUrl: url('receipts'), MessageBody: JSON.stringify({ order }) }))
    expect(await broken(sending(receipts))).toEqual([])
    const twice = {
      faults: [
        { when: { fact: 'answered', message: 'order-5/receipts#1' }, cut: 'after-step', crash: 'billing', for: '1s' },
      ],
    }
    expect(await broken(sending(receipts, twice))).toContain('no-duplicates')
  })

  it('is answered with an id and digests, and the attributes arrive', async () => {
    const answers: unknown[] = []
    let headers: unknown
    const attributed = sending(
      async (client, order) => {
        const MessageAttributes = { attribName1: { DataType: 'String', StringValue: 'attribValue 1' } }
        answers.push(
          await client.send(
            new SendMessageCommand({
              QueueUrl: url('receipts'),
              MessageBody: order,
              MessageAttributes,
              DelaySeconds: 2,
            }),
          ),
        )
      },
      {
        invariants: {
          headers: ({ sent }) => {
            headers = sent['receipts']?.[0]?.headers
            return true
          },
        },
      },
    )
    expect(await broken(attributed)).toEqual([])
    expect(headers).toEqual({ attribName1: 'attribValue 1' })
    expect(answers[0]).toEqual({
      $metadata: { httpStatusCode: 200, requestId: expect.any(String) },
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      MD5OfMessageAttributes: '19e27d4e946b072f3f58da80d94fd778',
    })
    const inOneRun = answers.slice(0, orders.length)
    expect(new Set(inOneRun.map((answer) => JSON.stringify(answer))).size).toBe(orders.length)
  })

  it('may say in a FIFO queue by what a message is recognised that is sent again', async () => {
    const crash = {
      faults: [
        {
          when: { fact: 'answered', message: 'order-5/receipts.fifo#1' },
          cut: 'after-step',
          crash: 'billing',
          for: '1s',
        },
      ],
    }
    const withId = (id: (order: string) => string) =>
      sending(
        (client, order) =>
          client.send(
            new SendMessageCommand({
              QueueUrl: url('receipts.fifo'),
              MessageBody: order,
              MessageGroupId: order,
              MessageDeduplicationId: id(order),
            }),
          ),
        { sends: { 'receipts.fifo': {} }, ...crash },
      )
    expect(await broken(withId((order) => order))).toEqual([])
    expect(await broken(withId(() => crypto.randomUUID()))).toContain('no-duplicates')
  })

  it.each<readonly [string, object, string, RegExp]>([
    ['no body', {}, 'MissingParameter', /MessageBody/],
    ['too long a delay', { MessageBody: 'a', DelaySeconds: 901 }, 'InvalidParameterValue', /0 to 900/],
    [
      'an id that only a FIFO queue takes',
      { MessageBody: 'a', MessageDeduplicationId: 'b' },
      'InvalidParameterValue',
      /type of queue/,
    ],
    [
      'an attribute without a type',
      { MessageBody: 'a', MessageAttributes: { b: { StringValue: 'c' } } },
      'InvalidParameterValue',
      /DataType/,
    ],
    [
      'an empty attribute',
      { MessageBody: 'a', MessageAttributes: { b: { DataType: 'String', StringValue: '' } } },
      'InvalidParameterValue',
      /value/,
    ],
  ])('is refused %s', async (_, input, name, message) => {
    const sends = { receipts: {} }
    const command = new SendMessageCommand({ QueueUrl: url('receipts'), ...input })
    const error = await answerTo((client) => client.send(command), { sends, stores: {}, faults: nothingBreaks })
    expect(error).toMatchObject({ name, $fault: 'client', message: expect.stringMatching(message) })
  })

  it.each<readonly [string, object, string, RegExp]>([
    ['no group', { MessageBody: 'a', MessageDeduplicationId: 'b' }, 'MissingParameter', /MessageGroupId/],
    [
      'a delay of its own',
      { MessageBody: 'a', MessageGroupId: 'b', DelaySeconds: 1 },
      'InvalidParameterValue',
      /type of queue/,
    ],
    [
      'nothing by which it is recognised',
      { MessageBody: 'a', MessageGroupId: 'b' },
      'InvalidParameterValue',
      /not taken/,
    ],
  ])('is refused %s by a FIFO queue', async (_, input, name, message) => {
    const sends = { 'receipts.fifo': {} }
    const command = new SendMessageCommand({ QueueUrl: url('receipts.fifo'), ...input })
    const error = await answerTo((client) => client.send(command), { sends, stores: {}, faults: nothingBreaks })
    expect(error).toMatchObject({ name, message: expect.stringMatching(message) })
  })

  it('is told of each entry of a batch how it went', async () => {
    const answers: { Successful?: unknown[]; Failed?: { Id: string; Code: string; SenderFault: boolean }[] }[] = []
    const inBatches = sending(
      async (client, order) => {
        let Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: `${order}-${Id}` }))
        while (Entries.length > 0) {
          const answer = await client.send<(typeof answers)[number]>(
            new SendMessageBatchCommand({ QueueUrl: url('receipts'), Entries }),
          )
          answers.push(answer)
          const failed = answer.Failed?.map(({ Id }) => Id) ?? []
          Entries = Entries.filter(({ Id }) => failed.includes(Id))
        }
      },
      {
        system: sqs({ 'internal-errors': 0.3 }),
        sends: { receipts: { producer: { 'batch-size': 10, 'batch-wait': '1ms' } } },
      },
    )
    expect(await broken({ ...inBatches, guarantees: ['no-loss'] })).toEqual([])
    expect(answers.flatMap(({ Failed = [] }) => Failed)).toContainEqual({
      Id: 'a',
      SenderFault: false,
      Code: 'InternalError',
      Message: 'The message was not taken.',
    })
  })
})

describe('code that puts records into Kinesis', () => {
  const putting = (
    put: (client: InstanceType<typeof awsSdk.KinesisClient>, order: string) => Promise<unknown>,
    changes: Partial<DeliveryCheck<OrderMessage>> = {},
  ) =>
    check(
      () => {
        const client = new awsSdk.KinesisClient()
        return async ({ value }) => void (await put(client, Object(value).order))
      },
      {
        system: kinesis(),
        stores: {},
        faults: nothingBreaks,
        sends: { receipts: {} },
        guarantees: ['no-loss', 'no-duplicates'],
        ...changes,
      },
    )

  const Data = Buffer.from('receipt')

  it('is judged over the whole way', async () => {
    const one = putting((client, PartitionKey) =>
      client.send(new PutRecordCommand({ StreamName: 'receipts', PartitionKey, Data })),
    )
    expect(await broken(one)).toEqual([])
    const many = putting((client, PartitionKey) =>
      client.send(
        new PutRecordsCommand({
          StreamARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/receipts',
          Records: [
            { PartitionKey, Data },
            { PartitionKey, Data },
          ],
        }),
      ),
    )
    expect(await broken(many)).toEqual([])
  })

  it('is answered as by the SDK', async () => {
    const answers: unknown[] = []
    await checkDelivery(
      putting(async (client, PartitionKey) =>
        answers.push(
          await client.send(new PutRecordsCommand({ StreamName: 'receipts', Records: [{ PartitionKey, Data }] })),
        ),
      ),
    )
    expect(answers[0]).toEqual({
      $metadata: { httpStatusCode: 200, requestId: expect.any(String) },
      FailedRecordCount: 0,
      Records: [{ ShardId: expect.any(String), SequenceNumber: expect.any(String) }],
    })
  })

  it.each<readonly [string, object, string]>([
    ['no stream', new PutRecordCommand({ PartitionKey: 'a', Data }), 'InvalidArgumentException'],
    ['no key', new PutRecordCommand({ StreamName: 'receipts', Data }), 'ValidationException'],
    [
      'no bytes',
      new PutRecordCommand({ StreamName: 'receipts', PartitionKey: 'a', Data: 'text' }),
      'ValidationException',
    ],
    ['no records', new PutRecordsCommand({ StreamName: 'receipts', Records: [] }), 'ValidationException'],
  ])('is refused %s', async (_, command, name) => {
    let error: unknown
    await checkDelivery(
      putting(async (client) => (error = await client.send(Object(command)).catch((each: unknown) => each)), {
        guarantees: ['no-loss/delivery'],
      }),
    )
    expect(error).toMatchObject({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } })
  })
})

describe('says in a sentence', () => {
  const one = { messages: orders.slice(0, 1) }
  const loop =
    (act: (client: Client) => Promise<unknown>): Consumer =>
    () =>
      awsSdk.poll(act)

  it('what is not simulated', async () => {
    expect(await refusal(check(loop((client) => client.send(new PurgeQueueCommand({ QueueUrl })))))).toContain(
      'PurgeQueueCommand is not simulated. Of SQSClient these are: ReceiveMessage, DeleteMessage',
    )
  })

  it('what is no command', async () => {
    const { text } = await checkDelivery(
      check(
        loop((client) => client.send({ input: { QueueUrl } })),
        one,
      ),
    )
    expect(text.replaceAll(/\s+/g, ' ')).toContain('expected a command of the SDK')
  })

  it('that another queue has a check of its own', async () => {
    const other = check(
      loop((client) => receive(client, { ...received, QueueUrl: 'orders-dead' })),
      { system: sqs({ queue: 'orders', queues: { 'orders-dead': {} }, producer: {} }) },
    )
    expect(await refusal(other)).toContain(
      'billing receives from orders-dead, and a check judges what is received from one queue, here orders',
    )
  })

  it('that the loop is the consumer, and SQS the system', async () => {
    const client = new awsSdk.SQSClient()
    expect(await refusal(check(() => async () => void (await receive(client))))).toContain(
      'billing calls ReceiveMessage of the AWS SDK, which needs system: sqs({ ... }) and a consumer that knows SQS',
    )
    expect(
      await refusal(
        check(
          loop((each) => receive(each)),
          { system: memory() },
        ),
      ),
    ).toContain('awsSdk.poll needs the client that it is written for: system: sqs({ ... })')
    await expect(receive(client)).rejects.toThrow('This SQSClient can be called only by code that runs in a check.')
  })

  it('that the check knows nothing of an output', async () => {
    const to = new SendMessageCommand({ QueueUrl: 'receipts', MessageBody: 'a' })
    expect(await refusal(check(loop((client) => client.send(to))))).toContain("declare it, `sends: { 'receipts': {} }`")
  })

  it('what is no loop', async () => {
    const client = new awsSdk.SQSClient()
    const none = check(() => awsSdk.poll(Object(client)))
    expect(await refusal(none)).toMatch(
      /awsSdk\.poll was given .*: expected the loop, `awsSdk\.poll\(\(sqs\) => \.\.\.\)`/s,
    )
  })

  it('that a callback is of no use', async () => {
    const calledBack = loop(async (client) => await client.send(new ReceiveMessageCommand(received), () => {}))
    expect((await checkDelivery(check(calledBack, one))).text.replaceAll(/\s+/g, ' ')).toContain(
      'A callback beside a command is not simulated',
    )
  })
})

describe('code that is handed messages of SQS, and settles them by itself', () => {
  const client = new awsSdk.SQSClient()
  const removed = (ReceiptHandle: string): Promise<unknown> =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))

  it('deletes in a handler of sqs-consumer, where the library does not', async () => {
    const handling =
      (deletes: boolean): Consumer =>
      ({ effect }) =>
        sqsConsumer.handleMessage(
          async (message) => {
            await effect()
            if (deletes) await removed(message.ReceiptHandle)
            return message
          },
          { shouldDeleteMessages: false },
        )
    expect(await broken(check(handling(true)))).toEqual([])
    expect(await broken(check(handling(false)))).toContain('no-duplicates')
    expect(await broken(check(handling(true), { faults: crashAfterEffect }))).toContain('no-duplicates')
  })

  it('deletes each message of a batch as soon as it is handled, in a function of Lambda', async () => {
    const once = new Set<string>()
    const handling: Consumer = ({ effect }) => {
      once.clear()
      return lambda.onSqs(async ({ Records }) => {
        for (const record of Records) {
          if (record.body.includes('order-5') && !once.has(record.messageId)) {
            once.add(record.messageId)
            throw new Error('not yet')
          }
          await effect(record)
          await removed(record.receiptHandle)
        }
      })
    }
    expect(await broken(check(handling, { rate: 1000 }))).toEqual([])
  })

  it('keeps a message hidden that takes long', async () => {
    const slow =
      (beats: boolean): Consumer =>
      ({ effect }) =>
        sqsConsumer.handleMessage(
          async (message) => {
            for (let part = 0; part < 4; part++) {
              await sleep(2_000)
              const { ReceiptHandle } = message
              if (beats)
                await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }))
            }
            await effect()
            return message
          },
          { visibilityTimeout: 5 },
        )
    const long = { messages: orders.slice(0, 1), members: 2 }
    expect(await broken(check(slow(false), long))).toContain('no-duplicates')
    expect(await broken(check(slow(true), long))).toEqual([])
  })

  it('does not receive what is received for it', async () => {
    const receiving = check(() => sqsConsumer.handleMessage(async () => await receive(client)))
    expect(await refusal(receiving)).toContain('billing receives by itself what is received for it')
  })
})
