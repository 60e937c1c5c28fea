import { storeKinds } from '../application/stores/registry.ts'
import { strategies } from '../application/strategies/registry.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { faultKindOf } from '../simulation/faults/registry.ts'
import type { OptionTable, Settings } from '../systems/option.ts'

/** A store of a scenario, or the strategy of a service, with its options and what was set. */
export interface PartDescription {
  /** The name of the store, or of the service. */
  readonly name: string
  /** Which kind of store, or which strategy. */
  readonly kind: string
  /** What it does, in a sentence. */
  readonly summary: string
  /** Where it is safe, and where not; empty where that is a matter of its options. */
  readonly why: string
  readonly options: OptionTable
  readonly settings: Settings
}

/** All that a report says of what stands beside the systems. */
export interface PartDescriptions {
  readonly stores: readonly PartDescription[]
  readonly strategies: readonly PartDescription[]
}

export function describeParts({ stores, services }: Scenario): PartDescriptions {
  return {
    stores: Object.entries(stores).flatMap(([name, { kind, settings }]) => {
      const found = storeKinds.find((candidate) => candidate.name === kind)
      return found === undefined
        ? []
        : [{ name, kind, summary: found.summary, why: '', options: found.options, settings }]
    }),
    strategies: services
      .filter(({ receives }) => receives.length > 0)
      .flatMap(({ name, handling: { strategy } }) => {
        const found = strategies.find((candidate) => candidate.name === strategy.name)
        if (found === undefined) return []
        const { summary, why, options } = found
        return [{ name, kind: strategy.name, summary, why, options, settings: strategy.settings }]
      }),
  }
}

/** What a fault does, in a sentence; nothing for one that is not known. */
export function faultSummary(action: string): string | undefined {
  return faultKindOf(action)?.summary
}
