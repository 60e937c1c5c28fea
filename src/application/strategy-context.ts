import type { Names } from '../history/names.ts'
import type { Process } from '../simulation/process.ts'
import type { Output } from './handling.ts'
import { sendOutput } from './handling.ts'
import type { ProcessCount } from './living-counts.ts'
import type { ReceivesSpec, ServiceSpec } from './service.ts'
import { addressText } from './service.ts'
import type { StoreClient } from './stores/store.ts'
import type { Owed, StrategyContext } from './strategies/strategy.ts'

/** Where a strategy is started, and what it is given there. */
export interface StrategyPlace {
  readonly process: Process
  readonly spec: ServiceSpec
  readonly receives: ReceivesSpec
  readonly member: number
  /** The client of the store that effects go to. */
  readonly effectStore: StoreClient | undefined
  readonly outputs: readonly Output[]
  readonly inHand: ProcessCount
  readonly owed: Owed
  readonly names: Names
  clientOf(store: string): StoreClient
  nextSequence(): number
}

export function strategyContext(place: StrategyPlace): StrategyContext {
  const { process, spec, receives, member, outputs, names, inHand, nextSequence } = place
  return {
    process,
    service: spec.name,
    channel: addressText(receives.from),
    source: spec.receives.indexOf(receives),
    member,
    members: spec.members,
    store: (role) => {
      const named = spec.handling.strategy.stores[role]
      const client = role === 'store' ? place.effectStore : named === undefined ? undefined : place.clientOf(named)
      if (client === undefined)
        throw new Error(`${spec.name} has no store for ${role}; the scenario should have been refused.`)
      return client
    },
    client: place.clientOf,
    send: (output) => sendOutput({ outputs, nextSequence }, output),
    outbound: (output) => outputs.find(({ name }) => name === output)?.outbound,
    nextSequence,
    owed: place.owed,
    hold: () => hold(inHand),
    intern: (text) => names.intern(text),
    text: (number) => names.text(number),
  }
}

function hold(inHand: ProcessCount): () => void {
  let held = true
  inHand.count++
  return () => {
    if (held) inHand.count--
    held = false
  }
}
