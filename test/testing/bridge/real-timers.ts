import { real } from '../../../src/testing/bridge/virtual/patch.ts'

/** Timers as somebody has them who took them before anything of this package was loaded. */
export const realTimers = {
  setTimeout: real(setTimeout) as typeof setTimeout,
  setImmediate: real(setImmediate) as typeof setImmediate,
}
