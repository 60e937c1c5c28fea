import type { Micros } from '../../../simulation/duration.ts'
import type { AccumulatorSettings } from '../core/producer/record-accumulator.ts'
import type { Acks } from '../core/replication/leader-replica.ts'
import type { ProducerOptions } from '../options/producer-options.ts'
import type { LinkSettings } from './broker-link.ts'
import { javaLinkSettings, javaRetryBackoff, micros } from './client-settings.ts'
import type { MetadataSettings } from './topic-metadata.ts'

/** Everything the Java producer goes by; times in µs. */
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
    isAdaptive: options['partitioner.adaptive.partitioning.enable'],
    ignoresKeys: options['partitioner.ignore.keys'],
  }
}

function acksOf(acks: 'all' | '-1' | '0' | '1'): Acks {
  if (acks === '0') return 'none'
  return acks === '1' ? 'leader' : 'all'
}
