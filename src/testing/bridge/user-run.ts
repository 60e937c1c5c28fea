import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { UserCode } from '../../application/user-code.ts'
import type { Prepare } from './shaped-handler.ts'
import { UserSteps } from './user-steps.ts'
import { userConsumer } from './user-consumer.ts'

/** Code of users in one run: what `runAsync` needs for it. */
export class UserRun {
  /** For the option `handlers`. */
  readonly handlers: Readonly<Record<string, UserCode>>
  /** A run that rehearses builds several worlds, one after the other; only the code of the latest goes on. */
  #steps = new Map<string, UserSteps>()

  /** `consumers` says how the handler of each service is made. */
  constructor(consumers: Readonly<Record<string, Prepare>>) {
    this.handlers = Object.fromEntries(
      Object.entries(consumers).map(([service, prepare]) => [
        service,
        (wake: () => void) => userConsumer(prepare, this.#begin(service, wake)),
      ]),
    )
  }

  /** Lets code of users go on until it has nothing left to do at this virtual time. */
  readonly turn = async (): Promise<void> => {
    while (this.#runNext()) await turnOfTheLoop()
  }

  #runNext(): boolean {
    for (const steps of this.#steps.values()) if (steps.runNext()) return true
    return false
  }

  #begin(service: string, wake: () => void): UserSteps {
    if (this.#steps.has(service)) this.#steps = new Map()
    const steps = new UserSteps(wake)
    this.#steps.set(service, steps)
    return steps
  }
}
