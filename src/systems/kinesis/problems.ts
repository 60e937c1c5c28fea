import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { Stream } from './core/stream.ts'
import { consumerTable, producerTable } from './options/client-tables.ts'
import { serviceTable } from './options/stream-table.ts'
import { reshardOf, serviceSettingsOf } from './server/service-settings.ts'

/** What contradicts itself in the options of streams, and in how they are used. */
export function problemsOf(settings: Settings, uses: readonly Use[]): readonly SettingProblem[] {
  return [
    ...modeProblems(settings),
    ...reshardProblems(settings),
    ...uses.flatMap((use) => [...addressProblems(settings, use), ...useProblems(use)]),
  ]
}

function modeProblems(settings: Settings): readonly SettingProblem[] {
  return Object.entries(valuesOf(serviceTable, settings).streams).flatMap(([name, stream]) => {
    const isOnDemand = stream.StreamMode === 'ON_DEMAND'
    const problems: SettingProblem[] = []
    const refuse = (option: string, message: string, suggestion: string): void =>
      void problems.push({ path: ['streams', name, option], message, suggestion })
    if (!isOnDemand && stream.RecordDistributionStrategy === 'AUTO')
      refuse('RecordDistributionStrategy', 'AUTO is for streams on demand', 'StreamMode: ON_DEMAND')
    if (isOnDemand && settings.explicit.includes(`streams.${name}.ShardCount`))
      refuse('ShardCount', 'nobody says how many shards a stream on demand has', 'leave ShardCount out')
    if (isOnDemand && Object.keys(stream.reshard).length > 0)
      refuse('reshard', 'nobody splits or merges the shards of a stream on demand', 'StreamMode: PROVISIONED')
    return problems
  })
}

/** Plays what operators are to do, in its order. */
function reshardProblems(settings: Settings): readonly SettingProblem[] {
  return serviceSettingsOf(settings).streams.flatMap((plan) => {
    const stream = new Stream<never>(plan)
    const written = Object.entries(valuesOf(serviceTable, settings).streams[plan.name]?.reshard ?? {})
    return written
      .sort(([, one], [, other]) => one.at - other.at)
      .flatMap(([step, { split, merge }]) => {
        const path = ['streams', plan.name, 'reshard', step]
        const how = reshardOf(split, merge)
        if (how === undefined)
          return [
            {
              path,
              message: `${step} names neither one shard to split nor two to merge`,
              suggestion: 'split: shardId-000000000000',
            },
          ]
        const open = stream.openShards.map(({ id }) => id).join(', ')
        if (stream.reshard(how).length > 0) return []
        return [
          {
            path,
            message: `${step} cannot be done: open are ${open} then, and two must be neighbours`,
            suggestion: `one of ${open}`,
          },
        ]
      })
  })
}

function addressProblems(settings: Settings, use: Use): readonly SettingProblem[] {
  const known = Object.keys(valuesOf(serviceTable, settings).streams)
  if (known.includes(use.address)) return []
  const suggestion =
    known.length === 0 ? `declare it: streams: { ${use.address}: {} }` : `one of ${known.join(', ')}, or declare it`
  return [{ use, path: ['address'], message: `there is no stream ${use.address}`, suggestion }]
}

function useProblems(use: Use): readonly SettingProblem[] {
  const { settings } = use
  const idle = use.role === 'producer' ? idleOfProducer(settings) : idleOfConsumer(settings)
  const problems = idle.flatMap(([option, condition]) =>
    settings.explicit.includes(option)
      ? [{ use, path: [option], message: `${option} means nothing without ${condition}`, suggestion: condition }]
      : [],
  )
  return use.role === 'producer' ? problems : [...problems, ...timestampProblems(use)]
}

type Idle = readonly (readonly [option: string, condition: string])[]

function idleOfProducer(settings: Settings): Idle {
  const { api } = valuesOf(producerTable, settings)
  const options = {
    PutRecord: ['SequenceNumberForOrdering'],
    PutRecords: ['linger', 'entries', 'failed-entries'],
    KPL: ['RecordMaxBufferedTime', 'RecordTtl', 'CollectionMaxCount'],
  }
  return Object.entries(options)
    .filter(([name]) => name !== api)
    .flatMap(([name, ofApi]) => ofApi.map((option) => [option, `api: ${name}`] as const))
}

function idleOfConsumer(settings: Settings): Idle {
  const values = valuesOf(consumerTable, settings)
  const idle: (readonly [string, string])[] = []
  const needs = (isMet: boolean, condition: string, ...options: readonly string[]): void => {
    if (!isMet) idle.push(...options.map((option) => [option, condition] as const))
  }
  needs(values.retrievalMode === 'POLLING', 'retrievalMode: POLLING', 'maxRecords', 'idleTimeBetweenReadsInMillis')
  needs(values.retrievalMode === 'FANOUT', 'retrievalMode: FANOUT', 'consumerName')
  needs(values.checkpoint === 'interval', 'checkpoint: interval', 'checkpoint-interval')
  needs(values['on-exception'] === 'retry', 'on-exception: retry', 'retry-backoff', 'retry-attempts')
  needs(values.initialPositionInStream === 'AT_TIMESTAMP', 'initialPositionInStream: AT_TIMESTAMP', 'initialTimestamp')
  return idle
}

function timestampProblems(use: Use): readonly SettingProblem[] {
  const values = valuesOf(consumerTable, use.settings)
  if (values.initialPositionInStream !== 'AT_TIMESTAMP' || values.initialTimestamp !== null) return []
  const message = 'AT_TIMESTAMP needs a time to begin at'
  return [{ use, path: ['initialPositionInStream'], message, suggestion: 'initialTimestamp: 10s' }]
}
