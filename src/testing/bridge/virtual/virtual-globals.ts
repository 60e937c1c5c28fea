import { patch } from './patch.ts'
import { patchAbortTimeout } from './abort-timeout.ts'
import { patchCompiling } from './compiling.ts'
import { patchClocks } from './clocks.ts'
import { patchConsole } from './console-lines.ts'
import { patchDateFormats } from './date-formats.ts'
import { patchDates } from './dates.ts'
import { patchEnding } from './ending.ts'
import { patchIdentity } from './identity.ts'
import { patchMicrotasks } from './microtasks.ts'
import { patchRandomness } from './randomness.ts'
import { patchSignals } from './signals.ts'
import { patchStandardStreams } from './standard-streams.ts'
import { patchTimerPromises } from './timer-promises.ts'
import { patchTimers } from './timers.ts'

/**
 * Puts the simulation's clocks, timers and random numbers in the place of Node's, for code of users inside of a simulation and for nobody else.
 * It is done when the package is loaded, so that who takes a reference afterwards has the right one; and again when a run begins, because a
 * test runner may have put its own (fake timers) over them meanwhile.
 */
export function patchGlobals(): void {
  patchTimerPromises()
  patchTimers()
  patchDates()
  patchDateFormats()
  patchClocks()
  patchRandomness()
  patchAbortTimeout()
  patchEnding()
  patchSignals()
  patchIdentity()
  patchConsole()
  patchStandardStreams()
  patchCompiling()
  patch(globalThis, 'fetch', ({ user }, [input, init]) => Reflect.apply(user.fetch, undefined, [input, init]))
  patchMicrotasks()
}
