import { storeKinds } from '../../application/stores/registry.ts'
import type { Micros } from '../../simulation/duration.ts'
import { hour } from '../../simulation/duration.ts'
import type { OptionTable } from '../../systems/option.ts'
import type { StrategyRow } from './strategy-row.ts'
import { storesOf } from './strategy-row.ts'

const timeToLive = 'time-to-live'

/** µs after which everything is forgotten that is not kept for ever: the longest default of the strategy and its stores, an hour at least. */
export function longestMemory(row: StrategyRow): Micros {
  const kinds = Object.values(storesOf(row))
  const tables = storeKinds.filter(({ name }) => kinds.includes(name)).map(({ options }) => options)
  return Math.max(hour, ...[row.strategy.options, ...tables].flatMap(durationsOf))
}

/** Whether it can be told to forget, and keeps for ever what nobody told it to forget. */
export function hasTimeToLive({ strategy }: StrategyRow): boolean {
  const spec = strategy.options[timeToLive]
  return spec !== undefined && 'fallback' in spec && spec.fallback === null
}

/** The same, forgetting after an hour. */
export function withTimeToLive(row: StrategyRow): StrategyRow {
  return { ...row, options: { ...row.options, [timeToLive]: '1h' } }
}

function durationsOf(table: OptionTable): readonly number[] {
  return Object.values(table).flatMap((spec) =>
    spec.type === 'duration' && spec.fallback !== null ? [spec.fallback] : [],
  )
}
