import type { Micros } from '../../../simulation/duration.ts'
import type { KafkaJsCommitSettings } from '../core/consumer/kafka-js-offsets.ts'
import type { KafkaJsRetry } from '../core/producer/retry-backoff.ts'
import { kafkaJsRetryTime } from '../core/producer/retry-backoff.ts'
import type { Acks } from '../core/replication/leader-replica.ts'
import type { KafkaJsConsumerOptions, KafkaJsProducerOptions } from '../options/kafka-js-options.ts'
import type { LinkSettings } from './broker-link.ts'
import { micros } from './client-settings.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { MetadataSettings } from './topic-metadata.ts'

/** Everything the kafkajs producer goes by; times in µs. */
export interface KafkaJsProducerSettings {
  readonly links: LinkSettings
  readonly metadata: Omit<MetadataSettings, 'topic'>
  readonly retry: RetrySettings
  readonly acks: Acks
  readonly isIdempotent: boolean
  /** Requests to one broker that may be unanswered. */
  readonly maxInFlight: number
  /** What the brokers are told to wait for replicas at most. */
  readonly ackTimeout: Micros
}

/** Everything the kafkajs consumer goes by; times in µs. */
export interface KafkaJsConsumerSettings extends ConsumerSettings {
  readonly retry: RetrySettings
  /** Whether the client commits what handlers are done with. */
  readonly autoCommit: boolean
  readonly commits: KafkaJsCommitSettings
  /** Handlers that run at a time, each for another partition. */
  readonly concurrency: number
}

/** How often something is tried again, and the waits in between. */
export interface RetrySettings extends KafkaJsRetry {
  readonly retries: number
}

interface SharedOptions {
  readonly requestTimeout: number
  readonly enforceRequestTimeout: boolean
  readonly connectionTimeout: number
  readonly metadataMaxAge: number
  readonly allowAutoTopicCreation: boolean
  readonly 'retry.retries': number
  readonly 'retry.initialRetryTime': number
  readonly 'retry.maxRetryTime': number
  readonly 'retry.factor': number
  readonly 'retry.multiplier': number
}

export function kafkaJsProducerSettings(options: KafkaJsProducerOptions): KafkaJsProducerSettings {
  return {
    links: linkSettings(options),
    metadata: metadataSettings(options),
    retry: retrySettings(options),
    acks: acksOf[options.acks],
    isIdempotent: options.idempotent,
    maxInFlight: options.maxInFlightRequests ?? Infinity,
    ackTimeout: micros(options.timeout),
  }
}

export function kafkaJsConsumerSettings(options: KafkaJsConsumerOptions): KafkaJsConsumerSettings {
  const retry = retrySettings(options)
  const interval = options.autoCommitInterval
  return {
    links: linkSettings(options),
    metadata: metadataSettings(options),
    retry,
    retryBackoff: backoffOf(options),
    sessionTimeout: micros(options.sessionTimeout),
    rebalanceTimeout: micros(options.rebalanceTimeout),
    heartbeatInterval: micros(options.heartbeatInterval),
    joinAgain: (failures, last, draw) => (failures > retry.retries ? undefined : waitOf(retry, last, draw)),
    reset: { type: options.fromBeginning ? 'earliest' : 'latest' },
    detectsTruncation: false,
    rack: options.rackId ?? '',
    assignors: [assigners[options.partitionAssigners]],
    fetch: {
      minBytes: options.minBytes,
      maxWait: micros(options.maxWaitTimeInMs),
      maxBytes: options.maxBytes,
      partitionBytes: options.maxBytesPerPartition,
    },
    autoCommit: options.autoCommit,
    commits: {
      autoCommitInterval: interval === null ? undefined : micros(interval),
      autoCommitThreshold: options.autoCommitThreshold ?? undefined,
    },
    concurrency: options.partitionsConsumedConcurrently,
  }
}

/** The wait before the next try, given the one before, in µs. */
export function waitOf(retry: RetrySettings, last: Micros | undefined, draw: number): Micros {
  return kafkaJsRetryTime(last, retry, draw)
}

const acksOf = { '-1': 'all', '0': 'none', '1': 'leader' } as const

const assigners = { roundRobin: 'RoundRobinAssigner' } as const

/** kafkajs opens a lost connection again as soon as it is asked for; its retries wait already. */
function linkSettings(options: SharedOptions): LinkSettings {
  return {
    requestTimeout: options.enforceRequestTimeout ? micros(options.requestTimeout) : Infinity,
    afterTimeout: 'forget',
    connectTimeout: micros(options.connectionTimeout),
    reconnectBackoff: { initial: 0, maximum: 0 },
    maxIdle: Infinity,
  }
}

function metadataSettings(options: SharedOptions): Omit<MetadataSettings, 'topic'> {
  const { metadataMaxAge, allowAutoTopicCreation: allowAutoCreate } = options
  return { allowAutoCreate, maxAge: micros(metadataMaxAge), retryBackoff: backoffOf(options) }
}

function backoffOf(options: SharedOptions) {
  return { initial: micros(options['retry.initialRetryTime']), maximum: micros(options['retry.maxRetryTime']) }
}

function retrySettings(options: SharedOptions): RetrySettings {
  return {
    retries: options['retry.retries'],
    initialRetryTime: micros(options['retry.initialRetryTime']),
    maxRetryTime: micros(options['retry.maxRetryTime']),
    factor: options['retry.factor'],
    multiplier: options['retry.multiplier'],
  }
}
