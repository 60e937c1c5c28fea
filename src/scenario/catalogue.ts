import type { StoreNeeds } from '../application/strategies/strategy.ts'
import type { FaultKind } from '../simulation/fault.ts'
import type { OptionTable } from '../systems/option.ts'
import type { SystemKind } from '../systems/system.ts'

/** A figure that a threshold can bound. */
export interface MetricName {
  /** A path into the metrics: `effectLatency.p99`. Written `effect latency p99`. */
  readonly name: string
  readonly unit: 'duration' | 'rate' | 'share' | 'count' | 'size'
}

/** What the parser has to know of a kind of store. */
export interface StoreChoice {
  readonly name: string
  readonly options: OptionTable
  /** Whether effects can go there; they can unless it says that they cannot. */
  readonly takesEffects?: boolean
}

/** What the parser has to know of a strategy. */
export interface StrategyChoice {
  readonly name: string
  readonly summary: string
  readonly options: OptionTable
  /** Kinds of stores by the role for which one is needed. */
  readonly stores: StoreNeeds
}

/** Everything that a scenario may name. Whoever runs scenarios builds it from the registries; tests build small ones. */
export interface Catalogue {
  readonly kinds: readonly SystemKind[]
  /** Products that are planned and not there yet. */
  readonly planned: readonly string[]
  readonly stores: readonly StoreChoice[]
  readonly plannedStores: readonly string[]
  readonly strategies: readonly StrategyChoice[]
  readonly guarantees: readonly string[]
  readonly metrics: readonly MetricName[]
  readonly faultKinds: readonly FaultKind[]
  /** The neutral facts, which faults can wait for; products bring theirs along. */
  readonly facts: SystemKind['facts']
  /** Profiles that faults can be drawn from. */
  readonly nemeses: readonly string[]
}

/** A metric whose unit is what its name says: `effectLatency.p99` is a duration, `handledPerSecond` a rate, anything else a count. */
export function metricNamed(name: string): MetricName {
  if (name.endsWith('PerSecond')) return { name, unit: 'rate' }
  return { name, unit: /(latency|time|duration)\b/i.test(name) ? 'duration' : 'count' }
}
