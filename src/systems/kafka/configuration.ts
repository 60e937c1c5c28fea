import { diskProfiles } from '../../simulation/disk.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import { present } from './core/invariant.ts'
import { clientTable, clusterTable, givenOptions } from './option-tables.ts'
import type { ApplicationOptions } from './options/application-options.ts'
import { applicationTable } from './options/application-options.ts'
import { brokerProblems } from './options/broker-contradictions.ts'
import { brokerOptions } from './options/broker-options.ts'
import type { BrokerOptions } from './options/broker-options.ts'
import {
  kafkaJsConsumerProblems,
  kafkaJsProducerProblems,
  settleConsumerOptions,
} from './options/consumer-contradictions.ts'
import { consumerOptions } from './options/consumer-options.ts'
import type { ConsumerOptions } from './options/consumer-options.ts'
import type { KafkaJsConsumerOptions, KafkaJsProducerOptions } from './options/kafka-js-options.ts'
import { kafkaJsConsumerOptions, kafkaJsProducerOptions } from './options/kafka-js-options.ts'
import type { KafkaVersion } from './options/option.ts'
import { kafkaVersions } from './options/option.ts'
import { settleProducerOptions } from './options/producer-contradictions.ts'
import { producerOptions } from './options/producer-options.ts'
import type { ProducerOptions } from './options/producer-options.ts'
import type { OptionProblem } from './options/resolve-options.ts'
import { resolveOptions } from './options/resolve-options.ts'
import type { TopicOptions } from './options/topic-options.ts'
import { topicDefaults, topicOptions } from './options/topic-options.ts'
import type { ClusterSettings } from './server/cluster-settings.ts'
import { brokerService } from './server/cluster-settings.ts'

/** Complete options, or what is wrong with what was written. */
export interface Checked<Options> {
  readonly options: Options | undefined
  readonly problems: readonly OptionProblem[]
}

export function versionOf(version: string): KafkaVersion {
  return present(
    kafkaVersions.find((known) => known === version),
    `the version ${version} is known`,
  )
}

export function producerOptionsOf(settings: Settings, version: KafkaVersion): Checked<ProducerOptions> {
  const resolved = resolveOptions(producerOptions, version, givenOptions(producerOptions, settings))
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  return settleProducerOptions(resolved.options, resolved.explicit, version)
}

export function consumerOptionsOf(settings: Settings, group: string, version: KafkaVersion): Checked<ConsumerOptions> {
  const given = { ...givenOptions(consumerOptions, settings), 'group.id': group }
  const resolved = resolveOptions(consumerOptions, version, given)
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  return settleConsumerOptions(resolved.options, resolved.explicit, version)
}

/** The client library of a producer or consumer. */
export function clientOf(settings: Settings): 'java' | 'kafkajs' {
  return valuesOf(clientTable, settings).client
}

/** What the application around a Java consumer does. */
export function applicationOptionsOf(settings: Settings): ApplicationOptions {
  return valuesOf(applicationTable, settings)
}

export function kafkaJsProducerOptionsOf(settings: Settings, version: KafkaVersion): Checked<KafkaJsProducerOptions> {
  const resolved = resolveOptions(kafkaJsProducerOptions, version, givenOptions(kafkaJsProducerOptions, settings))
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  return { options: resolved.options, problems: kafkaJsProducerProblems(resolved.options) }
}

export function kafkaJsConsumerOptionsOf(
  settings: Settings,
  group: string,
  version: KafkaVersion,
): Checked<KafkaJsConsumerOptions> {
  const given = { ...givenOptions(kafkaJsConsumerOptions, settings), groupId: group }
  const resolved = resolveOptions(kafkaJsConsumerOptions, version, given)
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  return { options: resolved.options, problems: kafkaJsConsumerProblems(resolved.options) }
}

/** Brokers that nobody told otherwise keep as many copies of the groups' offsets as they can, as the shipped configuration files do. */
export function brokerOptionsOf(settings: Settings, version: KafkaVersion): Checked<BrokerOptions> {
  const { brokers } = valuesOf(clusterTable, settings)
  const resolved = resolveOptions(brokerOptions, version, givenOptions(brokerOptions, settings))
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  const name = 'offsets.topic.replication.factor'
  const copies = resolved.explicit.has(name) ? resolved.options[name] : Math.min(brokers, resolved.options[name])
  const options = { ...resolved.options, [name]: copies }
  return { options, problems: brokerProblems(options) }
}

export function topicOptionsOf(
  settings: Settings,
  topic: string,
  broker: BrokerOptions,
  version: KafkaVersion,
): Checked<TopicOptions> {
  const values = valuesOf(clusterTable, settings).topics[topic] ?? {}
  const given = givenOptions(topicOptions, settings, `topics.${topic}.`, values)
  const resolved = resolveOptions(topicOptions, version, { ...topicDefaults(broker), ...given })
  if (resolved.type === 'refused') return { options: undefined, problems: resolved.problems }
  return { options: resolved.options, problems: [] }
}

/** The cluster of settings that have no problems, for consumers in these groups. */
export function clusterSettingsOf(
  settings: Settings,
  groups: readonly string[],
  version: KafkaVersion,
): ClusterSettings {
  const { brokers, controllers, disk, zones, topics } = valuesOf(clusterTable, settings)
  const broker = sound(brokerOptionsOf(settings, version))
  const names = Object.keys(topics)
  return {
    version,
    brokers,
    controllers,
    broker,
    topics: Object.fromEntries(names.map((name) => [name, sound(topicOptionsOf(settings, name, broker, version))])),
    groups,
    growth: Object.entries(topics).flatMap(([topic, options]) => {
      const at = options['add-partitions-at']
      const partitions = options['add-partitions-to']
      return at === null || partitions === null ? [] : [{ topic, at, partitions }]
    }),
    service: brokerService,
    disk: diskProfiles[disk],
    zones,
  }
}

/** Options of a scenario that was checked. */
export function sound<Options>({ options, problems }: Checked<Options>): Options {
  if (options === undefined || problems.length > 0) {
    const [problem] = problems
    throw new Error(`Kafka model: ${problem?.option} ${problem?.message}; the scenario should have been refused`)
  }
  return options
}
