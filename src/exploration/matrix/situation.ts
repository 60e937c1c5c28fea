import { catalogue } from '../../pipeline/catalogue.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import { problemText } from '../../scenario/problem.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { StrategyRow } from './strategy-row.ts'
import { storesOf } from './strategy-row.ts'

/** The messages of a situation and how long the queue waits for an acknowledgement. Times are durations of a scenario: `500ms`. */
export interface Situation {
  /** Messages of one account, and so of one key, the later the newer; their times after the start. */
  readonly sent: readonly string[]
  /** After this long without an acknowledgement a message is handed out again. */
  readonly redeliveredAfter: string
  readonly members: number
  /** Whether stores have a replica that takes over, and that does not have the last writes. */
  readonly replicas?: boolean
  /** What the producer does about a send whose answer did not come. */
  readonly onFailure?: 'give-up' | 'send-as-new'
}

/** The service under test, the queue it reads from, and its stores. */
export const consumer = 'billing'
export const queue = 'queue'

/** How the stores are called, by their role. */
export const storeNames = { store: 'ledger', dedup: 'seen', lock: 'leases' } as const

/** What gives a kind of store a replica that follows late: its options. */
const lateReplicas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}

const withoutReplicas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { cache: { replica: false } }

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

export function withOrder(scenario: Scenario, order: readonly number[], from: number, every: number): Scenario {
  const services = scenario.services.map((service) =>
    service.name === consumer
      ? { ...service, handling: { ...service.handling, interleaving: { order, from, every } } }
      : service,
  )
  return { ...scenario, services }
}

function documentOf(row: StrategyRow, situation: Situation): Readonly<Record<string, unknown>> {
  const { sent, redeliveredAfter, members, replicas = false, onFailure = 'give-up' } = situation
  const stores = storesOf(row)
  const roles = Object.entries(stores).filter(([role]) => role !== 'store')
  const named = roles.map(([role]) => [role, storeNameOf(role)])
  return {
    title: `${row.name}: ${row.strategy.summary}`,
    seed: 'matrix',
    systems: { [queue]: { memory: { queues: { orders: { attempts: 0, 'visibility-timeout': redeliveredAfter } } } } },
    settle: { bound: '100d' },
    stores: Object.fromEntries(
      Object.entries({ store: 'ledger', ...stores }).map(([role, kind]) => [
        storeNameOf(role),
        { [kind]: (replicas ? lateReplicas : withoutReplicas)[kind] ?? {} },
      ]),
    ),
    services: {
      shop: {
        sends: {
          to: `${queue}/orders`,
          name: 'order',
          'on-failure': onFailure,
          trace: sent.map((time) => ({ time, key: 'account' })),
        },
      },
      [consumer]: {
        receives: `${queue}/orders`,
        members,
        handling: {
          takes: '1ms',
          store: storeNames.store,
          strategy: { [row.strategy.name]: { ...shortLease(row), ...row.options, ...Object.fromEntries(named) } },
        },
      },
    },
  }
}

/** Shorter than the queue waits, so that it is over when somebody else comes. */
function shortLease({ strategy }: StrategyRow): Readonly<Record<string, unknown>> {
  return Object.hasOwn(strategy.options, 'lease') ? { lease: '300ms' } : {}
}

function storeNameOf(role: string): string {
  const names: Readonly<Record<string, string>> = storeNames
  return names[role] ?? role
}
