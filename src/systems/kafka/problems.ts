import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import {
  brokerOptionsOf,
  clientOf,
  consumerOptionsOf,
  kafkaJsConsumerOptionsOf,
  kafkaJsProducerOptionsOf,
  producerOptionsOf,
  topicOptionsOf,
  versionOf,
} from './configuration.ts'
import { clusterTable } from './option-tables.ts'
import { applicationTable } from './options/application-options.ts'
import { consumerOptions } from './options/consumer-options.ts'
import { kafkaJsConsumerOptions, kafkaJsProducerOptions } from './options/kafka-js-options.ts'
import type { KafkaVersion } from './options/option.ts'
import { producerOptions } from './options/producer-options.ts'
import type { OptionProblem } from './options/resolve-options.ts'

/** What is wrong with a cluster's options and with the clients that use it. */
export function problemsOf(settings: Settings, uses: readonly Use[], named: string): readonly SettingProblem[] {
  const version = versionOf(named)
  return [...clusterProblems(settings, version), ...uses.flatMap((use) => useProblems(settings, use, version))]
}

function clusterProblems(settings: Settings, version: KafkaVersion): readonly SettingProblem[] {
  const { options, problems } = brokerOptionsOf(settings, version)
  const ofBrokers = problems.map((problem) => settingProblem([], problem))
  if (options === undefined) return ofBrokers
  const { brokers, topics } = valuesOf(clusterTable, settings)
  const ofTopics = Object.keys(topics).flatMap((topic) => {
    const checked = topicOptionsOf(settings, topic, options, version)
    const copies = checked.options?.['replication.factor'] ?? 0
    const tooMany: readonly OptionProblem[] =
      copies > brokers ? [{ option: 'replication.factor', message: `cannot be ${copies} with ${brokers} brokers` }] : []
    return [...checked.problems, ...tooMany].map((problem) => settingProblem(['topics', topic], problem))
  })
  return [...ofBrokers, ...ofTopics]
}

function useProblems(settings: Settings, use: Use, version: KafkaVersion): readonly SettingProblem[] {
  const problems = [...strangeOptions(use), ...optionProblems(use, version)]
  return [...addressProblems(settings, use), ...problems.map((problem) => ({ use, ...settingProblem([], problem) }))]
}

function optionProblems({ role, group, settings }: Use, version: KafkaVersion): readonly OptionProblem[] {
  const isJava = clientOf(settings) === 'java'
  if (role === 'producer') {
    return (isJava ? producerOptionsOf(settings, version) : kafkaJsProducerOptionsOf(settings, version)).problems
  }
  return (isJava ? consumerOptionsOf(settings, group, version) : kafkaJsConsumerOptionsOf(settings, group, version))
    .problems
}

/** Options of the client that is not used. */
function strangeOptions({ role, settings }: Use): readonly OptionProblem[] {
  const client = clientOf(settings)
  const known = optionsOfClient[client][role]
  const other = client === 'java' ? 'kafkajs' : 'java'
  return settings.explicit
    .filter((name) => name !== 'client' && !known.includes(name) && optionsOfClient[other][role].includes(name))
    .map((option) => ({ option, message: `is an option of the ${other} client, and this one is ${client}` }))
}

const optionsOfClient = {
  java: {
    producer: Object.keys(producerOptions.options),
    consumer: [...Object.keys(consumerOptions.options), ...Object.keys(applicationTable)],
  },
  kafkajs: {
    producer: Object.keys(kafkaJsProducerOptions.options),
    consumer: Object.keys(kafkaJsConsumerOptions.options),
  },
} as const

/** Brokers create topics by default, but a name that nobody declared is more often a slip: a scenario that means it says so. */
function addressProblems(settings: Settings, use: Use): readonly SettingProblem[] {
  const values = valuesOf(clusterTable, settings)
  const known = Object.keys(values.topics)
  const creates =
    settings.explicit.includes('auto.create.topics.enable') && settings.values['auto.create.topics.enable'] === true
  if (known.includes(use.address) || creates) return []
  const suggestion = known.length === 0 ? `declare it: topics: { ${use.address}: {} }` : `one of ${known.join(', ')}`
  return [{ use, path: ['address'], message: `there is no topic ${use.address}`, suggestion }]
}

function settingProblem(path: readonly (string | number)[], { option, message }: OptionProblem): SettingProblem {
  return { path: [...path, option], message: `${option} ${message}` }
}
