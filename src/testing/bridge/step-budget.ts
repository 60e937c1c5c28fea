/**
 * What one step of user code has used so far. A step takes no virtual time, so one that goes on and on never ends by itself. It is counted
 * for the whole thread: only one step runs at a time, and the machine begins each anew.
 */
export const stepBudget = {
  /** Promises and callbacks that were made. */
  promises: 0,
  /** How often somebody asked for the time. */
  clockReads: 0,
  /** As many are an endless loop. */
  most: Infinity,
}

/** Before code of a user goes on: `most` promises from here are too many. */
export function beginStep(most: number): void {
  stepBudget.promises = 0
  stepBudget.clockReads = 0
  stepBudget.most = most
}
