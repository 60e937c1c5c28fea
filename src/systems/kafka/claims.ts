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
const consumerConfigs = 'https://kafka.apache.org/41/configuration/consumer-configs/'
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
  const reading = readingOf(use)
  if (reading === undefined) return []
  return [
    reading.isFromTheFront ? atLeastOnce(reading) : fromTheEnd,
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

const fromTheEnd: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement:
    'A group that has committed nothing of a partition begins at its end: what is there already is never read.',
  page: `${consumerConfigs}#consumerconfigs_auto.offset.reset`,
}

function atLeastOnce({ commits }: Reading): Claim {
  const base = { guarantee: 'no-loss', level: 'delivery', holds: true, page: consumerPage } as const
  switch (commits) {
    case 'by-the-application':
      return {
        ...base,
        under: ends,
        statement: 'At least once, if an offset is committed only after its record was dealt with.',
      }
    case 'what-was-handled':
      return {
        ...base,
        under: ends,
        statement: 'At least once: an offset is committed when the handler of its record has returned.',
      }
    case 'what-was-polled':
      return {
        ...base,
        // Whoever is told to stop while records are in hand commits behind them.
        under: ['crash', ...disconnections],
        statement:
          'At least once, if each record is dealt with before the next poll and before close, which commit behind all that was polled.',
      }
  }
}

/** How a consumer of either client reads. */
interface Reading {
  readonly isFromTheFront: boolean
  readonly commits: 'by-the-application' | 'what-was-handled' | 'what-was-polled'
}

function readingOf({ settings, group }: Use): Reading | undefined {
  if (clientOf(settings) === 'kafkajs') {
    const { options } = kafkaJsConsumerOptionsOf(settings, group, version)
    const commits = options?.autoCommit === true ? 'what-was-handled' : 'by-the-application'
    return options && { isFromTheFront: options.fromBeginning, commits }
  }
  const { options } = consumerOptionsOf(settings, group, version)
  const commits = options?.['enable.auto.commit'] === true ? 'what-was-polled' : 'by-the-application'
  return options && { isFromTheFront: options['auto.offset.reset'] === 'earliest', commits }
}
