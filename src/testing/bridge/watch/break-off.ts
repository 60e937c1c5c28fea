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
 * Ends the JavaScript that runs now, however deep, as a debugger does: neither `catch` nor `finally` sees it, and callbacks that are already
 * queued behind it are dropped. For code that goes on for ever: by then, everybody else's callbacks have long run.
 */
export function breakOff(): void {
  prepareToBreakOff()
  const session = new Session()
  session.connect()
  session.post('Runtime.terminateExecution', () => session.disconnect())
}

/** What has to be done before the running JavaScript is ended from outside. */
export function prepareToBreakOff(): void {
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
  if (typeof handle !== 'function' || realProcess.hasUncaughtExceptionCaptureCallback()) return giveUp()
  Reflect.apply(handle, realProcess, [meaningless, false])
}

/** Where Node has changed so that code cannot be broken off, ending with a sentence is better than hanging. */
function giveUp(): never {
  realProcess.stderr.write(
    'Onceproof: code of the consumer goes on for ever, and could not be stopped. See the check that runs.\n',
  )
  return realProcess.exit(70)
}
