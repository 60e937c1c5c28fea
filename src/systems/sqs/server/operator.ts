import type { Micros } from '../../../simulation/duration.ts'
import { minute } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Random } from '../../../simulation/random.ts'
import type { OperatorActs } from '../options/queue-plan.ts'

/** What the service does on the word of an operator. */
export interface Operated {
  note(action: string, what: string): void
  purge(): void
  delete(): void
  setDelay(delay: Micros): void
  redrive(perSecond: number): void
}

interface Act {
  readonly at: Micros
  run(queue: Operated): void
  isDone: boolean
}

/** The service takes up to a minute to do what it is asked. */
const longestPropagation: Micros = minute

/** What an operator does with a queue. What falls due while the service is down is done when it is back. */
export class Operator {
  readonly #acts: Act[] = []

  constructor({ purgedAt, deletedAt, delaySet, redrive }: OperatorActs, random: Random) {
    if (purgedAt !== undefined) this.#slowly('PurgeQueue', purgedAt, random, (queue) => queue.purge())
    if (deletedAt !== undefined) this.#slowly('DeleteQueue', deletedAt, random, (queue) => queue.delete())
    if (delaySet !== undefined)
      this.#slowly('SetQueueAttributes', delaySet.at, random, (queue) => queue.setDelay(delaySet.delay))
    if (redrive === undefined) return
    this.#plan(redrive.at, (queue) => {
      queue.note('StartMessageMoveTask', 'was called')
      queue.redrive(redrive.perSecond)
    })
  }

  /** Sets the timers of what is still to be done. */
  begin(process: Process, queue: Operated): void {
    for (const act of this.#acts) {
      if (act.isDone) continue
      process.setTimer(Math.max(0, act.at - process.now), () => {
        act.isDone = true
        act.run(queue)
      })
    }
  }

  #slowly(action: string, at: Micros, random: Random, run: (queue: Operated) => void): void {
    const after = Math.floor(random.fork(action).next() * longestPropagation)
    this.#plan(at, (queue) => queue.note(action, 'was called'))
    this.#plan(at + after, (queue) => {
      queue.note(action, 'took effect')
      run(queue)
    })
  }

  #plan(at: Micros, run: (queue: Operated) => void): void {
    this.#acts.push({ at, run, isDone: false })
  }
}
