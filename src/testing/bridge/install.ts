import { patchGlobals } from './virtual/virtual-globals.ts'
import { patchRefusals } from './watch/refusals.ts'
import { catchUncaught } from './watch/uncaught.ts'

/** Puts everything in place that code of users is to find inside of a simulation. What is there already stays. */
export function install(): void {
  catchUncaught()
  patchRefusals()
  patchGlobals()
}
