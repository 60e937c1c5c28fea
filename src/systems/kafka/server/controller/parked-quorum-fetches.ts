import type { Micros } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { NotController, QuorumFetchRequest, QuorumFetchResponse } from './controller-protocol.ts'

type Answer = QuorumFetchResponse | NotController

export interface ParkedQuorumFetch {
  readonly request: QuorumFetchRequest
  readonly reply: (response: Answer) => void
}

interface Parked extends ParkedQuorumFetch {
  readonly timer: Timer | undefined
}

/**
 * Fetches that wait for something to be appended or committed. A voter is answered in time in any case, for the answer is the leader's sign of
 * life; a broker has its heartbeats for that and waits without an event.
 */
export class ParkedQuorumFetches {
  readonly #process: Process
  readonly #maxWait: Micros
  readonly #answerNow: (request: QuorumFetchRequest, mustAnswer: boolean) => Answer | undefined
  #parked: Parked[] = []

  constructor(
    process: Process,
    maxWait: Micros,
    answerNow: (request: QuorumFetchRequest, mustAnswer: boolean) => Answer | undefined,
  ) {
    this.#process = process
    this.#maxWait = maxWait
    this.#answerNow = answerNow
  }

  park(fetch: ParkedQuorumFetch): void {
    const answer = this.#answerNow(fetch.request, false)
    if (answer !== undefined) fetch.reply(answer)
    else {
      const timer =
        fetch.request.voter === undefined ? undefined : this.#process.setTimer(this.#maxWait, () => this.#due(parked))
      const parked: Parked = { ...fetch, timer }
      this.#parked.push(parked)
    }
  }

  /** Answers whoever can be answered now. */
  wake(): void {
    const waiting = this.#parked
    this.#parked = []
    for (const parked of waiting) {
      const answer = this.#answerNow(parked.request, false)
      if (answer === undefined) this.#parked.push(parked)
      else {
        parked.timer?.clear()
        parked.reply(answer)
      }
    }
  }

  #due(parked: Parked): void {
    this.#parked = this.#parked.filter((other) => other !== parked)
    const answer = this.#answerNow(parked.request, true)
    if (answer !== undefined) parked.reply(answer)
  }
}
