import type { FactKind, Name } from '../../history/fact.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { World } from '../../simulation/world.ts'
import type { OptionTable, Settings } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import { perform } from '../program.ts'

/** What is to become of a message, for ever. */
export interface Effect {
  readonly message: Name
  readonly operation: Name
  readonly effect: string
  readonly service: string
  readonly consumer: string
  readonly attempt: number
  readonly key: string
  readonly version: number
  readonly value: number
}

/** What there is to record of an effect that became part of a store. Written out, because a spread costs more than recording it. */
export function effectIn(store: string, effect: Effect): Effect & { readonly store: string } {
  return {
    message: effect.message,
    operation: effect.operation,
    effect: effect.effect,
    service: effect.service,
    consumer: effect.consumer,
    attempt: effect.attempt,
    key: effect.key,
    version: effect.version,
    value: effect.value,
    store,
  }
}

/** `unknown`: the answer did not come; the effect may have been applied. */
export type StoreOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'unknown' | 'refused'; readonly reason: string }

/** The answer of a store that takes no effects. */
export function refused(reason: string): Program<StoreOutcome> {
  return perform('apply', (resume) => resume({ kind: 'refused', reason }))
}

/** A connection of a process to a store. */
export interface StoreClient {
  /** The kind of store, which says what else the client can do. */
  readonly kind: string
  /** Applies an effect as it comes, each time anew; `refused` by stores that take none. */
  apply(effect: Effect): Program<StoreOutcome>
}

/** A store of a running world; its node is in the world already. */
export interface Store {
  readonly name: string
  client(process: Process): StoreClient
  readonly patience: Micros
}

/** A kind of store: its options, and how to build one. */
export interface StoreKind {
  readonly name: string
  readonly summary: string
  readonly options: OptionTable
  /** Whether effects can go there; they can unless it says that they cannot. */
  readonly takesEffects?: boolean
  /** Facts of its own, besides the neutral ones. */
  readonly facts?: readonly FactKind[]
  build(world: World, name: string, settings: Settings): Store
}
