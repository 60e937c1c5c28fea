/**
 * `node scripts/run-typescript.mjs scripts/sqs-rates.ts [SEEDS]`: how often the phenomena of Amazon SQS come about when nobody aims: the lesson of
 * each, with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about or never would be as wrong as a remedy
 * that does not help; both give the exit code 1.
 */
import { fileURLToPath } from 'node:url'
import type { ChanceRow, Plain } from './phenomena-rates.ts'
import { printRates } from './phenomena-rates.ts'

const steadily = (rate: string, messages: number): Plain => ({ messages, rate: null, arrival: { poisson: rate } })

export const sqsRows: readonly ChanceRow[] = [
  {
    row: 'SQS-01',
    what: 'a server is away for a moment, and one of its copies comes again',
    lesson: 'sqs/standard-a-copy-that-was-away',
    remedy: 'the-store-knows',
    changes: {
      services: { shop: { sends: steadily('5/s', 24) }, billing: { handling: { takes: '150ms' } } },
      faults: [{ at: '2.5s', crash: 'sqs-server 1', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'SQS-02',
    what: 'two changes of a parcel lie on different servers, and the later one comes first',
    lesson: 'sqs/standard-out-of-order',
    remedy: 'fifo',
    changes: { services: { shop: { sends: steadily('30/s', 40) } } },
    sees: { guarantee: 'ordered-per-key', level: 'effect' },
  },
  {
    row: 'SQS-04',
    what: 'the work takes about as long as the visibility timeout',
    lesson: 'sqs/receive-hidden-for-too-short',
    remedy: 'heartbeat',
    changes: {
      services: {
        shop: { sends: steadily('0.1/s', 8) },
        billing: { handling: { takes: '24s', varies: '30%' } },
      },
      faults: [],
      settle: { bound: '2h' },
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'SQS-24',
    what: 'an entry of a batch fails, and nobody looks',
    lesson: 'sqs/batch-with-a-failed-entry',
    remedy: 'sent-again',
    changes: {
      systems: { sqs: { sqs: { 'internal-errors': '1%' } } },
      services: { shop: { sends: { messages: 60 } } },
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'SQS-25',
    what: 'a failed entry is sent again behind those that came after it',
    lesson: 'sqs/batch-overtaken',
    remedy: 'one-at-a-time',
    changes: {
      systems: { sqs: { sqs: { 'internal-errors': '1%' } } },
      services: { shop: { sends: { messages: 60 } } },
    },
    sees: { guarantee: 'ordered-per-key', level: 'effect' },
  },
  {
    row: 'SQS-26',
    what: 'the deletion of an entry fails, and nobody looks',
    lesson: 'sqs/batch-not-all-deleted',
    remedy: 'deleted-again',
    changes: {
      systems: { sqs: { sqs: { 'internal-errors': '1%' } } },
      services: { shop: { sends: { messages: 60 } } },
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'retries',
    what: 'the answer to a send is lost, and the SDK sends it again',
    lesson: 'sqs/standard-sent-again-by-the-sdk',
    remedy: 'fifo',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('20/s', 80) } },
      faults: [{ at: '2.5s', 'reset-connections': ['shop', 'sqs-endpoint'] }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'purge',
    what: 'a purge takes orders with it that were sent after it',
    lesson: 'sqs/queue-purged-too-late',
    remedy: 'a-minute-later',
    changes: { services: { shop: { sends: { after: '30s' } } } },
    sees: { guarantee: 'no-loss' },
  },
]

if (process.argv[1] === fileURLToPath(import.meta.url)) printRates(sqsRows, Number(process.argv[2] ?? 200))
