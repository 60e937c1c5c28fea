import type { Program } from '../../application/program.ts'
import type { Source } from '../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../application/strategies/strategy.ts'
import type { Inside } from './inside.ts'

/** How a call of user code ended. */
export type Ended =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }

/** One delivery on its way into code of a user. */
export interface ShapedHandling {
  readonly handling: Handling
  readonly inside: Inside
  /** Calls code of the user in the name of this delivery, and comes back when what it returned has settled. */
  call(code: () => unknown): Program<Ended>
}

/** What a shape that brings its own loop works with. */
export interface UserCalls {
  readonly inside: Inside
  /** Calls code of the user in the name of these deliveries, of which the first counts as the one that is handled. */
  call(handlings: readonly Handling[], code: () => unknown): Program<Ended>
}

/** A consumer as the client library of a product knows it: what its code is called with, and what its end means. */
export type ShapedHandler = OfEachDelivery | OfWholeSource

/** Code that is handed one delivery at a time by the loop of its service, which acknowledges as the scenario has it. */
export interface OfEachDelivery {
  /** The name of the shape, for people. */
  readonly shape: string
  handle(shaped: ShapedHandling): Program<HandlingOutcome>
}

/** Code that the client calls in a way of its own: with batches, without waiting, with the client in its hands. */
export interface OfWholeSource {
  readonly shape: string
  /** Opens the client and serves the code from then on. */
  consume(source: Source, user: UserCalls): Program<unknown>
}

export function isShaped(value: unknown): value is ShapedHandler {
  return typeof value === 'object' && value !== null && 'shape' in value
}

/** Makes the handler of a process; called once for each of its starts, inside of it, so that what it keeps in memory dies with it. */
export type Prepare = (inside: Inside) => ShapedHandler | Promise<ShapedHandler>
