import { kafka, kafkajs } from '../../../src/testing/index.ts'
import type { Canary } from './canary.ts'
import { pause, recognising } from './canary.ts'

/** The store recognises each order, and the records come fast enough that a batch has several of them. */
const batches = { ...recognising, system: kafka({ client: 'kafkajs' }), rate: 1000 }

/** The code commits by itself. */
const byHand = { ...recognising, system: kafka({ client: 'kafkajs', consumer: { autoCommit: false } }), rate: 1000 }

const after = (offset: string): string => String(Number(offset) + 1)

/** Bugs of code for Kafka: in what is resolved and committed, and when. */
export const offsetCanaries: readonly Canary[] = [
  {
    bug: 'the offset is resolved before the effect',
    breaks: 'no-loss',
    broken: {
      ...batches,
      consumer: ({ effect }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
            for (const message of batch.messages) {
              resolveOffset(message.offset)
              await commitOffsetsIfNecessary({
                topics: [
                  {
                    topic: batch.topic,
                    partitions: [{ partition: batch.partition, offset: after(message.offset) }],
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
      ...batches,
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
      ...batches,
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
      ...batches,
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
      ...recognising,
      system: kafka({ client: 'kafkajs' }),
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
    bug: 'the batch is resolved in a finally',
    breaks: 'no-loss',
    broken: {
      ...batches,
      consumer: ({ effect, log }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset }) => {
            try {
              await Promise.all(batch.messages.map((message) => effect(message)))
            } catch (error) {
              log('a batch failed', error)
            } finally {
              resolveOffset(batch.lastOffset())
            }
          },
          { eachBatchAutoResolve: false },
        ),
    },
    mended: {
      ...batches,
      consumer: ({ effect, log }) =>
        kafkajs.eachBatch(
          async ({ batch, resolveOffset }) => {
            try {
              await Promise.all(batch.messages.map((message) => effect(message)))
              resolveOffset(batch.lastOffset())
            } catch (error) {
              log('a batch failed', error)
              throw error
            }
          },
          { eachBatchAutoResolve: false },
        ),
    },
  },
  {
    bug: 'it stops in the middle of a batch that is resolved for it (eachBatchAutoResolve)',
    breaks: 'no-loss',
    broken: {
      ...batches,
      consumer: ({ effect }) => ({
        handle: kafkajs.eachBatch(async ({ batch, heartbeat, isRunning, isStale }) => {
          for (const message of batch.messages) {
            if (!isRunning() || isStale()) return
            await pause(50)
            await effect(message)
            await heartbeat()
          }
        }),
        shutdown: () => {},
      }),
    },
    mended: {
      ...batches,
      consumer: ({ effect }) => ({
        handle: kafkajs.eachBatch(
          async ({ batch, heartbeat, isRunning, isStale, resolveOffset }) => {
            for (const message of batch.messages) {
              if (!isRunning() || isStale()) return
              await pause(50)
              await effect(message)
              resolveOffset(message.offset)
              await heartbeat()
            }
          },
          { eachBatchAutoResolve: false },
        ),
        shutdown: () => {},
      }),
    },
  },
  {
    bug: 'the offset is committed in a finally',
    breaks: 'no-loss',
    broken: {
      ...byHand,
      consumer: ({ effect }) => {
        const consumer = kafkajs.consumer()
        return kafkajs.eachMessage(async ({ topic, partition, message }) => {
          try {
            await effect()
          } finally {
            await consumer.commitOffsets([{ topic, partition, offset: after(message.offset) }])
          }
        })
      },
    },
    mended: {
      ...byHand,
      consumer: ({ effect }) => {
        const consumer = kafkajs.consumer()
        return kafkajs.eachMessage(async ({ topic, partition, message }) => {
          await effect()
          await consumer.commitOffsets([{ topic, partition, offset: after(message.offset) }])
        })
      },
    },
  },
  {
    bug: 'what was handed out is committed on a timer',
    breaks: 'no-loss',
    broken: {
      ...byHand,
      consumer: ({ effect }) => {
        const consumer = kafkajs.consumer()
        const reached = new Map<number, { topic: string; partition: number; offset: string }>()
        setInterval(() => {
          consumer.commitOffsets([...reached.values()]).catch(() => {})
        }, 100)
        return kafkajs.eachMessage(async ({ topic, partition, message }) => {
          reached.set(partition, { topic, partition, offset: after(message.offset) })
          await pause(20)
          await effect()
        })
      },
    },
    mended: {
      ...byHand,
      consumer: ({ effect }) => {
        const consumer = kafkajs.consumer()
        const reached = new Map<number, { topic: string; partition: number; offset: string }>()
        setInterval(() => {
          consumer.commitOffsets([...reached.values()]).catch(() => {})
        }, 100)
        return kafkajs.eachMessage(async ({ topic, partition, message }) => {
          await pause(20)
          await effect()
          reached.set(partition, { topic, partition, offset: after(message.offset) })
        })
      },
    },
  },
  {
    bug: 'messages go into a queue of its own, and the handler returns',
    breaks: 'no-loss',
    broken: {
      ...batches,
      consumer: ({ effect, log }) => {
        let last: Promise<unknown> = Promise.resolve()
        return kafkajs.eachMessage(async ({ message }) => {
          last = last.then(() => effect(message)).catch((error: unknown) => log('not done', error))
        })
      },
    },
    mended: {
      ...batches,
      consumer: ({ effect }) => {
        let last: Promise<unknown> = Promise.resolve()
        return kafkajs.eachMessage(async ({ message }) => {
          const done = last.catch(() => {}).then(() => effect(message))
          last = done
          await done
        })
      },
    },
  },
]
