import type { Micros } from '../../../simulation/duration.ts'
import type { AccumulatorSettings } from '../core/producer/record-accumulator.ts'
import type { Acks } from '../core/replication/leader-replica.ts'
import type { KafkaJsProducerOptions } from '../options/kafka-js-options.ts'
import { largestInt, unbounded } from '../options/option.ts'
import type { ProducerOptions } from '../options/producer-options.ts'
import type { LinkSettings } from './broker-link.ts'
import { javaLinkSettings, javaRetryBackoff, micros } from './client-settings.ts'
import { kafkaJsBackoff, kafkaJsLinkSettings } from './kafka-js-settings.ts'
import type { MetadataSettings } from './topic-metadata.ts'

/** Everything a producer goes by, whichever client it is; times in µs. */
export interface ProducerSettings {
  readonly links: LinkSettings
  readonly metadata: Omit<MetadataSettings, 'topic'>
  readonly accumulator: AccumulatorSettings
  readonly acks: Acks
  readonly isIdempotent: boolean
  readonly retries: number
  readonly maxInFlight: number
  readonly maxBlock: Micros
  readonly maxRequestSize: number
  /** What the brokers are told to wait for replicas at most. */
  readonly ackTimeout: Micros
  readonly partitioner: 'default' | 'round-robin'
  /** Whether a round-robin partitioner leaves records with a key where their keys put them; Java's does not. */
  readonly turnsOnlyWithoutKey: boolean
  readonly isAdaptive: boolean
  readonly ignoresKeys: boolean
}

export function javaProducerSettings(options: ProducerOptions): ProducerSettings {
  return {
    links: javaLinkSettings(options),
    metadata: {
      allowAutoCreate: true,
      maxAge: micros(options['metadata.max.age.ms']),
      retryBackoff: javaRetryBackoff(options),
    },
    accumulator: {
      batchSize: Math.max(1, options['batch.size']),
      linger: micros(options['linger.ms']),
      deliveryTimeout: micros(options['delivery.timeout.ms']),
      retryBackoff: javaRetryBackoff(options),
      bufferMemory: options['buffer.memory'],
    },
    acks: acksOf(options.acks),
    isIdempotent: options['enable.idempotence'],
    retries: options.retries,
    maxInFlight: options['max.in.flight.requests.per.connection'],
    maxBlock: micros(options['max.block.ms']),
    maxRequestSize: options['max.request.size'],
    ackTimeout: micros(options['request.timeout.ms']),
    partitioner: options['partitioner.class'] === 'default' ? 'default' : 'round-robin',
    turnsOnlyWithoutKey: false,
    isAdaptive: options['partitioner.adaptive.partitioning.enable'],
    ignoresKeys: options['partitioner.ignore.keys'],
  }
}

/**
 * kafkajs sends what one `send` is given in a request at once: no lingering, no buffer to fill, no bound on the whole delivery but its number
 * of retries. Records without a key go to the partitions in turn.
 */
export function kafkaJsProducerSettings(options: KafkaJsProducerOptions): ProducerSettings {
  const retryBackoff = kafkaJsBackoff(options)
  return {
    links: kafkaJsLinkSettings(options),
    metadata: { allowAutoCreate: options.allowAutoTopicCreation, maxAge: micros(options.metadataMaxAge), retryBackoff },
    accumulator: { batchSize: 1, linger: 0, deliveryTimeout: Infinity, retryBackoff, bufferMemory: unbounded },
    acks: acksOf(options.acks),
    isIdempotent: options.idempotent,
    retries: options['retry.retries'],
    maxInFlight: options.maxInFlightRequests ?? largestInt,
    maxBlock: micros(options.requestTimeout),
    maxRequestSize: unbounded,
    ackTimeout: micros(options.timeout),
    partitioner: 'round-robin',
    turnsOnlyWithoutKey: true,
    isAdaptive: false,
    ignoresKeys: false,
  }
}

function acksOf(acks: 'all' | '-1' | '0' | '1'): Acks {
  if (acks === '0') return 'none'
  return acks === '1' ? 'leader' : 'all'
}
