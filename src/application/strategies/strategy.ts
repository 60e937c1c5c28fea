import type { Name } from '../../history/fact.ts'
import type { Process } from '../../simulation/process.ts'
import type { OptionTable, Settings } from '../../systems/option.ts'
import type { Consumer, Delivery, Envelope, SendAnswer } from '../../systems/system.ts'
import type { Outbound } from '../outbound.ts'
import type { Program } from '../program.ts'
import type { Effect, StoreClient } from '../stores/store.ts'

/**
 * How an attempt to handle a message ended, as the program sees it. `skipped`: there was nothing to do, and the message is done with.
 * `failed`: the service's `on-error` says what follows. `park`: it goes where the system puts what is discarded, for somebody to look at.
 */
export type HandlingOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'skipped' | 'failed' | 'park'; readonly reason: string }

/** What a delivery is about, in the words that stores keep. */
export interface MessageIds {
  readonly message: string
  readonly operation: string
  readonly key: string
  readonly version: number
  readonly sequence: number
  readonly partition: string
  /** -1 where the product has none. */
  readonly position: number
}

/** What a strategy can do about one delivery. */
export interface Handling {
  readonly delivery: Delivery
  /** The client that brought it. */
  readonly consumer: Consumer
  /** Which delivery of this message to this service it is, from 1. */
  readonly attempt: number
  readonly ids: MessageIds
  /** What a write to a store says of itself, so that the store records it; `undefined` where handling has no effect that counts. */
  readonly effect: Effect | undefined
  /** The work of the handler, which may end in the error that the scenario asks for. */
  work(): Program<HandlingOutcome>
  /** The effect as it comes: in the store, each time anew, or in the service itself where there is none. */
  applyEffect(): Program<HandlingOutcome>
  /** Tells the system that the delivery is done with; the service does it by itself after the strategy, where it is not yet done. */
  acknowledge(): Program<unknown>
  /** Takes down that code which is given the client itself has told the system so; nothing follows from it, and only the first time counts. */
  noteAcknowledged(): void
  /** What the service is to send because of this message. A strategy that asks for it must see to the sending. */
  takeOutputs(): readonly OutputMessage[]
}

/** A message that was made from another one, and where it goes: the name of the output. */
export interface OutputMessage {
  readonly output: string
  readonly envelope: Envelope
  /** The message that it was made from. */
  readonly parent: Name
}

/** What a strategy works with in one process, for one source of its service. What it keeps in variables dies with the process. */
export interface StrategyContext {
  readonly process: Process
  readonly service: string
  /** The address that it receives from. */
  readonly channel: string
  /** Which of the sources of its service it is, from 0. */
  readonly source: number
  /** Which member of the service it is, from 0, of how many. */
  readonly member: number
  readonly members: number
  /** The client of the store that has this role; only for roles that the strategy names. */
  store(role: StoreRole): StoreClient
  /** A client of any store of the scenario, by its name there. */
  client(store: string): StoreClient
  /** Sends what {@link Handling.takeOutputs} gave out, or what was made of it. */
  send(output: OutputMessage): Program<SendAnswer>
  /** The output of this name, for code that says by itself what it sends; nothing where the service has no such output. */
  outbound(output: string): Outbound | undefined
  /** Numbers what the service submits, in order. */
  nextSequence(): number
  /** What the service as a whole owes: the run does not end before it is done. */
  readonly owed: Owed
  /** Keeps the run from ending until the function that comes back is called, or the process dies. */
  hold(): () => void
  /** The name of a text in the history, and the other way round. */
  intern(text: string): Name
  text(name: Name): string
}

/** Counts what members wrote down to be done later, by whichever of them, and how much of that is known to be done. */
export interface Owed {
  noted: number
  done: number
}

/** What a store is to a strategy: `store` takes the effects, `dedup` remembers what was done, `lock` gives leases. */
export type StoreRole = 'store' | 'dedup' | 'lock'

/** Handles one delivery. Every operation that it yields is a place where a fault can strike. */
export type Handle = (handling: Handling) => Program<HandlingOutcome>

/** A way of being idempotent. The handler's work and its effect are given; a strategy decides about when, and whether. */
export interface Strategy {
  /** The word in a scenario. */
  readonly name: string
  readonly summary: string
  /** Why it is safe where it is, and where not, in a sentence. */
  readonly why: string
  readonly options: OptionTable
  /** The kinds of stores that fit each role; those roles need a store. The options `dedup` and `lock` may name it. */
  readonly stores: StoreNeeds
  /** Whether it works only where deliveries have a position in a log. */
  readonly needsPositions?: boolean
  /** What happens when its effect is repeated: a `delta` counts twice, a `state` that is written again is the same state. */
  readonly writes: 'delta' | 'state'
  /** Called once in each process, for each source. */
  start(context: StrategyContext, settings: Settings): Handle
}

export type StoreNeeds = Readonly<Partial<Record<StoreRole, readonly string[]>>>

export const done: HandlingOutcome = { kind: 'done' }

export function skipped(reason: string): HandlingOutcome {
  return { kind: 'skipped', reason }
}

export function failed(reason: string): HandlingOutcome {
  return { kind: 'failed', reason }
}
