import type { BrokerOptions } from './broker-options.ts'
import { bytes, count, flag, milliseconds, type OptionTable, unbounded, type ValuesOf } from './option.ts'

/**
 * A topic's options that the model obeys. What a topic does not set comes from its brokers' options of another name
 * (`topicDefaults`); the defaults here are those of brokers that set nothing.
 */
export const topicOptions = {
  kind: 'topic',
  page: 'https://kafka.apache.org/41/configuration/topic-configs/#topicconfigs_*',
  otherPages: {
    partitions: 'https://kafka.apache.org/41/configuration/broker-configs/#brokerconfigs_num.partitions',
    'replication.factor':
      'https://kafka.apache.org/41/configuration/broker-configs/#brokerconfigs_default.replication.factor',
  },
  options: {
    /** Given when the topic is created; not an option of the server. */
    partitions: count(1, { minimum: 1, maximum: 1_000 }),
    'replication.factor': count(1, { minimum: 1 }),
    'min.insync.replicas': count(1, { minimum: 1 }),
    'unclean.leader.election.enable': flag(false),
    'max.message.bytes': bytes(1_048_588),
    'flush.messages': count(unbounded, { minimum: 1 }),
    'flush.ms': milliseconds(unbounded),
  },
  withoutMeaning: {
    'retention.*': 'retention is not modelled yet',
    'segment.*': 'retention is not modelled yet',
    'local.retention.*': 'tiered storage is not modelled',
    'remote.*': 'tiered storage is not modelled',
    'cleanup.policy': 'compaction is not modelled yet',
    'min.cleanable.dirty.ratio': 'compaction is not modelled yet',
    'min.compaction.lag.ms': 'compaction is not modelled yet',
    'max.compaction.lag.ms': 'compaction is not modelled yet',
    'delete.retention.ms': 'compaction is not modelled yet',
    'file.delete.delay.ms': 'retention is not modelled yet',
    'compression.*': 'sizes are those on the wire',
    'message.timestamp.*': 'records carry their creation time',
    'index.interval.bytes': 'logs have no indexes in the model',
    preallocate: 'disks do not run out of order',
  },
} as const satisfies OptionTable

export type TopicOptions = ValuesOf<typeof topicOptions>

/** What a topic has that sets nothing, on these brokers. */
export function topicDefaults(broker: BrokerOptions): TopicOptions {
  return {
    partitions: broker['num.partitions'],
    'replication.factor': broker['default.replication.factor'],
    'min.insync.replicas': broker['min.insync.replicas'],
    'unclean.leader.election.enable': broker['unclean.leader.election.enable'],
    'max.message.bytes': broker['message.max.bytes'],
    'flush.messages': broker['log.flush.interval.messages'],
    'flush.ms': broker['log.flush.interval.ms'] ?? unbounded,
  }
}
