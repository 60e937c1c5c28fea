import type { Settings } from '../systems/option.ts'
import type { Micros } from '../simulation/duration.ts'
import type { Interleaving } from './operations.ts'
import type { StoreRole } from './strategies/strategy.ts'

/** `events/orders`: the system `events` of the scenario, and an address inside it. */
export interface Address {
  readonly system: string
  readonly path: string
}

export function addressText({ system, path }: Address): string {
  return `${system}/${path}`
}

/** When messages are sent. */
export type Arrival =
  | { readonly kind: 'constant'; readonly perSecond: number }
  | { readonly kind: 'poisson'; readonly perSecond: number }
  /** `size` at once, again after `every` µs. */
  | { readonly kind: 'burst'; readonly size: number; readonly every: Micros }

/** How keys are drawn: in turn, evenly at random, or by Zipf's law (the n-th key is n times rarer than the first). */
export type KeyChoice = 'in-turn' | 'uniform' | 'zipf'

/** A message of a recorded trace. */
export interface TracedMessage {
  /** µs since the trace began. */
  readonly time: Micros
  readonly key: string
  readonly size: number
  readonly type: string
  /** What it is about, where the trace says so; else each is an operation of its own. */
  readonly operation: string | undefined
  /** What it travels with beside its body; nothing where the trace says nothing. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

export type Workload =
  | {
      readonly kind: 'synthetic'
      readonly messages: number
      readonly arrival: Arrival
      readonly keys: number
      readonly keyChoice: KeyChoice
      /** Bytes. */
      readonly size: number
      readonly type: string
    }
  | { readonly kind: 'trace'; readonly messages: readonly TracedMessage[] }

/** Messages that are sent twice on purpose: a user who clicks again, a client that does not know that it sent already. */
export interface DuplicatesSpec {
  /** Which ones; empty means any. */
  readonly messages: readonly string[]
  readonly probability: number
  /** µs from the answer to the first one. */
  readonly after: Micros
  /** Whether the second one is another message about the same operation, or the same message. */
  readonly id: 'new' | 'same'
}

/** A service that sends on its own account. */
export interface SendsSpec {
  readonly to: Address
  /** Messages are named `${name}-0`, `${name}-1`, ...; `order` by default. */
  readonly name: string
  readonly workload: Workload
  /** µs after the start of the run before the first one. */
  readonly after: Micros
  /** Tells the source of each type its own type: `{ 'order-7': 'refund' }` gives one message another type. */
  readonly types: Readonly<Record<string, string>>
  /** How many sends may be unanswered at a time; further ones wait. */
  readonly inFlight: number
  readonly duplicates: DuplicatesSpec | undefined
  /** What the program does about an answer other than success: gives up, or sends again under the same or a new message id. */
  readonly onFailure: 'give-up' | 'send-again' | 'send-as-new'
  /**
   * What a producer does that starts again after a crash. `continue`: goes on with what it has not submitted yet. `unanswered`: first submits
   * again, under the same ids, what it had no answer for. `replay`: begins from the start, as one does that reads a file.
   */
  readonly afterRestart: 'continue' | 'unanswered' | 'replay'
  readonly settings: Settings
}

/** A service that consumes. */
export interface ReceivesSpec {
  readonly from: Address
  readonly group: string
  /** µs after the start of the run before it begins to receive. */
  readonly after: Micros
  /** Deliveries asked for at a time. */
  readonly limit: number
  readonly settings: Settings
}

/** What a handler does with an error of its own making. */
export interface FailureSpec {
  /** Messages that fail; empty with a probability means any. */
  readonly messages: readonly string[]
  readonly probability: number
  /** How many attempts fail before one succeeds; `Infinity` for a poison message. */
  readonly attempts: number
}

/** Which strategy of the registry, with which options and stores. */
export interface StrategyUse {
  readonly name: string
  readonly settings: Settings
  /** The names of its stores by their role, besides the one that effects go to. */
  readonly stores: Readonly<Partial<Record<StoreRole, string>>>
}

/** How a service handles what it receives. */
export interface HandlingSpec {
  /** µs of work for each message. */
  readonly takes: Micros
  /** Share by which `takes` varies, up and down: 0.2 is ±20 %. */
  readonly varies: number
  /** The strategy of idempotency. */
  readonly strategy: StrategyUse
  /** The store that effects go to; without one, the effect happens in the service itself. */
  readonly store: string | undefined
  /** What the effect is called. `undefined`: handling has no effect that counts. */
  readonly effect: string | undefined
  /** Messages handled at the same time by one member. */
  readonly concurrency: number
  readonly acknowledge: 'before' | 'after' | 'never'
  readonly fails: FailureSpec | undefined
  /** One interleaving of the members' operations; nothing lets them run as they come. */
  readonly interleaving: Interleaving | undefined
  /** What happens to a message whose handler threw. `swallow`: as if nothing had been. */
  readonly onError: 'requeue' | 'discard' | 'swallow' | 'crash'
  /** Types that the handler knows; `undefined` knows all. */
  readonly knows: readonly string[] | undefined
  readonly onUnknown: 'acknowledge' | 'discard' | 'requeue'
}

/** What a service sends for each message that it handled. */
export interface ForwardsSpec {
  readonly to: Address
  /** The operation of the n-th output is `parent/name#n`. */
  readonly name: string
  readonly count: number
  readonly settings: Settings
}

/** A service that asks another and waits for the reply. */
export interface AsksSpec {
  readonly requests: Address
  readonly replies: Address
  readonly name: string
  readonly workload: Workload
  readonly timeout: Micros
  /** `before-wait` registers the waiter after sending: a reply that is faster than that finds nobody. */
  readonly registers: 'before-send' | 'after-send'
  /** µs between sending and registering, where it registers after. */
  readonly gap: Micros
  readonly onTimeout: 'give-up' | 'ask-again'
  /** `unchecked` takes whatever reply comes for the one to the oldest request that waits. */
  readonly correlation: 'checked' | 'unchecked'
  /** Requests that may wait at a time. */
  readonly inFlight: number
  /** Of the producer of requests. */
  readonly settings: Settings
  /** Of the consumer of replies. */
  readonly replySettings: Settings
}

/** A service: one program on one or more nodes. */
export interface ServiceSpec {
  readonly name: string
  readonly members: number
  /** Zones of the members, in turn; empty for none. */
  readonly zones: readonly string[]
  readonly sends: readonly SendsSpec[]
  readonly receives: readonly ReceivesSpec[]
  readonly handling: HandlingSpec
  readonly forwards: readonly ForwardsSpec[]
  readonly asks: readonly AsksSpec[]
  /** Answers each handled message that carries a return address. */
  readonly replies: boolean
}

/** The nodes of a service: its name, or its name with a number from 1. */
export function memberNames(service: Pick<ServiceSpec, 'name' | 'members'>): readonly string[] {
  if (service.members === 1) return [service.name]
  return Array.from({ length: service.members }, (_, index) => `${service.name}-${index + 1}`)
}
