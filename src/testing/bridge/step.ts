import timers from 'node:timers'
import { beginStep } from './step-budget.ts'
import type { UserWorld } from './user-world.ts'
import { real } from './virtual/patch.ts'
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

/** Node's own function, whatever stands in its place. */
const nextTurn: unknown = real(timers.setImmediate)

/**
 * Runs a step of user code and whatever follows from it without waiting. It runs in a turn of the event loop of its own, so that what breaks
 * it off takes nobody else along; when the turn is over, every promise that could settle has done so.
 */
export function runStep(run: () => void, most: number): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      finished()
      stepEnds()
      resolve()
    }
    const finished = whenBrokenOff(goOn)
    onNextTurn(() => {
      beginStep(most)
      stepBegins()
      run()
      onNextTurn(goOn)
    })
  })
}

/** Turns the event loop until what user code left to threads is done. */
export async function untilIdle(world: UserWorld, seconds: number): Promise<void> {
  const began = process.hrtime.bigint()
  while (world.working > 0) {
    await new Promise<void>(onNextTurn)
    if (process.hrtime.bigint() - began > BigInt(seconds) * 1_000_000_000n) {
      throw new Error(`Work that user code began beside the simulation has not ended after ${seconds} s.`)
    }
  }
}

function onNextTurn(call: () => void): void {
  if (typeof nextTurn === 'function') Reflect.apply(nextTurn, undefined, [call])
}
