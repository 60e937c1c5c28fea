import type { UserCode } from '../../application/user-code.ts'
import type { Run } from '../../run.ts'
import { runAsync } from '../../run.ts'
import type { SimulateOptions } from '../../pipeline/simulate.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { install, installAgain } from './install.ts'
import type { Problem } from './problem.ts'
import { isFatal, UserCodeError } from './problem.ts'
import type { Prepare } from './shaped-handler.ts'
import type { StepLimits } from './step.ts'
import { isWorking, runStep, stepLimits, untilIdle } from './step.ts'
import { userConsumer } from './user-consumer.ts'
import { UserWorld } from './user-world.ts'
import { watchAsync } from './watch/async-watch.ts'
import { startWatchdog } from './watch/watchdog.ts'

// Who takes a reference to a clock or a timer from here on has the right one.
install()

/** A run, and what code of users did in it that they should know of. */
export interface RunOfUserCode {
  readonly run: Run
  readonly problems: readonly Problem[]
  /** What the handling of each message threw last. */
  readonly thrown: ReadonlyMap<string, unknown>
}

/** How code of users is run. */
export interface UserCodeOptions extends SimulateOptions {
  readonly limits?: StepLimits
  /**
   * Whether the line is noted at which each operation begins, for `left-behind` and `never-settled`. It takes longer than the operation, and no
   * event comes of it: whoever makes many runs does without, and makes one again that has such a problem. Default `true`.
   */
  readonly notesPlaces?: boolean
}

/**
 * Runs a scenario in which code of users handles what some services receive; `consumers` says how the handler of each is made. Rejects with a
 * {@link UserCodeError} when the code leaves the simulation, goes on for ever, or cannot be started.
 */
export async function runUserCode(
  scenario: Scenario,
  consumers: Readonly<Record<string, Prepare>>,
  { limits = stepLimits, notesPlaces = true, ...options }: UserCodeOptions = {},
): Promise<RunOfUserCode> {
  install()
  await startWatchdog()
  const user = new UserRun(consumers, limits, notesPlaces)
  const stopWatching = watchAsync()
  try {
    const run = await runAsync(scenario, user.turn, { ...options, handlers: user.handlers })
    return { run, problems: user.conclude(), thrown: user.thrown }
  } finally {
    stopWatching()
    user.close()
  }
}

/** Code of users in one run: what `runAsync` needs for it. */
class UserRun {
  /** For the option `handlers`. */
  readonly handlers: Readonly<Record<string, UserCode>>
  readonly #limits: StepLimits
  readonly #notesPlaces: boolean
  /** Those of the services of the present world. A run that rehearses builds several worlds, one after the other. */
  #worlds = new Map<string, UserWorld>()

  constructor(consumers: Readonly<Record<string, Prepare>>, limits: StepLimits, notesPlaces: boolean) {
    this.#limits = limits
    this.#notesPlaces = notesPlaces
    this.handlers = Object.fromEntries(
      Object.entries(consumers).map(([service, prepare]) => [
        service,
        (wake: () => void) => userConsumer(prepare, this.#begin(service, wake)),
      ]),
    )
  }

  /** Lets code of users go on until it has nothing left to do at this virtual time. */
  readonly turn = async (): Promise<void> => {
    for (let world = this.#next(); world !== undefined; world = this.#next()) {
      const { steps } = world
      installAgain()
      await runStep(() => steps.runNext(), this.#limits)
      if (isWorking(world)) await untilIdle(world, this.#limits.seconds)
      this.#raise(world)
    }
  }

  conclude(): readonly Problem[] {
    return [...this.#worlds.values()].flatMap((world) => {
      world.conclude()
      this.#raise(world)
      return world.problems
    })
  }

  get thrown(): ReadonlyMap<string, unknown> {
    return new Map([...this.#worlds.values()].flatMap(({ thrown }) => [...thrown]))
  }

  close(): void {
    for (const world of this.#worlds.values()) world.close()
  }

  #next(): UserWorld | undefined {
    for (const world of this.#worlds.values()) if (!world.steps.empty) return world
    return undefined
  }

  #raise({ problems, failure }: UserWorld): void {
    if (failure !== undefined) throw failure.error
    const fatal = problems.find(isFatal)
    if (fatal !== undefined) throw new UserCodeError(fatal)
  }

  #begin(service: string, wake: () => void): UserWorld {
    if (this.#worlds.has(service)) {
      this.close()
      this.#worlds = new Map()
    }
    const world = new UserWorld(wake, this.#notesPlaces)
    this.#worlds.set(service, world)
    return world
  }
}
