import timers from 'node:timers'
import { installAgain } from './install.ts'
import { beginStep } from './step-budget.ts'
import type { UserWorld } from './user-world.ts'
import { real } from './virtual/patch.ts'
import { realProcess } from './watch/real-process.ts'
import { whenBrokenOff } from './watch/break-off.ts'
import { stepBegins, stepEnds } from './watch/watchdog.ts'

/** How long one step of user code may go on, in virtual no time. */
export interface StepLimits {
  /** Promises and callbacks without anything to wait for, after which it is an endless loop. */
  readonly promises: number
  /** Seconds of the real clock after which it is one. */
  readonly seconds: number
}

export const stepLimits: StepLimits = { promises: 1_000_000, seconds: 10 }

/** The clock as it was when the package was loaded: one that a test runner fakes jumps when it comes or goes. */
const realClock = process.hrtime.bigint

/** Node's own function, whatever stands in its place. */
const nextTurn: unknown = real(timers.setImmediate)

/**
 * Runs a step of user code and whatever follows from it without waiting. It runs in a turn of the event loop of its own, so that what breaks
 * it off takes nobody else along; when the turn is over, every promise that could settle has done so.
 */
export function runStep(run: () => void, limits: StepLimits): Promise<void> {
  return new Promise((resolve) => {
    const { exitCode } = realProcess
    const goOn = (): void => {
      finished()
      // That of the test runner is none of the user's business, and cannot be kept from him.
      if (realProcess.exitCode !== exitCode) realProcess.exitCode = exitCode
      stepEnds()
      resolve()
    }
    const finished = whenBrokenOff(goOn)
    onNextTurn(() => {
      beginStep(limits.promises)
      stepBegins(limits.seconds)
      run()
      onNextTurn(goOn)
    })
  })
}

/** Turns the event loop until what user code left to threads is done. */
export async function untilIdle(world: UserWorld, seconds: number): Promise<void> {
  const began = realClock()
  while (isWorking(world)) {
    await new Promise<void>(onNextTurn)
    installAgain()
    if (realClock() - began > BigInt(seconds) * 1_000_000_000n) return world.stillWorking(seconds)
  }
}

/** Whether something is under way beside the simulation that user code may be waiting for: threads, or a module that is being loaded. */
export function isWorking(world: UserWorld): boolean {
  return world.working > 0 || isCompressing(world) || runnerIsLoading()
}

/** A stream has work as long as it holds a chunk. */
function isCompressing({ compressors }: UserWorld): boolean {
  for (const handle of compressors) if ((Reflect.get(handle, 'buffer') ?? undefined) !== undefined) return true
  return false
}

/** Whether vitest is fetching a module: it does that over a channel of its own, which nobody else can tell from any other. */
function runnerIsLoading(): boolean {
  const worker: unknown = Reflect.get(globalThis, '__vitest_worker__')
  if (typeof worker !== 'object' || worker === null) return false
  const loading: unknown = Reflect.get(worker, 'resolvingModules')
  return loading instanceof Set && loading.size > 0
}

function onNextTurn(call: () => void): void {
  if (typeof nextTurn === 'function') Reflect.apply(nextTurn, undefined, [call])
}
