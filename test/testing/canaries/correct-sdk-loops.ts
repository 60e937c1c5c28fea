import { awsSdk, sqs } from '../../../src/testing/index.ts'
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '../adapters/sdk-commands.ts'
import { apis, charge, charging, db, insertOnce, uniquePayments } from './booking.ts'
import type { Planted } from './canary.ts'
import { pause } from './canary.ts'
import type { Client, Message } from './sdk-loop.ts'
import { keep, orderIn, poll, remove, removeAll, urlOf } from './sdk-loop.ts'

const overSqs = { system: sqs(), rate: 1000 }

const keyed = {
  ...overSqs,
  stores: {},
  apis,
  effects: {
    [`POST ${charging}`]: (call: Readonly<Record<string, unknown>>) => (call['body'] as { order: string }).order,
  },
}

/** Loops that receive and delete by themselves, with the AWS SDK, and are right. */
export const rightSdkLoops: readonly (readonly [string, Planted])[] = [
  [
    'a loop over SQS, one message after the other',
    {
      ...overSqs,
      ...uniquePayments,
      consumer: ({ db: { pool } }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            for (const message of messages) {
              const { order, cents } = orderIn(message)
              await pool.query(insertOnce, [order, cents])
              await remove(client, message)
            }
          }),
        ),
    },
  ],
  [
    'a loop over SQS that works on all of a batch at a time, with an idempotency key',
    {
      ...keyed,
      consumer: ({ log }) =>
        awsSdk.poll((client) =>
          poll(client, (messages) =>
            Promise.all(
              messages.map(async (message) => {
                try {
                  await charge(orderIn(message).order)
                  await remove(client, message)
                } catch (error) {
                  log('left', error)
                }
              }),
            ),
          ),
        ),
    },
  ],
  [
    'a loop over SQS that gives back what failed, and deletes the rest with one call, again where that fails',
    {
      ...overSqs,
      ...uniquePayments,
      system: sqs({ 'internal-errors': 0.05 }),
      consumer: ({ db: { pool }, log }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            let done: readonly Message[] = []
            for (const message of messages)
              try {
                const { order, cents } = orderIn(message)
                await pool.query(insertOnce, [order, cents])
                done = [...done, message]
              } catch (error) {
                log('given back', error)
                await pause(500)
                await keep(client, message, 1)
              }
            for (let tries = 0; done.length > 0 && tries < 5; tries++) done = await removeAll(client, done)
          }),
        ),
    },
  ],
  [
    'a class with a pool of four over SQS, which stops when it is told to',
    { ...overSqs, ...uniquePayments, consumer: pooled },
  ],
  [
    'an outbox whose relay sends to SQS',
    {
      ...overSqs,
      stores: db,
      sends: {
        bookings: { recognises: ({ value }) => value, about: ({ value }) => String(value) },
      },
      guarantees: ['no-loss', 'no-duplicates'],
      consumer: ({ db: { pool } }) => {
        const client = new awsSdk.SQSClient()
        const relay = async (): Promise<void> => {
          const { rows } = await pool.query('select order_id from outbox where not sent order by order_id')
          for (const { order_id: order } of rows) {
            await client.send(new SendMessageCommand({ QueueUrl: urlOf('bookings'), MessageBody: String(order) }))
            await pool.query('update outbox set sent = true where order_id = $1', [order])
          }
        }
        setInterval(() => void relay().catch(() => {}), 500)
        return awsSdk.poll(() =>
          poll(client, async (messages) => {
            for (const message of messages) {
              await pool.query('insert into outbox (order_id) values ($1) on conflict do nothing', [
                orderIn(message).order,
              ])
              await remove(client, message)
            }
          }),
        )
      },
    },
  ],
]

type Pool = { query(text: string, values: unknown[]): Promise<unknown> }

/** As many have it in a file of their own. */
class Poller {
  readonly #client: Client
  readonly #pool: Pool
  readonly #stop = new AbortController()
  readonly #working = new Set<Promise<void>>()
  #polling: Promise<void> | undefined

  constructor(client: Client, pool: Pool) {
    this.#client = client
    this.#pool = pool
  }

  start(): void {
    this.#polling = this.#poll()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#polling
    await Promise.all(this.#working)
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stop
    const input = { QueueUrl: urlOf('orders'), MaxNumberOfMessages: 4, WaitTimeSeconds: 20 }
    while (!signal.aborted)
      try {
        const { Messages = [] } = await this.#client.send<{ readonly Messages?: Message[] }>(
          new ReceiveMessageCommand(input),
          { abortSignal: signal },
        )
        for (const message of Messages) {
          while (this.#working.size >= 4) await Promise.race(this.#working)
          const working = this.#handle(message).finally(() => this.#working.delete(working))
          this.#working.add(working)
        }
      } catch {
        if (!signal.aborted) await pause(1000)
      }
  }

  async #handle(message: Message): Promise<void> {
    try {
      const { order, cents } = orderIn(message)
      await this.#pool.query(insertOnce, [order, cents])
      await this.#client.send(
        new DeleteMessageCommand({ QueueUrl: urlOf('orders'), ReceiptHandle: message.ReceiptHandle }),
      )
    } catch (error) {
      console.log('left', error)
    }
  }
}

function pooled({ db: { pool } }: { readonly db: { readonly pool: Pool } }) {
  const poller = new Poller(new awsSdk.SQSClient({ maxAttempts: 5 }), pool)
  return { handle: awsSdk.poll(() => poller.start()), shutdown: () => poller.stop() }
}
