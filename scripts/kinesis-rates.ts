/**
 * `node scripts/run-typescript.mjs scripts/kinesis-rates.ts [SEEDS]`: how often the phenomena of Kinesis come about when nobody aims: the lesson of
 * each, with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about or never would be as wrong as a remedy
 * that does not help; both give the exit code 1.
 */
import { fileURLToPath } from 'node:url'
import type { ChanceRow, Plain } from './phenomena-rates.ts'
import { printRates } from './phenomena-rates.ts'

const steadily = (rate: string, messages = 60): Readonly<Record<string, Plain>> => ({
  messages,
  rate: null,
  arrival: { poisson: rate },
})

export const kinesisRows: readonly ChanceRow[] = [
  {
    row: 'KIN-01',
    what: 'the answer to a put is lost, and it is put again',
    lesson: 'kinesis/put-again-after-a-lost-answer',
    remedy: 'the-ledger-knows',
    changes: {
      services: { shop: { sends: steadily('20/s') } },
      faults: [{ at: '1.5s', 'reset-connections': ['shop', 'events-kinesis'] }],
      network: 'wan',
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'KIN-02',
    what: 'an entry of a request fails, and nobody looks',
    lesson: 'kinesis/put-many-and-some-fail',
    remedy: 'entry-by-entry',
    changes: { services: { shop: { sends: { ...steadily('8/s'), size: '100 KiB' } } } },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'KIN-04',
    what: 'one of two quick puts is a straggler',
    lesson: 'kinesis/put-quickly-one-after-the-other',
    remedy: 'sequence-number-for-ordering',
    changes: { services: { warehouse: { sends: { ...steadily('50/s'), keys: 2 } } } },
    sees: { guarantee: 'ordered-per-key' },
  },
  {
    row: 'KIN-06',
    what: 'a worker dies between an effect and its checkpoint',
    lesson: 'kinesis/consume-again-since-the-checkpoint',
    remedy: 'the-ledger-knows',
    changes: {
      services: { shop: { sends: { ...steadily('20/s'), after: '2s' } } },
      faults: [{ at: '4.6s', crash: 'billing-1', for: '1min' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'KIN-07',
    what: 'a worker dies with a batch that it has checkpointed',
    lesson: 'kinesis/consume-checkpoint-first',
    remedy: 'after-the-batch',
    changes: {
      services: { shop: { sends: { ...steadily('20/s'), after: '2s' } } },
      faults: [{ at: '4.65s', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-loss', level: 'effect' },
  },
  {
    row: 'KIN-08',
    what: 'a worker stands still, and finishes its batch later',
    lesson: 'kinesis/consume-zombie',
    remedy: 'the-ledger-knows',
    changes: {
      services: { shop: { sends: { ...steadily('20/s'), after: '2s' } } },
      faults: [{ at: '4.6s', pause: 'billing-1', for: '1min' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'KIN-11',
    what: 'a new application begins at the latest, and something was there before',
    lesson: 'kinesis/consume-from-the-latest',
    remedy: 'trim-horizon',
    changes: {
      network: 'wan',
      services: {
        shop: { sends: { ...steadily('2/s', 20), after: '1050ms' } },
        billing: { receives: { after: '500ms' } },
      },
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'KIN-18',
    what: 'shards are read independently of one another',
    lesson: 'kinesis/order-that-nobody-keeps',
    remedy: 'keys-decide',
    changes: { services: { warehouse: { sends: { ...steadily('1/s', 12), keys: 3 } } } },
    sees: { guarantee: 'ordered-per-key' },
  },
]

if (process.argv[1] === fileURLToPath(import.meta.url)) printRates(kinesisRows, Number(process.argv[2] ?? 200))
