import { kafka, kafkajs, rabbitmq } from '../../../src/testing/index.ts'
import type { Canary } from './canary.ts'

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A store that takes each order once. */
const recognising = { stores: { ledger: { ledger: { unique: 'operation' } } } }

/** Bugs in the handling itself: in what is awaited, caught, remembered and acknowledged. */
export const handlingCanaries: readonly Canary[] = [
  {
    bug: 'nothing recognises what was done already',
    breaks: 'no-duplicates',
    broken: {
      consumer:
        () =>
        async (_message, { effect }) =>
          effect(),
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) =>
          effect(),
    },
  },
  {
    bug: 'an error is swallowed',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer:
        () =>
        async ({ value }, { effect, log }) => {
          try {
            await effect()
          } catch (error) {
            log('could not bill', value, error)
          }
        },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async ({ value }, { effect, log }) => {
          try {
            await effect()
          } catch (error) {
            log('could not bill', value, error)
            throw error
          }
        },
    },
  },
  {
    bug: 'an await is missing',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) => {
          void effect().catch(() => {})
        },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) => {
          await effect()
        },
    },
  },
  {
    bug: 'forEach awaits nothing',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer:
        () =>
        async (message, { effect }) => {
          ;[message].forEach(async (each) => {
            await pause(20)
            await effect(each).catch(() => {})
          })
        },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (message, { effect }) => {
          for (const each of [message]) {
            await pause(20)
            await effect(each)
          }
        },
    },
  },
  {
    bug: 'what was done is remembered in the memory of the process',
    breaks: 'no-duplicates',
    broken: {
      consumer: () => {
        const seen = new Set<string>()
        return async ({ id }, { effect }) => {
          if (seen.has(id)) return
          await effect()
          seen.add(id)
        }
      },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) =>
          effect(),
    },
  },
  {
    bug: 'a time-out is taken for a success',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) => {
          await Promise.race([effect().catch(() => {}), pause(500)])
        },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) => {
          const late = pause(500).then(() => Promise.reject(new Error('the store is late')))
          await Promise.race([effect(), late])
          late.catch(() => {})
        },
    },
  },
  {
    bug: 'a retry repeats what may have worked',
    breaks: 'no-duplicates',
    broken: {
      guarantees: ['no-duplicates'],
      faults: [
        {
          when: { fact: 'effect-applied', message: 'message-3' },
          cut: 'after-state',
          'reset-connections': ['ledger', 'consumer'],
        },
      ],
      runs: 5,
      consumer:
        () =>
        async (_message, { effect }) => {
          for (let attempt = 1; ; attempt++) {
            try {
              return await effect()
            } catch (error) {
              if (attempt === 3) throw error
            }
          }
        },
    },
    mended: {
      ...recognising,
      consumer:
        () =>
        async (_message, { effect }) => {
          for (let attempt = 1; ; attempt++) {
            try {
              return await effect()
            } catch (error) {
              if (attempt === 3) throw error
            }
          }
        },
    },
  },
  {
    bug: 'a buffer is flushed after the acknowledgement',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer: ({ effect }) => {
        const buffer: object[] = []
        setInterval(() => {
          for (const message of buffer.splice(0)) effect(message).catch(() => {})
        }, 200)
        return async (message) => void buffer.push(message)
      },
    },
    mended: {
      ...recognising,
      consumer: ({ effect }) => {
        const buffer: {
          readonly message: object
          readonly done: () => void
          readonly failed: (error: unknown) => void
        }[] = []
        setInterval(() => {
          for (const { message, done, failed } of buffer.splice(0)) effect(message).then(done, failed)
        }, 200)
        return (message) => new Promise<void>((done, failed) => void buffer.push({ message, done, failed }))
      },
    },
  },
  {
    bug: 'the broker is told before the effect (noAck)',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      system: rabbitmq({ consumer: { noAck: true } }),
      consumer:
        () =>
        async (_message, { effect }) =>
          effect(),
    },
    mended: {
      ...recognising,
      system: rabbitmq(),
      consumer:
        () =>
        async (_message, { effect }) =>
          effect(),
    },
  },
  {
    bug: 'the offset is resolved before the effect',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      system: kafka({ client: 'kafkajs' }),
      rate: 1000,
      consumer: ({ effect }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
            for (const message of batch.messages) {
              resolveOffset(message.offset)
              await commitOffsetsIfNecessary({
                topics: [
                  {
                    topic: batch.topic,
                    partitions: [{ partition: batch.partition, offset: String(Number(message.offset) + 1) }],
                  },
                ],
              })
              await effect(message)
            }
          },
          { eachBatchAutoResolve: false },
        ),
    },
    mended: {
      ...recognising,
      system: kafka({ client: 'kafkajs' }),
      rate: 1000,
      consumer: ({ effect }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset, heartbeat }) => {
            for (const message of batch.messages) {
              await effect(message)
              resolveOffset(message.offset)
              await heartbeat()
            }
          },
          { eachBatchAutoResolve: false },
        ),
    },
  },
  {
    bug: 'the last offset of a batch is resolved when one of it failed',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      system: kafka({ client: 'kafkajs' }),
      rate: 1000,
      consumer: ({ effect, log }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset }) => {
            const outcomes = await Promise.allSettled(batch.messages.map((message) => effect(message)))
            log(outcomes.map(({ status }) => status))
            resolveOffset(batch.lastOffset())
          },
          { eachBatchAutoResolve: false },
        ),
    },
    mended: {
      ...recognising,
      system: kafka({ client: 'kafkajs' }),
      rate: 1000,
      consumer: ({ effect }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset }) => {
            await Promise.all(batch.messages.map((message) => effect(message)))
            resolveOffset(batch.lastOffset())
          },
          { eachBatchAutoResolve: false },
        ),
    },
  },
  {
    bug: 'a handler of forty seconds sends no heartbeat',
    breaks: 'no-duplicates',
    broken: {
      system: kafka({ client: 'kafkajs' }),
      faults: [{ at: '0s', pause: 'consumer', for: '1ms' }],
      runs: 1,
      consumer: ({ effect }) => {
        const seen = new Set<string>()
        return kafkajs.eachMessage(async ({ message }) => {
          if (!seen.has(message.offset)) await pause(40_000)
          seen.add(message.offset)
          await effect()
        })
      },
    },
    mended: {
      system: kafka({ client: 'kafkajs' }),
      ...recognising,
      consumer: ({ effect }) =>
        kafkajs.eachMessage(async ({ heartbeat }) => {
          for (let second = 0; second < 40; second += 5) {
            await pause(5000)
            await heartbeat()
          }
          await effect()
        }),
    },
  },
  {
    bug: 'messages of one key overtake each other',
    breaks: 'ordered-per-key',
    broken: {
      ...recognising,
      guarantees: ['ordered-per-key'],
      members: 1,
      concurrency: 4,
      consumer:
        () =>
        async (_message, { effect }) => {
          await pause(Math.random() * 50)
          await effect()
        },
    },
    mended: {
      ...recognising,
      guarantees: ['ordered-per-key'],
      system: kafka(),
      consumer:
        () =>
        async (_message, { effect }) => {
          await pause(Math.random() * 50)
          await effect()
        },
    },
  },
  {
    bug: 'the process exits at once when it is told to stop, whatever it has in hand',
    breaks: 'no-duplicates',
    broken: {
      consumer: () => {
        process.on('SIGTERM', () => process.exit(0))
        return async (_message, { effect }) => {
          await effect()
          await pause(30)
        }
      },
    },
    mended: {
      ...recognising,
      consumer: () => ({
        handle: async (_message, { effect }) => {
          await effect()
          await pause(30)
        },
        shutdown: () => {},
      }),
    },
  },
]
