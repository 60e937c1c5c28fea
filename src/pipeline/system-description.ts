import type { FactKind } from '../history/fact.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { OptionTable, Settings } from '../systems/option.ts'
import { systemKinds } from '../systems/registry.ts'
import type { Claim, NeutralRule, Use } from '../systems/system.ts'
import { usesOf } from './simulate.ts'

/** A claim of a vendor about one use of a system. */
export interface DescribedClaim extends Claim {
  readonly service: string
  readonly role: Use['role']
}

/** All that a report says about a system, as data, so that reports know no product. */
export interface SystemDescription {
  readonly name: string
  readonly kind: string
  readonly title: string
  readonly version: string
  readonly options: OptionTable
  readonly settings: Settings
  /** The options of the clients, by service and role, with what was set. */
  readonly clients: readonly {
    readonly service: string
    readonly role: string
    readonly options: OptionTable
    readonly settings: Settings
  }[]
  readonly facts: readonly FactKind[]
  readonly rules: readonly NeutralRule[]
  readonly claims: readonly DescribedClaim[]
  readonly omissions: readonly string[]
}

export function describeSystems(scenario: Scenario): readonly SystemDescription[] {
  return Object.entries(scenario.systems).flatMap(([name, { kind, version, settings }]) => {
    const product = systemKinds.find((candidate) => candidate.name === kind)
    if (product === undefined) return []
    const uses = usesOf(scenario.services, name)
    const { title, options, facts, rules = [], omissions } = product
    const clients = uses.map((use) => ({
      service: use.service,
      role: use.role,
      options: use.role === 'producer' ? product.producerOptions : product.consumerOptions,
      settings: use.settings,
    }))
    const claims = uses.flatMap((use) =>
      product.claims(settings, use).map((claim) => ({ ...claim, service: use.service, role: use.role })),
    )
    return [{ name, kind, title, version, options, settings, clients, facts, rules, claims, omissions }]
  })
}
