/**
 * The program of the watchdog's thread. It is a text because a thread needs a file or a text, and a bundle has no file for it. It looks twice
 * a second; when a step is as old as it may be, it stops the main thread as a debugger does, calls there what is to be told, and ends what
 * runs. Where that is not possible it says so and ends the process: nobody is helped by a test that hangs.
 */
export const watchdogProgram = `
const { Session } = require('node:inspector')
const { writeSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const beat = new Int32Array(workerData.beat)
const session = new Session()
let canStop = false
try {
  if (workerData.mayStop) {
    session.connectToMainThread()
    canStop = true
  }
} catch {}

const urls = new Map()
session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))

parentPort.postMessage('ready')

let step = 0
let since = Date.now()
let stoppedAt = 0

setInterval(() => {
  const now = Date.now()
  const present = Atomics.load(beat, 0)
  if (present !== step || Atomics.load(beat, 1) === 0) {
    step = present
    since = now
    stoppedAt = 0
    return
  }
  if (now - since < Atomics.load(beat, 2)) return
  if (canStop && stoppedAt === 0) {
    stoppedAt = now
    stop()
  } else if (!canStop || now - stoppedAt > 5000) {
    writeSync(2, 'Onceproof: code of the consumer runs and does not come back, and could not be stopped; the process ends.\\n')
    process.kill(process.pid, 'SIGKILL')
  }
}, 500)

function stop() {
  let telling = false
  const paused = ({ params: { callFrames } }) => {
    if (telling) {
      session.post('Debugger.resume')
      return
    }
    // Node's own book-keeping must be let go before it is broken off.
    const isBookKeeping = ({ location, functionName }) =>
      urls.get(location.scriptId) === 'node:internal/async_hooks' && functionName !== 'callbackTrampoline'
    if (callFrames.some(isBookKeeping)) {
      session.post('Debugger.stepOut')
      return
    }
    telling = true
    // In a frame of the user's: Node's own know no globals, and evaluating in none would let everything go on that is queued.
    const { callFrameId } = callFrames.find(({ location }) => !urls.get(location.scriptId)?.startsWith('node:')) ?? callFrames[0]
    const expression = 'globalThis.process[Symbol.for("onceproof/rescue/1")]()'
    session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression }, (error, answer) => {
      const told = !error && answer.exceptionDetails === undefined
      if (told) session.post('Runtime.terminateExecution')
      session.post('Debugger.resume')
      session.post('Debugger.disable')
      session.removeListener('Debugger.paused', paused)
    })
  }
  session.on('Debugger.paused', paused)
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}
`
