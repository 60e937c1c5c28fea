import { parentPort, workerData } from 'node:worker_threads'
import { simulate } from '../pipeline/simulate.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { DispatchLog } from './dispatch-log.ts'
import type { Answer, Question } from './worker-protocol.ts'

/** Runs the scenario that it was started with, and answers questions about the run. */
function serve(scenario: Scenario, tell: (answer: Answer) => void): (question: Question) => boolean {
  let log: DispatchLog | undefined
  // A scenario with a rehearsal is watched once, when the run proper begins.
  simulate(scenario, { watch: ({ world }) => (log = new DispatchLog(world)) })
  const logged = log
  if (logged === undefined) throw new Error('The run was not watched from its beginning.')
  tell({ answer: 'ran', summary: logged.summary })
  return (question) => {
    if (question.ask === 'nothing') return false
    tell({ answer: 'window', events: logged.window(question.from, question.to) })
    return true
  }
}

const port = parentPort
if (port === null) throw new Error('This file is started by the command line, in a worker thread.')
const scenario: Scenario = workerData
const answerTo = serve(scenario, (answer) => port.postMessage(answer))
port.on('message', (question: Question) => {
  if (!answerTo(question)) port.close()
})
