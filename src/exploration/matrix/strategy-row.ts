import { storeKinds } from '../../application/stores/registry.ts'
import { strategies } from '../../application/strategies/registry.ts'
import type { StoreRole, Strategy } from '../../application/strategies/strategy.ts'
import { second } from '../../simulation/duration.ts'
import { systemKinds } from '../../systems/registry.ts'
import type { OptionSpec } from '../../systems/option.ts'

/** A strategy with its options chosen: a row of the matrix. */
export interface StrategyRow {
  /** `inbox (key: message)`. */
  readonly name: string
  readonly strategy: Strategy
  /** As a scenario would say them. */
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** The product that it is tried on; without it, the first that has what it needs. */
  readonly product?: string
}

type Chosen = StrategyRow['options']

/** Every strategy with every choice that its options leave; on a product, those that can do with what it has. */
export function strategyRows(product?: string): readonly StrategyRow[] {
  const hasPositions = product === undefined || hasLog(product)
  return strategies
    .filter(({ needsPositions }) => hasPositions || needsPositions !== true)
    .flatMap((strategy) =>
      choicesOf(strategy).map((options) => ({
        name: nameOf(strategy, options),
        strategy,
        options,
        ...(product === undefined ? {} : { product }),
      })),
    )
}

/** The products that strategies can be tried on. */
export const products: readonly string[] = systemKinds.flatMap(({ name, smallest }) =>
  smallest === undefined ? [] : [name],
)

function hasLog(product: string): boolean {
  return systemKinds.find(({ name }) => name === product)?.smallest?.(second).hasPositions === true
}

/** The kinds of stores that a strategy is run with, by role: the first that fits. */
export function storesOf({ strategy }: StrategyRow): Readonly<Partial<Record<StoreRole, string>>> {
  const entries = Object.entries(strategy.stores).flatMap(([role, kinds]) => {
    const kind = kinds.find((name) => storeKinds.some((store) => store.name === name))
    return kind === undefined ? [] : [[role, kind] as const]
  })
  return Object.fromEntries(entries)
}

function choicesOf({ options }: Strategy): readonly Chosen[] {
  return Object.entries(options).reduce<readonly Chosen[]>(
    (chosen, [name, spec]) => {
      const values = alternativesOf(spec)
      return values.length < 2 ? chosen : chosen.flatMap((so) => values.map((value) => ({ ...so, [name]: value })))
    },
    [{}],
  )
}

/** Values worth a row of their own. Durations are not: the failure points choose their times by them. */
function alternativesOf(spec: OptionSpec): readonly (string | boolean)[] {
  if (spec.type === 'choice') return spec.choices
  return spec.type === 'flag' ? [spec.fallback, !spec.fallback] : []
}

function nameOf({ name }: Strategy, options: Chosen): string {
  const said = Object.entries(options).map(([option, value]) => `${option}: ${String(value)}`)
  return said.length === 0 ? name : `${name} (${said.join(', ')})`
}
