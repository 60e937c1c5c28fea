import type { Program } from '../../application/program.ts'
import type { Handling, StrategyContext } from '../../application/strategies/strategy.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import { scopes } from './scope.ts'
import type { Ended } from './shaped-handler.ts'

/** Something that code of the user left as it was when everything was over. */
export interface Leftover {
  /** What the handling did, without its beginning: `never gave back a client`. */
  readonly message: string
  /** Made at the line of the user. */
  readonly where: Error
  readonly handling: Handling | undefined
}

/** How an operation is waited for, where that is not by whoever asked until it is over. */
export interface Waiting {
  /** It serves whoever comes, as a connection does: nobody need wait for it. */
  readonly isShared?: boolean
  /** Aborted when whoever asked gives up. */
  readonly givenUp?: AbortSignal | undefined
  /** It waits for something to do, as whoever polls: it is of no delivery, and nothing is under way by it. */
  readonly isIdle?: boolean
}

/** A loop of the user, which fetches deliveries by itself. Which of them it works on is known from what it looks at. */
export interface Loop {
  /** Calls its code. */
  run(code: () => unknown): unknown
  /** The work on a delivery that it has fetched. */
  work(handling: Handling): Work
}

/** A delivery that a loop has fetched, beside others. */
export interface Work {
  /** The calling code works on it, and so does whatever it begins from now on. */
  takeUp(): void
  /** Whether its code waits for an operation or a timer. */
  readonly isUnderWay: boolean
  /** It is settled: where the code that did so, or a helper of it, takes up another one, it goes on with that. */
  settled(): void
}

/** What one simulated process offers to the code of a user that runs in it. */
export interface Inside {
  readonly process: Process
  readonly context: StrategyContext
  /**
   * Runs an operation of the simulation as a promise. It settles at a virtual time, or never, if the process dies first. What the program
   * returns is copied on its way, and what it throws rejects the promise.
   */
  perform<R>(program: () => Program<R>, waiting?: Waiting): Promise<R>
  /** Calls code of the user, in the name of a delivery or outside of any, and comes back when what it returned has settled. */
  call(handling: Handling | undefined, code: () => unknown): Program<Ended>
  /** A loop of the user that runs in the process. */
  loop(): Loop
  /** The delivery in whose handling the calling code runs; nothing outside of any, as in the factory of a consumer. */
  readonly handling: Handling | undefined
  /** To be called by code of a handling: it will not be over when the code returns, so that what goes on then is not left behind. */
  goesOn(): void
  /** The longest delay of a timer that its code has set outside of any handling, µs: how long what it does in the background may rest. 0 for none. */
  readonly backgroundDelay: Micros
  /** Whether an operation is under way in it. */
  readonly waits: boolean
  /** Whether it waits for nothing at all, neither for an operation nor for a timer: Node ends such a process. */
  readonly hasNothingLeft: boolean
  /** Lets `run` touch code of the user as soon as the running event is over, if the process is still alive then. */
  later(run: () => void): void
  /** Calls a callback of the user; what it throws, nobody catches: that ends the simulated process, and not the real one. */
  callBack(callback: () => void): void
  /** Asks, when the run is over and if the process lives by then, what the code has left: what a handling left that has ended is told. */
  whenOver(left: () => readonly Leftover[]): void
  /** A line of the user's log: a fact of this process, told in the timeline. */
  log(...values: readonly unknown[]): void
  /** Ends the run with an error: what the code asks for is a mistake of the check, and nothing that comes of it means anything. */
  giveUp(error: Error): void
  /** The simulated `fetch` of this process; what provides the APIs puts it there, and the global `fetch` calls it. */
  fetch: typeof fetch
  /** Which message one that is sent was made of, where somebody has said what it is about; who knows the outputs puts it there. */
  originOf: OriginOf
}

/** The message that another one was made of. */
export interface Origin {
  readonly message: string
  readonly operation: string
}

/** By the name of an output and a message for it. */
export type OriginOf = (output: string, message: ToSend) => Origin | undefined

/** A message that is about to be sent, as whoever reads it will get it. */
export interface ToSend {
  readonly key: string
  readonly value: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
}

/** The process in which the calling code runs; nothing outside of every simulation. */
export function inside(): Inside | undefined {
  return scopes.getStore()?.user
}
