import { kafka, rabbitmq } from '../../../src/testing/index.ts'
import type { Canary } from './canary.ts'
import { pause, recognising } from './canary.ts'

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
    bug: 'what failed three times is dropped',
    breaks: 'no-loss',
    broken: {
      ...recognising,
      consumer:
        () =>
        async ({ attempt }, { effect }) => {
          if (attempt > 3) return
          await effect()
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
