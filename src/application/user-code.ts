import type { Process } from '../simulation/process.ts'
import type { Delivery } from '../systems/system.ts'
import type { Program } from './program.ts'
import { perform, sleep, start } from './program.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategies/strategy.ts'

/** What a user's handler is called with. */
export interface UserMessage {
  /** The name of the message. */
  readonly id: string
  readonly key: string
  readonly type: string
  readonly body: unknown
  readonly redelivered: boolean
}

/** What a user's handler can do inside the simulation. Every promise settles at a virtual time, or never, if the process dies. */
export interface UserTools {
  /** Applies the effect of the message to the store of the service; rejects when the store refuses or does not answer. */
  effect(): Promise<void>
  /** Waits for so many milliseconds of virtual time. */
  sleep(milliseconds: number): Promise<void>
}

/** A consumer as people write it: ordinary asynchronous code. */
export type UserHandler = (message: UserMessage, tools: UserTools) => unknown

/** Called once for each start of a process, so that what a handler keeps in memory is gone after a crash. */
export type UserHandlerFactory = () => UserHandler

/** Lets user code stand where a strategy stands. `promisesPending` asks the run to let promises go on after the running event. */
export function userStrategy(
  handler: UserHandler,
  nameOf: (delivery: Delivery) => string,
  promisesPending: () => void,
): Strategy {
  function* handle(handling: Handling): Program<HandlingOutcome> {
    const worked = yield* handling.work()
    return worked.kind === 'done'
      ? yield* callHandler(handler, handling, nameOf(handling.delivery), promisesPending)
      : worked
  }
  return {
    name: 'user code',
    summary: 'What the user wrote.',
    why: 'That is what the run finds out.',
    options: {},
    stores: {},
    writes: 'delta',
    start: () => handle,
  }
}

function callHandler(
  handler: UserHandler,
  handling: Handling,
  id: string,
  promisesPending: () => void,
): Program<HandlingOutcome> {
  return perform('user code', (resume, process) => {
    const { envelope, redelivered } = handling.delivery
    const message = { id, key: envelope.key, type: envelope.type, body: structuredClone(envelope.body), redelivered }
    const settle = (outcome: HandlingOutcome): void => process.step(() => resume(outcome))
    promisesPending()
    Promise.resolve()
      .then(() => handler(message, toolsFor(process, handling, promisesPending)))
      .then(
        () => settle({ kind: 'done' }),
        (error: unknown) => settle({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      )
  })
}

function toolsFor(process: Process, handling: Handling, promisesPending: () => void): UserTools {
  const inside = <R>(program: () => Program<R>, settle: (result: R) => void): void =>
    process.step(() => {
      start(process, program(), (result) => {
        promisesPending()
        settle(result)
      })
    })
  return {
    effect: () =>
      new Promise((resolve, reject) =>
        inside(
          () => handling.applyEffect(),
          (outcome) => (outcome.kind === 'done' ? resolve() : reject(new Error(outcome.reason))),
        ),
      ),
    sleep: (milliseconds) => new Promise((resolve) => inside(() => sleep(Math.round(milliseconds * 1000)), resolve)),
  }
}
