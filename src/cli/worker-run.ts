import { once } from 'node:events'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Scenario } from '../scenario/scenario.ts'
import { packageRoot } from './package-root.ts'
import type { LoggedRun } from './run-difference.ts'
import type { Answer, Question } from './worker-protocol.ts'

/** A run in a worker thread, which keeps what happened until it is ended. */
export interface WorkerRun extends LoggedRun {
  end(): Promise<void>
}

const program = path.join(packageRoot, 'dist/worker.js')

/** Runs a scenario in a thread of its own. Fails when the run does. */
export async function runInWorker(scenario: Scenario): Promise<WorkerRun> {
  const worker = new Worker(program, { workerData: scenario })
  const { answer, ...ran } = await nextAnswer(worker)
  if (!('summary' in ran)) throw new Error(`A worker answered "${answer}" where it was to run the scenario.`)
  return {
    summary: ran.summary,
    window: async (from, to) => {
      ask(worker, { ask: 'window', from, to })
      const said = await nextAnswer(worker)
      return said.answer === 'window' ? said.events : []
    },
    end: async () => {
      const exit = once(worker, 'exit')
      ask(worker, { ask: 'nothing' })
      await exit
    },
  }
}

/** `once` rejects when the worker fails. */
async function nextAnswer(worker: Worker): Promise<Answer> {
  const [answer]: Answer[] = await once(worker, 'message')
  if (answer === undefined) throw new Error('A worker sent an empty message.')
  return answer
}

function ask(worker: Worker, question: Question): void {
  worker.postMessage(question, [])
}
