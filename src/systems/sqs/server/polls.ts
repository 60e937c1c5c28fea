import type { Process } from '../../../simulation/process.ts'
import { takeOut } from '../../../simulation/take-out.ts'
import type { Answer } from '../protocol.ts'
import type { PollOptions } from './parked-poll.ts'
import { ParkedPoll } from './parked-poll.ts'

/** What a poll finds: an answer, or nothing yet. */
export type Look = (options: PollOptions, isFirst: boolean) => Answer | undefined

const nothing: Answer = { type: 'messages', messages: [] }

/** The receives that wait at a queue, in the order in which they came. */
export class Polls {
  readonly #process: Process
  readonly #look: Look
  readonly #parked: ParkedPoll[] = []

  constructor(process: Process, look: Look) {
    this.#process = process
    this.#look = look
  }

  /** Answers at once, or when there is something, or when its time is over. What comes back forgets the poll. */
  take(options: PollOptions): () => void {
    const answer = this.#look(options, true)
    if (answer !== undefined || !(options.isLong || options.mayRest)) {
      options.reply(answer ?? nothing)
      return () => {}
    }
    const parked = new ParkedPoll(this.#process, options, (poll) => this.#timeIsOver(poll))
    this.#parked.push(parked)
    return () => this.#drop(parked)
  }

  /** Something may be there for somebody. */
  wake(): void {
    for (const poll of [...this.#parked]) {
      if (poll.options.isLong) this.#answerIfAny(poll)
      else poll.bringNews()
    }
  }

  /** Answers all of them so. */
  endAll(answer: Answer): void {
    for (const poll of [...this.#parked]) {
      this.#drop(poll)
      poll.options.reply(answer)
    }
  }

  #answerIfAny(poll: ParkedPoll): void {
    const answer = this.#look(poll.options, false)
    if (answer === undefined) return
    this.#drop(poll)
    poll.options.reply(answer)
  }

  #timeIsOver(poll: ParkedPoll): void {
    this.#drop(poll)
    poll.options.reply(this.#look(poll.options, !poll.options.isLong) ?? nothing)
  }

  #drop(poll: ParkedPoll): void {
    poll.cancel()
    takeOut(this.#parked, poll)
  }
}
