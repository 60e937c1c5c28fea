import { disconnections, ends } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import {
  brokerOptionsOf,
  clientOf,
  consumerOptionsOf,
  kafkaJsConsumerOptionsOf,
  kafkaJsProducerOptionsOf,
  producerOptionsOf,
  topicOptionsOf,
} from './configuration.ts'
import { clusterTable } from './option-tables.ts'
import type { KafkaVersion } from './options/option.ts'

const version: KafkaVersion = '4.1'
const producerPage = 'https://kafka.apache.org/41/configuration/producer-configs/'
const consumerPage = 'https://kafka.apache.org/41/javadoc/org/apache/kafka/clients/consumer/KafkaConsumer.html'
const designPage = 'https://kafka.apache.org/41/design/design/'

/** What Kafka's documentation promises for a configuration. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  return use.role === 'producer' ? producerClaims(settings, use) : consumerClaims(use)
}

/** What a producer of either client asks for. */
interface Asked {
  readonly isForAll: boolean
  readonly isIdempotent: boolean
}

function askedBy({ settings }: Use): Asked | undefined {
  if (clientOf(settings) === 'kafkajs') {
    const { options } = kafkaJsProducerOptionsOf(settings, version)
    return options && { isForAll: options.acks === '-1', isIdempotent: options.idempotent }
  }
  const { options } = producerOptionsOf(settings, version)
  const isForAll = options?.acks === 'all' || options?.acks === '-1'
  return options && { isForAll, isIdempotent: options['enable.idempotence'] }
}

function producerClaims(settings: Settings, use: Use): readonly Claim[] {
  const asked = askedBy(use)
  if (asked === undefined) return []
  const isJava = clientOf(use.settings) === 'java'
  const isDurable = asked.isForAll && hasSparedReplica(settings, use.address)
  const { isIdempotent } = asked
  const durable: Claim = {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: isDurable,
    under: isDurable ? ends : [],
    statement: isDurable
      ? 'A record that was acknowledged by all in-sync replicas is not lost as long as one of them remains alive.'
      : 'A record that only the leader has, or that nobody acknowledged, is lost with it.',
    page: isDurable ? designPage : `${producerPage}#producerconfigs_acks`,
  }
  const once: Claim = {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: isIdempotent,
    // A producer that starts again has a new identity.
    under: isIdempotent ? disconnections : [],
    statement: isIdempotent
      ? 'Within one session of the producer, exactly one copy of each record is written.'
      : 'A record that is sent again because its answer was lost may be in the log twice.',
    page: isJava ? `${producerPage}#producerconfigs_enable.idempotence` : 'https://kafka.js.org/docs/producing#options',
  }
  return [durable, once]
}

/** Whether acknowledged records are on more than one replica, and no replica without them may become leader. */
function hasSparedReplica(settings: Settings, topic: string): boolean {
  const broker = brokerOptionsOf(settings, version).options
  if (broker === undefined || valuesOf(clusterTable, settings).topics[topic] === undefined) return false
  const { options } = topicOptionsOf(settings, topic, broker, version)
  if (options === undefined || options['unclean.leader.election.enable']) return false
  return Math.min(options['min.insync.replicas'], options['replication.factor']) >= 2
}

function consumerClaims(use: Use): readonly Claim[] {
  const isAutomatic = commitsByItself(use)
  if (isAutomatic === undefined) return []
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: true,
      under: ends,
      statement: isAutomatic
        ? 'At least once, if a record is dealt with before the client may commit it: before the next poll or close in Java, before its handler returns in kafkajs.'
        : 'At least once, if an offset is committed only after its record was dealt with.',
      page: consumerPage,
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: false,
      under: [],
      statement: 'What was handled and not committed is delivered again after a failure or a rebalance.',
      page: consumerPage,
    },
  ]
}

function commitsByItself({ settings, group }: Use): boolean | undefined {
  if (clientOf(settings) === 'kafkajs') return kafkaJsConsumerOptionsOf(settings, group, version).options?.autoCommit
  return consumerOptionsOf(settings, group, version).options?.['enable.auto.commit']
}
