import type { Micros } from '../../simulation/duration.ts'
import { systemKinds } from '../../systems/registry.ts'
import type { SmallestSystem } from '../../systems/smallest-system.ts'
import { catalogue } from '../../pipeline/catalogue.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import { problemText } from '../../scenario/problem.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { StrategyRow } from './strategy-row.ts'
import { storesOf } from './strategy-row.ts'

/** The messages of a situation and how long the source waits for an acknowledgement. */
export interface Situation {
  /** When messages of one account, and so of one key, are sent, µs after the start; the later the newer. */
  readonly sent: readonly Micros[]
  /** µs after which a message without an acknowledgement is handed out again, or more where the product does not allow so little. */
  readonly redeliveredAfter: Micros
  /** Whether stores have a replica that takes over. */
  readonly replicas?: boolean
  /** Whether the producer sends each message again, under a new id. */
  readonly sentTwice?: boolean
}

/** The service under test, and the system it reads from. */
export const consumer = 'billing'
const source = 'source'

/** How the stores are called, by their role. */
export const storeNames = { store: 'ledger', dedup: 'seen', lock: 'leases' } as const

/** What gives a kind of store a replica, and what takes it away, where that is not the default. */
const withReplica: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { database: { standby: true } }
const withoutReplica: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { cache: { replica: false } }

/** The system that a strategy is tried on: the first one that has what it needs. */
export function systemFor(
  { strategy, product }: StrategyRow,
  redeliveredAfter: Micros,
): SmallestSystem & { readonly kind: string } {
  for (const { name, smallest } of systemKinds) {
    const system = product === undefined || product === name ? smallest?.(redeliveredAfter) : undefined
    if (system !== undefined && (system.hasPositions || strategy.needsPositions !== true))
      return { kind: name, ...system }
  }
  throw new Error(`No product has what the strategy ${strategy.name} needs.`)
}

/** A situation as a scenario without any fault. */
export function scenarioOf(row: StrategyRow, situation: Situation): Scenario {
  const parsed = parseScenario(JSON.stringify(documentOf(row, situation)), catalogue, { file: row.name })
  if (!parsed.ok)
    throw new Error(`The matrix made a scenario that is wrong. ${parsed.problems.map(problemText).join(' ')}`)
  return parsed.scenario
}

export function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  return { ...scenario, faults: [...scenario.faults, ...faults] }
}

/** The members take turns in this order, but for operations that nobody else can see. */
export function withOrder(scenario: Scenario, order: readonly number[], from: Micros, every: Micros): Scenario {
  const interleaving = { order, freely: unseenByOthers, from, every }
  const services = scenario.services.map((service) =>
    service.name === consumer ? { ...service, handling: { ...service.handling, interleaving } } : service,
  )
  return { ...scenario, services }
}

/** Operations that are between a consumer and its own machine, its own connection, or the source that has given it up: they commute. */
export const unseenByOthers: readonly string[] = ['work', 'connect', 'begin', 'acknowledge']

function documentOf(row: StrategyRow, situation: Situation): Readonly<Record<string, unknown>> {
  const { sent, redeliveredAfter, replicas = false, sentTwice = false } = situation
  const { kind, options, address, consumer: settings } = systemFor(row, redeliveredAfter)
  const stores = storesOf(row)
  const roles = Object.entries(stores).filter(([role]) => role !== 'store')
  const named = roles.map(([role]) => [role, storeNameOf(role)])
  return {
    title: `${row.name}: ${row.strategy.summary}`,
    seed: 'matrix',
    settle: { bound: '100d' },
    systems: { [source]: { [kind]: options } },
    stores: Object.fromEntries(
      Object.entries({ store: 'ledger', ...stores }).map(([role, store]) => [
        storeNameOf(role),
        { [store]: (replicas ? withReplica : withoutReplica)[store] ?? {} },
      ]),
    ),
    services: {
      shop: {
        sends: {
          to: `${source}/${address}`,
          name: 'order',
          ...(sentTwice ? { duplicates: { id: 'new', after: '100ms' } } : {}),
          trace: sent.map((time) => ({ time: `${time}us`, key: 'account' })),
        },
      },
      [consumer]: {
        receives: { from: `${source}/${address}`, consumer: settings },
        members: 2,
        handling: {
          takes: '1ms',
          store: storeNames.store,
          strategy: { [row.strategy.name]: { ...shortLease(row), ...row.options, ...Object.fromEntries(named) } },
        },
      },
    },
  }
}

/** Shorter than the source waits, so that it is over when somebody else comes. */
function shortLease({ strategy }: StrategyRow): Readonly<Record<string, unknown>> {
  return Object.hasOwn(strategy.options, 'lease') ? { lease: '300ms' } : {}
}

function storeNameOf(role: string): string {
  const names: Readonly<Record<string, string>> = storeNames
  return names[role] ?? role
}
