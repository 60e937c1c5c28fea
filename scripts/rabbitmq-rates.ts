/**
 * `node scripts/run-typescript.mjs scripts/rabbitmq-rates.ts [SEEDS]`: how often the phenomena of RabbitMQ come about when nobody aims: the lesson
 * of each, with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about or never would be as wrong as a
 * remedy that does not help; both give the exit code 1.
 */
import { fileURLToPath } from 'node:url'
import type { ChanceRow, Plain } from './phenomena-rates.ts'
import { printRates } from './phenomena-rates.ts'

const steadily = (rate: string, messages = 100): Plain => ({ messages, rate: null, arrival: { poisson: rate } })

export const rabbitRows: readonly ChanceRow[] = [
  {
    row: 'RMQ-01',
    what: 'no confirms: what is on its way when the connection breaks is lost',
    lesson: 'rabbitmq/publish-without-confirms',
    remedy: 'confirms',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('20/s') } },
      faults: [{ at: '2.5s', 'reset-connections': ['shop', 'rabbit'] }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'RMQ-02',
    what: 'no confirms: what was not on the disk is lost with the power',
    lesson: 'rabbitmq/publish-persistent-without-confirms',
    remedy: 'confirms',
    changes: {
      services: { shop: { sends: steadily('4/s', 8) } },
      faults: [{ at: '2.5s', 'power-loss': 'rabbit', for: '2s' }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'RMQ-08',
    what: 'a confirm is lost, and its message published again',
    lesson: 'rabbitmq/publish-again-after-a-lost-confirm',
    remedy: 'the-store-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('20/s') } },
      faults: [{ at: '2.5s', 'reset-connections': ['shop', 'rabbit'] }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'RMQ-09',
    what: 'a refused message is overtaken',
    lesson: 'rabbitmq/publish-refused-and-overtaken',
    remedy: 'one-at-a-time',
    changes: {
      services: { shop: { sends: steadily('100/s') } },
      faults: [{ at: '500ms', pause: 'tracking', for: '90ms' }],
    },
    sees: { guarantee: 'ordered-per-key' },
  },
  {
    row: 'RMQ-24',
    what: 'acknowledged by the socket: what waits in the client is lost with it',
    lesson: 'rabbitmq/consume-without-acknowledgement',
    remedy: 'manual',
    changes: {
      services: { shop: { sends: steadily('50/s', 60) } },
      faults: [{ at: '700ms', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'RMQ-26',
    what: 'done and not acknowledged is done again',
    lesson: 'rabbitmq/consume-crash-before-acknowledgement',
    remedy: 'inbox',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('10/s', 40) } },
      faults: [{ at: '2.5s', crash: 'billing-1', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'RMQ-27',
    what: 'an acknowledgement is lost with its connection',
    lesson: 'rabbitmq/consume-acknowledged-and-hung-up',
    remedy: 'the-store-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('5/s', 20) } },
      faults: [{ at: '2.5s', 'reset-connections': ['billing', 'rabbit'] }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'RMQ-29',
    what: 'what was put back is overtaken in other hands',
    lesson: 'rabbitmq/consume-requeued-and-overtaken',
    remedy: 'single-active-consumer',
    changes: {
      services: {
        shop: { sends: steadily('50/s', 60) },
        tracking: { handling: { fails: { messages: null, probability: '2%', attempts: 1 } } },
      },
    },
    sees: { guarantee: 'ordered-per-key', level: 'effect' },
  },
  {
    row: 'RMQ-39',
    what: 'a pause about as long as the heartbeats allow is a death',
    lesson: 'rabbitmq/consume-pause-and-heartbeat',
    remedy: 'longer-heartbeat',
    changes: {
      services: { shop: { sends: steadily('4/s', 20) } },
      faults: [{ at: '2s', pause: 'billing-1', for: '2s' }],
    },
    sees: { guarantee: 'no-duplicates' },
  },
  {
    row: 'RMQ-46',
    what: 'the active consumer stands still, and writes over its successor',
    lesson: 'rabbitmq/consume-single-active-and-paused',
    remedy: 'version-check',
    changes: {
      services: { shop: { sends: steadily('8/s', 40) } },
      faults: [{ at: '2.5s', pause: 'tracking-1', for: '30s' }],
    },
    sees: { guarantee: 'no-stale-writes', level: 'effect' },
  },
]

if (process.argv[1] === fileURLToPath(import.meta.url)) printRates(rabbitRows, Number(process.argv[2] ?? 200))
