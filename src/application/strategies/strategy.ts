import type { Delivery } from '../../systems/system.ts'
import type { Program } from '../program.ts'

/** How an attempt to handle a message ended, as the program sees it. */
export type HandlingOutcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string }

/** What a strategy can do about one delivery. */
export interface Handling {
  readonly delivery: Delivery
  /** Which delivery of this message to this service it is, from 1. */
  readonly attempt: number
  /** The work of the handler, which may end in the error that the scenario asks for. */
  work(): Program<HandlingOutcome>
  /** The effect: in the store, or in the service itself where there is none. */
  applyEffect(): Program<HandlingOutcome>
}

/** A way of being idempotent. The handler's work and its effect are given; a strategy decides about when, and whether. */
export interface Strategy {
  readonly name: string
  readonly summary: string
  /** Why it is safe where it is, in a sentence. */
  readonly why: string
  handle(handling: Handling): Program<HandlingOutcome>
}
