import type { Micros } from '../../../../simulation/duration.ts'
import { lastOf } from '../../../../simulation/lulls.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { NotController, QuorumFetchRequest, QuorumFetchResponse } from './controller-protocol.ts'

type Answer = QuorumFetchResponse | NotController

export interface ParkedQuorumFetch {
  readonly request: QuorumFetchRequest
  readonly reply: (response: Answer) => void
}

interface Parked extends ParkedQuorumFetch {
  readonly since: Micros
  timer: Timer | undefined
  leaveLull: (() => void) | undefined
}

/**
 * Fetches that wait for something to be appended or committed. A voter is answered in time in any case, for the answer is the leader's sign of
 * life, and asks again; where nothing is in their way, that is left out. A broker has its heartbeats for that and waits without an event.
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

  /** `isWell`: nothing is in the way of whoever asks. */
  park(fetch: ParkedQuorumFetch, isWell: boolean): void {
    const answer = this.#answerNow(fetch.request, false)
    if (answer !== undefined) {
      fetch.reply(answer)
      return
    }
    const parked: Parked = { since: this.#process.now, timer: undefined, leaveLull: undefined, ...fetch }
    this.#parked.push(parked)
    if (fetch.request.voter === undefined) return
    if (isWell) parked.leaveLull = this.#process.beginLull(() => this.#answerInTime(parked))
    else this.#answerInTime(parked)
  }

  /** Whether a voter would ask in vain now, and so does not. */
  isResting(voter: number): boolean {
    return this.#parked.some(({ request, leaveLull }) => request.voter === voter && leaveLull !== undefined)
  }

  /** When a voter whose fetch is parked asked last, or would have; `undefined` for one whose fetch is not. */
  lastAskedBy(voter: number): Micros | undefined {
    const parked = this.#parked.find(({ request }) => request.voter === voter)
    return parked === undefined ? undefined : lastOf(parked.since, this.#maxWait, this.#process.now)
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
        parked.leaveLull?.()
        parked.reply(answer)
      }
    }
  }

  /** Answers when the voter would ask next. */
  #answerInTime(parked: Parked): void {
    const { now } = this.#process
    parked.leaveLull = undefined
    const wait = lastOf(parked.since, this.#maxWait, now) + this.#maxWait - now
    parked.timer = this.#process.setTimer(wait, () => this.#due(parked))
  }

  #due(parked: Parked): void {
    this.#parked = this.#parked.filter((other) => other !== parked)
    const answer = this.#answerNow(parked.request, true)
    if (answer !== undefined) parked.reply(answer)
  }
}
