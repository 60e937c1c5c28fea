import type { ConfigurationFile, FileReading, ReadOption } from '../configuration-file.ts'
import type { OptionPart } from '../system.ts'
import { brokerOptions } from './options/broker-options.ts'
import { consumerOptions } from './options/consumer-options.ts'
import { importProperties } from './options/import-properties.ts'
import type { Option, OptionTable } from './options/option.ts'
import { unbounded } from './options/option.ts'
import { producerOptions } from './options/producer-options.ts'
import { reasonWithoutMeaning } from './options/resolve-options.ts'

const tables: Readonly<Record<OptionPart, OptionTable>> = {
  system: brokerOptions,
  producer: producerOptions,
  consumer: consumerOptions,
}

/** Options that the scenario says in another way. */
const saidElsewhere: Readonly<Record<string, string>> = {
  'broker.rack': 'Zones are those of the scenario.',
  'group.id': 'The group is that of the service.',
}

/** Kafka's `.properties` files, which stand for options of the cluster, a producer or a consumer. */
export const kafkaFiles: Readonly<Record<OptionPart, ConfigurationFile>> = {
  system: propertiesFile('system', 'A server.properties of a broker.'),
  producer: propertiesFile('producer', 'A producer.properties.'),
  consumer: propertiesFile('consumer', 'A consumer.properties.'),
}

/** Why a real option of Kafka means nothing in the model. */
export function kafkaReasonWithoutMeaning(part: OptionPart, option: string): string | undefined {
  return saidElsewhere[option] ?? reasonWithoutMeaning(tables[part], option)
}

function propertiesFile(part: OptionPart, summary: string): ConfigurationFile {
  return { key: 'properties', summary, read: (text) => readProperties(tables[part], text) }
}

function readProperties(table: OptionTable, text: string): FileReading {
  const { read, lines, withoutMeaning, droppedCredentials, problems } = importProperties(table, text)
  const names = Object.keys(read)
  const elsewhere = names.filter((name) => Object.hasOwn(saidElsewhere, name))
  return {
    options: names
      .filter((name) => !elsewhere.includes(name))
      .map((name) => optionOf(table, name, read[name] ?? '', lines[name])),
    withoutMeaning: [
      ...withoutMeaning.map(({ option, reason }) => ({ name: option, reason })),
      ...elsewhere.map((name) => ({ name, reason: saidElsewhere[name] ?? '' })),
    ],
    missing: [],
    credentials: droppedCredentials,
    problems: problems.map(({ option, message, line }) => ({ message: `${option} ${message}`, line })),
  }
}

function optionOf(table: OptionTable, name: string, text: string, line: number | undefined): ReadOption {
  return { path: [name], value: plainValue(table.options[name], text.trim()), line }
}

/** The text of a property as YAML would have it. */
function plainValue(option: Option | undefined, text: string): unknown {
  switch (option?.type) {
    case 'boolean':
      return text.toLowerCase() === 'true'
    case 'number':
      return text === '' || text === 'null' || Number(text) >= unbounded ? 'none' : Number(text)
    case 'list':
      return text.split(',').map((item) => item.trim())
    default:
      return option?.isNullable === true && (text === '' || text === 'null') ? 'none' : text
  }
}
