import { syncBuiltinESMExports } from 'node:module'
import { isOurs, patchesMade } from './virtual/patch.ts'
import { patchGlobals } from './virtual/virtual-globals.ts'
import { patchRefusals } from './watch/refusals.ts'
import { catchUncaught } from './watch/uncaught.ts'

/** Puts everything in place that code of users is to find inside of a simulation. What is there already stays. */
export function install(): void {
  const before = patchesMade()
  catchUncaught()
  patchRefusals()
  patchGlobals()
  // Named imports of built-in modules are bindings of their own. Bringing them up to date takes as long as a tenth of a run.
  if (patchesMade() > before) syncBuiltinESMExports()
}

/** The same where a test runner has put its fake timers over it meanwhile: a test may do so while a check is under way. Asked before each step. */
export function installAgain(): void {
  const { setTimeout, setImmediate, Date, performance } = globalThis
  const isThere = isOurs(setTimeout) && isOurs(setImmediate) && isOurs(Date) && isOurs(performance.now)
  if (!isThere) install()
}
