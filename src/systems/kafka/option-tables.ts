import { millisecond, minute, second } from '../../simulation/duration.ts'
import type { DurationUnit, OptionSpec, OptionTable, Settings } from '../option.ts'
import { applicationTable } from './options/application-options.ts'
import { brokerOptions } from './options/broker-options.ts'
import { consumerOptions } from './options/consumer-options.ts'
import { kafkaJsConsumerOptions, kafkaJsProducerOptions } from './options/kafka-js-options.ts'
import type { Option, OptionTable as KafkaTable, OptionValue, Unit } from './options/option.ts'
import { pageOf, unbounded } from './options/option.ts'
import { summaries } from './option-summaries.ts'
import { producerOptions } from './options/producer-options.ts'
import { topicOptions } from './options/topic-options.ts'

/*
 * Kafka's options in the form that scenarios are read by. Names, bounds and defaults are Kafka's. A number of milliseconds is a duration: a bare
 * number means what its name says (`linger.ms: 5`), and a unit may be written (`session.timeout.ms: 45s`). Defaults are those of the latest
 * version; where an older one differs, what nobody set follows the version.
 */

/** The µs, bytes or pieces that one unit of an option counts. */
const scales: Readonly<Record<Unit, number>> = {
  milliseconds: millisecond,
  seconds: second,
  minutes: minute,
  bytes: 1,
  count: 1,
  percent: 1,
  none: 1,
}

/** What a bare number counts in. */
const durationUnits: Readonly<Partial<Record<Unit, DurationUnit>>> = {
  milliseconds: 'ms',
  seconds: 's',
  minutes: 'min',
}

const topicTable = {
  ...tableOf(topicOptions),
  'add-partitions-to': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary: 'How many partitions an administrator gives the topic at `add-partitions-at`.',
  },
  'add-partitions-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary: 'Time of the run at which the topic gets more partitions.',
  },
} as const satisfies OptionTable

/** Options of a cluster: its size, its topics, and the options of its brokers. */
export const clusterTable = {
  brokers: {
    type: 'count',
    fallback: 3,
    minimum: 1,
    summary: 'How many brokers there are, each a node `<name>-1` and up.',
  },
  controllers: {
    type: 'count',
    fallback: 1,
    minimum: 1,
    summary: 'How many controllers vote in the metadata quorum, each a node of its own.',
  },
  disk: {
    type: 'choice',
    choices: ['nvme', 'ssd', 'hdd'],
    fallback: 'ssd',
    summary: 'What the brokers write to; it matters where logs are forced to the disk, and when the power is lost.',
  },
  zones: { type: 'list', fallback: [], summary: 'Zones of the brokers in turn, which are their racks too.' },
  topics: { type: 'map', of: topicTable, summary: 'Topics by name, which an administrator creates at the start.' },
  ...tableOf(brokerOptions, ['broker.rack']),
} as const satisfies OptionTable

/** Which client a service uses. */
export const clientTable = {
  client: {
    type: 'choice',
    choices: ['java', 'kafkajs'],
    fallback: 'java',
    summary:
      'The client library, with options of its own: Java with dots (`linger.ms`), kafkajs 2.2 as it nests them (`retry.retries`).',
    page: 'https://kafka.js.org/docs/getting-started',
  },
} as const satisfies OptionTable

/** Options of both clients; where they share a name, the words of either will do. */
export const producerTable: OptionTable = {
  ...clientTable,
  ...tableOf(kafkaJsProducerOptions),
  ...tableOf(producerOptions),
}

/** The group is a matter of the service that receives. */
export const consumerTable: OptionTable = {
  ...clientTable,
  ...applicationTable,
  ...tableOf(kafkaJsConsumerOptions, ['groupId']),
  ...tableOf(consumerOptions, ['group.id']),
}

/** What was set of a table below a path, in Kafka's own units. */
export function givenOptions(
  table: KafkaTable,
  settings: Settings,
  prefix = '',
  values: Readonly<Record<string, unknown>> = settings.values,
): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(table.options)) {
    if (settings.explicit.includes(`${prefix}${name}`)) given[name] = inUnits(option, values[name])
  }
  return given
}

function inUnits(option: Option, value: unknown): unknown {
  if (option.type !== 'number') return value
  if (typeof value === 'number') return value / scales[option.unit]
  return option.isNullable ? null : unbounded
}

function tableOf(table: KafkaTable, without: readonly string[] = []): OptionTable {
  const entries = Object.entries(table.options).filter(([name]) => !without.includes(name))
  return Object.fromEntries(entries.map(([name, option]) => [name, specOf(table, name, option)]))
}

function specOf(table: KafkaTable, name: string, option: Option): OptionSpec {
  const summary = summaryOf(table, name, option)
  const page = pageOf(table, name)
  const fallback: OptionValue = option.defaults['4.1']
  switch (option.type) {
    case 'number':
      return { ...numberSpec(option, fallback), summary, page }
    case 'boolean':
      return { type: 'flag', fallback: fallback === true, summary, page }
    case 'choice':
      return { type: 'choice', choices: option.choices ?? [], fallback: String(fallback), summary, page }
    case 'text':
      return { type: 'text', fallback: fallback === null ? null : String(fallback), summary, page }
    case 'list':
      return { type: 'list', fallback: Array.isArray(fallback) ? fallback.map(String) : [], summary, page }
  }
}

function numberSpec(option: Option, byDefault: OptionValue) {
  const { minimum = 0, maximum = unbounded, unit } = option
  const scale = scales[unit]
  const isBounded = typeof byDefault === 'number' && byDefault < unbounded
  const bounds = { minimum: minimum * scale, ...(maximum < unbounded ? { maximum: maximum * scale } : {}) }
  const fallback = isBounded ? byDefault * scale : null
  const counted = durationUnits[unit]
  if (counted !== undefined) return { type: 'duration', unit: counted, fallback, ...bounds } as const
  return { type: kindOf(unit), fallback, ...bounds } as const
}

function kindOf(unit: Unit): 'size' | 'number' | 'count' {
  if (unit === 'bytes') return 'size'
  if (unit === 'count' || unit === 'percent') return 'count'
  return 'number'
}

function summaryOf(table: KafkaTable, name: string, { defaults }: Option): string {
  const sentence = summaries[name] ?? `An option of a ${table.kind}, as its page has it.`
  const differs = defaults['3.9'] !== defaults['4.1'] && !Array.isArray(defaults['4.1'])
  return differs ? `${sentence.slice(0, -1)}; ${String(defaults['3.9'])} in 3.9.` : sentence
}
