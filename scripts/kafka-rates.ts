/**
 * `node scripts/run-typescript.mjs scripts/kafka-rates.ts [SEEDS]`: how often the phenomena of Kafka that documents call possible come about
 * when nobody aims: the lesson of each, with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about
 * or never would be as wrong as a remedy that does not help; both give the exit code 1.
 */
import { fileURLToPath } from 'node:url'
import type { ChanceRow, Plain } from './phenomena-rates.ts'
import { printRates } from './phenomena-rates.ts'

const steadily = (rate: string, messages = 400): Plain => ({ messages, rate: null, arrival: { poisson: rate } })

const leaderDies: Plain = [{ at: '8.2s', crash: 'leader(events/orders/0)', for: '20s' }]
const connectionsBreak: Plain = [{ at: '8.2s', 'reset-connections': ['shop', 'events'] }]

export const kafkaRows: readonly ChanceRow[] = [
  {
    row: 'K-P01',
    what: 'acks=0: what is on its way to a dying leader is lost',
    lesson: 'kafka/produce-acks-0',
    remedy: 'acks-all',
    changes: { network: 'wan', services: { shop: { sends: steadily('10/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'K-P02',
    what: 'acks=1: what only the leader had is lost with it',
    lesson: 'kafka/produce-acks-1',
    remedy: 'acks-all',
    changes: { network: 'wan', services: { shop: { sends: steadily('10/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'K-P07',
    what: 'no idempotence: a lost answer is a duplicate',
    lesson: 'kafka/produce-lost-answer',
    remedy: 'idempotence',
    changes: { network: 'wan', services: { shop: { sends: steadily('4/s', 40) } }, faults: connectionsBreak },
    sees: { guarantee: 'no-duplicates' },
  },
  {
    row: 'K-P08',
    what: 'no idempotence: a retry is overtaken',
    lesson: 'kafka/produce-overtaken-retry',
    remedy: 'idempotence',
    changes: { services: { shop: { sends: steadily('20/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'ordered-per-key' },
  },
  {
    row: 'K-P11',
    what: 'a producer that starts again has a new identity',
    lesson: 'kafka/produce-new-producer',
    remedy: 'the-ledger-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('4/s', 40) } },
      faults: [{ at: '8.5s', crash: 'shop', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'K-C02',
    what: 'processed and not committed is processed again',
    lesson: 'kafka/consumer-process-first',
    remedy: 'the-ledger-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('10/s', 100) } },
      faults: [{ at: '9s', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'K-C01',
    what: 'committed and not processed is skipped',
    lesson: 'kafka/consumer-commit-first',
    remedy: 'commit-last',
    changes: {
      services: { shop: { sends: steadily('100/s', 200) } },
      faults: [{ at: '9s', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'kafkajs',
    what: 'a sequence number that was taken back hides the next message',
    lesson: 'kafka/produce-sequence-taken-back',
    remedy: 'java',
    changes: { network: 'wan', services: { shop: { sends: steadily('20/s', 100) } }, faults: connectionsBreak },
    sees: { guarantee: 'no-loss' },
  },
]

if (process.argv[1] === fileURLToPath(import.meta.url)) printRates(kafkaRows, Number(process.argv[2] ?? 200))
