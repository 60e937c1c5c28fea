import { isMainThread, Worker } from 'node:worker_threads'
import { scopes } from '../scope.ts'
import { framesOf } from '../user-line.ts'
import { prepareToBreakOff } from './break-off.ts'
import { watchdogProgram } from './watchdog-program.ts'

/** What the watchdog reads: the number of the step, and whether code of a user is in it. */
const beat = new Int32Array(new SharedArrayBuffer(8))

/** What the watchdog calls in this thread when it has stopped it. */
const rescue = Symbol.for('onceproof/rescue/1')

let watching = false

/** Starts the thread that notices when a step does not come to its end for so many seconds; once for each process. */
export function startWatchdog(seconds: number): void {
  if (watching) return
  watching = true
  Reflect.defineProperty(globalThis, rescue, { value: stopped, configurable: true })
  const worker = new Worker(watchdogProgram, {
    eval: true,
    execArgv: [],
    workerData: { beat: beat.buffer, seconds, mayStop: isMainThread },
  })
  worker.unref()
}

/** Code of a user begins to run. */
export function stepBegins(): void {
  Atomics.add(beat, 0, 1)
  Atomics.store(beat, 1, 1)
}

/** It has come to a halt. */
export function stepEnds(): void {
  Atomics.store(beat, 1, 0)
}

/** Called by the watchdog where the thread was when it stopped it; it is ended right after. `frames` is a stack. */
function stopped(frames: string): void {
  stepEnds()
  scopes.getStore()?.user.report('endless', 'The code runs and does not come back', framesOf(frames))
  prepareToBreakOff()
}
