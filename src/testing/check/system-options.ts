import { suggestionFor, closest } from '../../scenario/suggestion.ts'
import { systemKinds } from '../../systems/registry.ts'
import { queueTable } from '../../systems/sqs/options/queue-table.ts'
import type { DescribedSystem } from './systems/checked-system.ts'

/** Options of `kafka({ ... })` and its like that are no options of the product. */
const ofTheCheck: Readonly<Record<DescribedSystem['product'], readonly string[]>> = {
  kafka: ['client', 'version', 'producer', 'consumer', 'topic', 'partitions', 'brokers', 'group'],
  rabbitmq: ['client', 'version', 'producer', 'consumer', 'queue', 'publishTo', 'definitions'],
  sqs: ['producer', 'consumer', 'queue', 'attributes'],
  redis: ['version', 'producer', 'consumer', 'stream', 'list', 'group'],
  kinesis: ['producer', 'consumer', 'stream', 'shards', 'application'],
  memory: [],
}

/** What is wrong with the names of the options of a system: most who slip give it an option that belongs to its clients. */
export function wrongSystemOptions({ product, options }: DescribedSystem): readonly string[] {
  const kind = systemKinds.find(({ name }) => name === product)
  if (kind === undefined || product === 'memory') return []
  const own = [...ofTheCheck[product], ...Object.keys(kind.options)]
  return Object.keys(options).flatMap((key) => {
    if (own.includes(key)) return []
    const said = `${product}({ ... }) has no option \`${key}\``
    if (closest(key, ofTheCheck[product]) !== undefined)
      return [`${said}. ${suggestionFor(key, ofTheCheck[product]) ?? ''}`]
    for (const [side, table] of [
      ...(product === 'sqs' ? [['attributes', queueTable] as const] : []),
      ['consumer', kind.consumerOptions],
      ['producer', kind.producerOptions],
    ] as const)
      if (key in table)
        return [
          `${said}: it is one of the ${side}, \`${product}({ ${side}: { ${key.includes('.') || key.includes('-') ? `'${key}'` : key}: ... } })\``,
        ]
    return [`${said}. ${suggestionFor(key, own) ?? ''}`]
  })
}
