import type { Micros } from '../../../simulation/duration.ts'
import { hour } from '../../../simulation/duration.ts'
import type { Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import type { Reshard, StreamPlan } from '../core/stream.ts'
import { serviceTable } from '../options/stream-table.ts'

/** A change of shards that an operator makes. */
export interface PlannedReshard {
  readonly stream: string
  readonly at: Micros
  readonly how: Reshard
}

/** Everything that the service needs to know of a scenario. */
export interface ServiceSettings {
  readonly streams: readonly StreamPlan[]
  /** In the order in which they happen. */
  readonly reshards: readonly PlannedReshard[]
  readonly putLatency: Micros
  readonly stragglers: number
}

const onDemandShards = 4

export function serviceSettingsOf(settings: Settings): ServiceSettings {
  const values = valuesOf(serviceTable, settings)
  const streams = Object.entries(values.streams)
  return {
    streams: streams.map(([name, stream]) => ({
      name,
      shards: stream.StreamMode === 'ON_DEMAND' ? onDemandShards : stream.ShardCount,
      retention: stream.RetentionPeriodHours * hour,
      distribution: stream.RecordDistributionStrategy,
    })),
    reshards: streams
      .flatMap(([stream, { reshard }]) =>
        Object.values(reshard).flatMap(({ at, split, merge }) => {
          const how = reshardOf(split, merge)
          return how === undefined ? [] : [{ stream, at, how }]
        }),
      )
      .sort((one, other) => one.at - other.at),
    putLatency: values['put-latency'],
    stragglers: values.stragglers,
  }
}

/** What is meant by the two options; nothing where they do not say one thing. */
export function reshardOf(split: string | null, merge: readonly string[]): Reshard | undefined {
  const [first, second, ...others] = merge
  if (split !== null) return merge.length === 0 ? { type: 'split', shard: split } : undefined
  if (first === undefined || second === undefined || others.length > 0) return undefined
  return { type: 'merge', shards: [first, second] }
}
