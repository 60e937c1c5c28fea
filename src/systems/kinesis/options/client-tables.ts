import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import { pages } from './pages.ts'

/** What the SDK does about requests, whoever uses it. */
const sdkTable = {
  max_attempts: {
    type: 'count',
    fallback: 3,
    minimum: 1,
    maximum: 100,
    summary: 'How often the SDK sends a request that fails for a reason that may pass, the first time included.',
    page: pages.retries,
  },
  connectionTimeout: {
    type: 'duration',
    fallback: 2 * second,
    minimum: millisecond,
    summary: 'How long the opening of a connection may take.',
    page: pages.timeouts,
  },
  readTimeout: {
    type: 'duration',
    fallback: 30 * second,
    minimum: millisecond,
    summary: 'Silence after which a request counts as failed; whether it was heard nobody knows.',
    page: pages.timeouts,
  },
} as const satisfies OptionTable

export const producerTable = {
  api: {
    type: 'choice',
    choices: ['PutRecord', 'PutRecords', 'KPL'],
    fallback: 'PutRecord',
    summary:
      'Whether each record is a request, the application collects records for one, or the Kinesis Producer Library does.',
    page: pages.producing,
  },
  SequenceNumberForOrdering: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether the application names the sequence number of the record before with the same key, and so waits for its answer first.',
    page: pages.putRecord,
  },
  linger: {
    type: 'duration',
    fallback: 100 * millisecond,
    minimum: 0,
    summary: 'With PutRecords: how long the application collects records for a request.',
    page: pages.putRecords,
  },
  entries: {
    type: 'count',
    fallback: 500,
    minimum: 1,
    maximum: 500,
    summary: 'With PutRecords: how many records the application puts into a request.',
    page: pages.putRecords,
  },
  'failed-entries': {
    type: 'choice',
    choices: ['retry', 'ignore'],
    fallback: 'retry',
    summary:
      'With PutRecords: whether the application sends the entries again that an answer says have failed, or does not look at FailedRecordCount.',
    page: pages.putRecords,
  },
  RecordMaxBufferedTime: {
    type: 'duration',
    unit: 'ms',
    fallback: 100 * millisecond,
    minimum: 0,
    summary: 'With the KPL: how long a record waits for others to go with. A bare number is in ms.',
    page: pages.kplSettings,
  },
  RecordTtl: {
    type: 'duration',
    unit: 'ms',
    fallback: 30 * second,
    minimum: 100 * millisecond,
    summary: 'With the KPL: a record that was not put so long after it was handed over fails. A bare number is in ms.',
    page: pages.kplSettings,
  },
  CollectionMaxCount: {
    type: 'count',
    fallback: 500,
    minimum: 1,
    maximum: 500,
    summary: 'With the KPL: how many records go into one request.',
    page: pages.kplSettings,
  },
  ...sdkTable,
} as const satisfies OptionTable

/** What the library does. */
const libraryTable = {
  initialPositionInStream: {
    type: 'choice',
    choices: ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'],
    fallback: 'LATEST',
    summary:
      'Where an application begins that has no leases yet; shards that come from others are always read from their beginning.',
    page: pages.retrievalConfig,
  },
  initialTimestamp: {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary: 'With AT_TIMESTAMP: the time of the run from which on records are read.',
    page: pages.iterator,
  },
  retrievalMode: {
    type: 'choice',
    choices: ['FANOUT', 'POLLING'],
    fallback: 'FANOUT',
    summary: 'Whether the service pushes to each application with a throughput of its own, or the library asks.',
    page: pages.fanOut,
  },
  consumerName: {
    type: 'text',
    fallback: null,
    summary: 'With FANOUT: the registered consumer that subscribes; by default one for each application.',
    page: pages.fanOut,
  },
  maxRecords: {
    type: 'count',
    fallback: 10_000,
    minimum: 1,
    maximum: 10_000,
    summary: 'With POLLING: how many records a GetRecords may bring.',
    page: pages.pollingConfig,
  },
  idleTimeBetweenReadsInMillis: {
    type: 'duration',
    unit: 'ms',
    fallback: 1500 * millisecond,
    minimum: 200 * millisecond,
    summary: 'With POLLING: time from one GetRecords of a shard to the next at least. A bare number is in ms.',
    page: pages.pollingConfig,
  },
  failoverTimeMillis: {
    type: 'duration',
    unit: 'ms',
    fallback: 10 * second,
    minimum: second,
    summary:
      'A lease whose counter has not moved for so long may be taken by another worker, which looks each twice that time. A bare number is in ms.',
    page: pages.kcl,
  },
  maxLeasesForWorker: {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary: 'How many leases a worker takes at most; by default any number.',
    page: pages.kcl,
  },
  maxLeasesToStealAtOneTime: {
    type: 'count',
    fallback: 1,
    minimum: 1,
    summary: 'How many leases a worker that has too few takes at once from the one that has most.',
    page: pages.leaseConfig,
  },
  parentShardPollIntervalMillis: {
    type: 'duration',
    unit: 'ms',
    fallback: 10 * second,
    minimum: millisecond,
    summary: 'How often it is looked whether the parents of a shard are read to their ends. A bare number is in ms.',
    page: pages.kcl,
  },
  taskBackoffTimeMillis: {
    type: 'duration',
    unit: 'ms',
    fallback: 500 * millisecond,
    minimum: millisecond,
    summary: 'Pause before a task of the library that failed is tried again. A bare number is in ms.',
    page: pages.kcl,
  },
} as const satisfies OptionTable

/** What the application does, which the library leaves to it. */
const applicationTable = {
  checkpoint: {
    type: 'choice',
    choices: ['after-batch', 'each-record', 'interval', 'before-batch'],
    fallback: 'after-batch',
    summary:
      'When the application says how far it is: when a batch is done, with each record that it acknowledges whatever came before it, at the end of a batch if `checkpoint-interval` is over, or before it begins with a batch.',
    page: pages.duplicates,
  },
  'checkpoint-interval': {
    type: 'duration',
    fallback: 60 * second,
    minimum: 0,
    summary: 'With `interval`: time between checkpoints at least; the first batch has one.',
    page: pages.processRecords,
  },
  'checkpoint-at-shard-end': {
    type: 'flag',
    fallback: true,
    summary: 'Whether the application checkpoints when it is told that a shard is at its end.',
    page: pages.shutdownTask,
  },
  'on-exception': {
    type: 'choice',
    choices: ['skip', 'retry'],
    fallback: 'skip',
    summary:
      'What becomes of a record that the handler fails to handle: the exception leaves processRecords, and the library goes on with the next batch; or the application tries the record again in its place.',
    page: pages.troubleshooting,
  },
  'retry-backoff': {
    type: 'duration',
    fallback: second,
    minimum: millisecond,
    summary: 'With `retry`: pause before the record is tried again.',
  },
  'retry-attempts': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary: 'With `retry`: how often a record is tried before the application leaves it out; by default for ever.',
  },
  'parents-first': {
    type: 'flag',
    fallback: true,
    summary:
      'Whether a shard is read only when the shards that it came from are read to their ends, as the library does; a consumer of its own that reads whatever ListShards names has to see to it.',
    page: pages.resharding,
  },
} as const satisfies OptionTable

export const consumerTable = { ...libraryTable, ...applicationTable, ...sdkTable } as const satisfies OptionTable

export type SdkSettings = OptionValues<typeof sdkTable>
export type ProducerSettings = OptionValues<typeof producerTable>
export type ConsumerSettings = OptionValues<typeof consumerTable>
