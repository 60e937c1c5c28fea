import { awsSdk, sqs } from '../../../src/testing/index.ts'
import { db, inTransaction, insertPayment, payments } from './booking.ts'
import type { Canary, Planted } from './canary.ts'
import { pause, recognising } from './canary.ts'
import type { Client, Message } from './sdk-loop.ts'
import { keep, orderIn, poll, remove, removeAll } from './sdk-loop.ts'

/** The store recognises each order, and a receive brings several. */
const several = { ...recognising, system: sqs(), rate: 1000 }

/** A FIFO queue deletes nothing by a handle whose time is over. */
const fifo = { ...recognising, system: sqs({ queue: 'orders.fifo', attributes: { VisibilityTimeout: '30' } }) }

/** One in eight deletions fails by itself, and a pause gets in the way of a message; nothing else happens. */
const failingDeletions = {
  ...payments,
  system: sqs({ 'internal-errors': 0.12 }),
  members: 1,
  rate: 1000,
  faults: [{ when: { fact: 'effect-applied', message: 'message-2' }, pause: 'db', for: '1s' }],
}

/** Books once, by a mark in the same transaction. Marks are thrown away with the messages. */
const inboxed = (deleted: (all: readonly Message[], failed: readonly Message[]) => readonly Message[]): Planted => ({
  ...failingDeletions,
  stores: db,
  consumer: ({ db: { pool } }) =>
    awsSdk.poll((client) =>
      poll(client, async (messages) => {
        for (const message of messages) {
          const { order, cents } = orderIn(message)
          await inTransaction(pool, async (transaction) => {
            const mark = 'insert into inbox values ($1) on conflict do nothing'
            const { rowCount } = await transaction.query(mark, [order])
            if (rowCount === 1) await transaction.query(insertPayment, [order, cents])
          })
        }
        const gone = deleted(messages, await removeAll(client, messages))
        for (const message of gone) await pool.query('delete from inbox where order_id = $1', [orderIn(message).order])
      }),
    ),
})

/** Works for eight seconds on each message, with this going on around it. */
const slow = (around: (client: Client, message: Message, work: () => Promise<void>) => Promise<void>): Planted => ({
  ...fifo,
  consumer: ({ effect }) =>
    awsSdk.poll((client) =>
      poll(
        client,
        async (messages) => {
          for (const message of messages) {
            orderIn(message)
            await around(client, message, async () => {
              await pause(8_000)
              await effect()
            })
            await remove(client, message, 'orders.fifo')
          }
        },
        'orders.fifo',
        { MaxNumberOfMessages: 1, VisibilityTimeout: 6 },
      ),
    ),
})

/** Keeps a message hidden; what comes back ends that. */
function heartbeat(client: Client, message: Message): () => void {
  const timer = setInterval(() => void keep(client, message, 6, 'orders.fifo').catch(() => {}), 2_000)
  return () => clearInterval(timer)
}

const beating = slow(async (client, message, work) => {
  const stop = heartbeat(client, message)
  try {
    await work()
  } finally {
    stop()
  }
})

/** Bugs of loops that receive and delete by themselves, with the AWS SDK. */
export const sdkLoopCanaries: readonly Canary[] = [
  {
    bug: 'a message is deleted before it is handled',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            for (const message of messages) {
              await remove(client, message)
              await effect()
            }
          }),
        ),
    },
    mended: {
      ...several,
      consumer: ({ effect }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            for (const message of messages) {
              orderIn(message)
              await effect()
              await remove(client, message)
            }
          }),
        ),
    },
  },
  {
    bug: 'a message is deleted in a finally',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            for (const message of messages) {
              try {
                orderIn(message)
                await effect()
              } finally {
                await remove(client, message)
              }
            }
          }),
        ),
    },
    mended: {
      ...several,
      consumer: ({ effect, log }) =>
        awsSdk.poll((client) =>
          poll(client, async (messages) => {
            for (const message of messages) {
              try {
                orderIn(message)
                await effect()
                await remove(client, message)
              } catch (error) {
                log('left', error)
              }
            }
          }),
        ),
    },
  },
  {
    bug: 'what cannot be handled is never deleted, and there is no queue for dead letters',
    breaks: 'no message is tried for ever',
    broken: { ...several, ...refusing() },
    mended: {
      ...several,
      ...refusing(),
      system: sqs({ attributes: { RedrivePolicy: { deadLetterTargetArn: 'orders-dead', maxReceiveCount: 4 } } }),
    },
  },
  {
    bug: 'the visibility timeout is shorter than the handling',
    breaks: 'no message is tried for ever',
    broken: slow((_client, _message, work) => work()),
    mended: beating,
  },
  {
    bug: 'a heartbeat goes on when the handling has failed',
    breaks: 'no-loss',
    broken: slow(async (client, message, work) => {
      const stop = heartbeat(client, message)
      await work()
      stop()
    }),
    mended: beating,
  },
  {
    bug: 'what failed of a DeleteMessageBatch is taken for deleted',
    breaks: 'no-duplicates',
    broken: inboxed((all) => all),
    mended: inboxed((all, failed) => all.filter((message) => !failed.includes(message))),
  },
]

/** A loop that cannot handle one of the orders. */
function refusing(): Planted {
  return {
    ignores: ({ value }) => value.order === 'order-3',
    consumer: ({ effect, log }) =>
      awsSdk.poll((client) =>
        poll(client, async (messages) => {
          for (const message of messages)
            try {
              if (orderIn(message).order === 'order-3') throw new Error('no such customer')
              await effect()
              await remove(client, message)
            } catch (error) {
              log('left', error)
            }
        }),
      ),
  }
}
