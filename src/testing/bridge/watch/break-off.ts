import { writeSync } from 'node:fs'
import { Session } from 'node:inspector'
import { setTimeout as realTimeout } from 'node:timers'
import { real } from '../virtual/patch.ts'
import { scopes } from '../scope.ts'
import { realProcess } from './real-process.ts'
import { meaningless } from './uncaught.ts'

/** A timer of the real world, whatever is put in its place later. */
const later: unknown = real(realTimeout)

/** Who waits for a step that may be broken off. */
const waiting = new Set<() => void>()

/** Calls `goOn` if the step that follows is broken off; the function returned says that it was not. */
export function whenBrokenOff(goOn: () => void): () => void {
  waiting.add(goOn)
  return () => waiting.delete(goOn)
}

/**
 * Ends the microtasks that run now, as a debugger does: neither `catch` nor `finally` sees it, and what is queued behind is dropped. For code
 * that goes on for ever: by then, everybody else's have long run.
 */
export function breakOffSoon(): void {
  asked = true
  scopes.exit(() => void Promise.resolve().then(breakOff))
}

let asked = false

function breakOff(): void {
  if (!asked) return
  prepareToBreakOff()
  const session = new Session()
  session.connect()
  session.post('Runtime.terminateExecution', () => session.disconnect())
}

/** What has to be done before the running JavaScript is ended from outside. */
export function prepareToBreakOff(): void {
  asked = false
  scopes.exit(() => {
    for (const goOn of waiting) if (typeof later === 'function') Reflect.apply(later, undefined, [goOn, 0])
    waiting.clear()
    forgetAsyncContexts()
  })
}

/**
 * Node keeps a stack of asynchronous contexts, checks that it is empty in the end, and aborts if not. It empties the stack itself when it
 * handles an uncaught error; so it gets one.
 */
function forgetAsyncContexts(): void {
  const handle: unknown = Reflect.get(realProcess, '_fatalException')
  if (typeof handle !== 'function' || realProcess.hasUncaughtExceptionCaptureCallback()) giveUp()
  Reflect.apply(handle, realProcess, [meaningless, false])
}

/** Where code cannot be broken off, ending with a sentence is better than hanging. A test runner may keep `exit` from ending anything. */
function giveUp(): never {
  writeSync(2, 'Onceproof: code of the consumer goes on for ever and cannot be stopped. The process ends.\n')
  realProcess.kill(realProcess.pid, 'SIGKILL')
  throw new Error('The process has ended.')
}
