import { millisecond } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { pages } from './pages.ts'

const reshardTable = {
  at: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'Time of the run at which an operator does it; it takes no time, and writes go on meanwhile.',
    page: pages.split,
  },
  split: {
    type: 'text',
    fallback: null,
    summary:
      'The shard that is split into two halves, such as shardId-000000000000; its children get the next numbers.',
    page: pages.split,
  },
  merge: {
    type: 'list',
    fallback: [],
    summary: 'Two shards with neighbouring hash keys that become one.',
    page: pages.resharding,
  },
} as const satisfies OptionTable

const streamTable = {
  ShardCount: {
    type: 'count',
    fallback: 1,
    minimum: 1,
    maximum: 200,
    summary: 'Shards that the stream begins with; each has the same share of the hash keys.',
    page: pages.createStream,
  },
  StreamMode: {
    type: 'choice',
    choices: ['PROVISIONED', 'ON_DEMAND'],
    fallback: 'PROVISIONED',
    summary: 'Whether somebody decides how many shards there are; a stream on demand begins with four.',
    page: pages.createStream,
  },
  RetentionPeriodHours: {
    type: 'count',
    fallback: 24,
    minimum: 24,
    maximum: 8760,
    summary: 'Hours that a record is kept, whether or not anybody has read it.',
    page: pages.retention,
  },
  RecordDistributionStrategy: {
    type: 'choice',
    choices: ['USER_PARTITION_KEY', 'AUTO'],
    fallback: 'USER_PARTITION_KEY',
    summary: 'Whether partition keys say which shard takes a record, or the service spreads records over all of them.',
    page: pages.distribution,
  },
  reshard: {
    type: 'map',
    of: reshardTable,
    summary:
      'What an operator does to the shards of the stream in the course of the run, each under a name of its own.',
    page: pages.resharding,
  },
} as const satisfies OptionTable

export const serviceTable = {
  streams: { type: 'map', of: streamTable, summary: 'Data streams by name.', page: pages.concepts },
  'put-latency': {
    type: 'duration',
    fallback: 10 * millisecond,
    minimum: 0,
    summary: 'How long the service takes from a put to its sequence number.',
  },
  stragglers: {
    type: 'probability',
    fallback: 0.01,
    minimum: 0,
    maximum: 1,
    summary:
      'Share of the records that take three times as long to get their sequence number, so that quick puts overtake one another.',
    page: pages.producing,
  },
} as const satisfies OptionTable
