/**
 * `node scripts/run-typescript.mjs scripts/redis-rates.ts [SEEDS]`: how often the phenomena of Redis come about when nobody aims: the lesson of each,
 * with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about or never would be as wrong as a remedy that
 * does not help; both give the exit code 1.
 */
import { fileURLToPath } from 'node:url'
import type { ChanceRow, Plain } from './phenomena-rates.ts'
import { printRates } from './phenomena-rates.ts'

const steadily = (rate: string, messages = 40): Plain => ({ messages, rate: null, arrival: { poisson: rate } })

export const redisRows: readonly ChanceRow[] = [
  {
    row: 'R-P02',
    what: 'what is published while a subscriber is away is gone',
    lesson: 'redis/channel-connection-drops',
    remedy: 'a-cursor',
    changes: {
      network: 'wan',
      services: { market: { sends: steadily('5/s', 30) } },
      faults: [{ at: '2.5s', 'reset-connections': ['display', 'redis'] }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'R-L02',
    what: 'the answer to a pop is lost with its connection, and the element with it',
    lesson: 'redis/list-answer-lost',
    remedy: 'a-reaper',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('5/s', 20) } },
      faults: [{ at: '2.5s', 'reset-connections': ['worker', 'redis'] }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'R-L07',
    what: 'a push whose answer is lost is done twice',
    lesson: 'redis/list-pushed-again',
    remedy: 'noted-first',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('5/s', 20) } },
      faults: [{ at: '2.5s', 'reset-connections': ['shop', 'redis'] }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'R-S14',
    what: 'an entry whose answer is lost is added twice',
    lesson: 'redis/stream-added-again',
    remedy: 'idempotent',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('5/s', 20) } },
      faults: [{ at: '2.5s', 'reset-connections': ['shop', 'redis'] }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'R-S26',
    what: 'an entry is pending for a consumer that never saw it',
    lesson: 'redis/stream-answer-lost',
    remedy: 'autoclaim',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('5/s', 20) } },
      faults: [{ at: '2.5s', 'reset-connections': ['billing', 'redis'] }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'R-S01',
    what: 'a consumer dies with an entry in hand, which is pending for the dead',
    lesson: 'redis/stream-dead-consumer',
    remedy: 'autoclaim',
    changes: {
      services: { shop: { sends: steadily('20/s', 40) }, billing: { handling: { takes: '30ms' } } },
      faults: [{ at: '1s', crash: 'billing-1' }],
    },
    sees: { guarantee: 'no-loss', level: 'effect' },
  },
]

if (process.argv[1] === fileURLToPath(import.meta.url)) printRates(redisRows, Number(process.argv[2] ?? 200))
