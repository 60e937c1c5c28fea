import { once } from 'node:events'
import { isMainThread, Worker } from 'node:worker_threads'
import { scopes } from '../scope.ts'
import { stackHere } from '../user-line.ts'
import { prepareToBreakOff } from './break-off.ts'
import { realProcess } from './real-process.ts'
import { watchdogProgram } from './watchdog-program.ts'

/** What the watchdog reads: the number of the step, whether code of a user is in it, and the ms of the real clock that it may take. */
const beat = new Int32Array(new SharedArrayBuffer(12))

/** What the watchdog calls in this thread when it has stopped it. */
const rescue = Symbol.for('onceproof/rescue/1')

let watching: Promise<void> | undefined

/**
 * Starts the thread that notices when a step does not come to its end; once for each process. It must be in place before
 * code of a user runs: it cannot get hold of a thread that is busy.
 */
export function startWatchdog(): Promise<void> {
  watching ??= start()
  return watching
}

async function start(): Promise<void> {
  for (const known of [realProcess, process])
    Reflect.defineProperty(known, rescue, { value: stopped, configurable: true })
  const worker = new Worker(watchdogProgram, {
    eval: true,
    execArgv: [],
    workerData: { beat: beat.buffer, mayStop: isMainThread },
  })
  await once(worker, 'message')
  worker.unref()
}

/** Code of a user begins to run, and may do so for so many seconds. */
export function stepBegins(seconds: number): void {
  Atomics.store(beat, 2, Math.ceil(seconds * 1000))
  Atomics.add(beat, 0, 1)
  Atomics.store(beat, 1, 1)
}

/** It has come to a halt. */
export function stepEnds(): void {
  Atomics.store(beat, 1, 0)
}

/** Called by the watchdog on top of what it has stopped, which is ended right after. */
function stopped(): void {
  stepEnds()
  scopes.getStore()?.user.report('endless', 'The code runs and does not come back', stackHere())
  prepareToBreakOff()
}
