import { millisecond } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { Envelope, SendAnswer } from '../systems/system.ts'
import type { Outbound } from './outbound.ts'
import type { Outlet } from './outlet.ts'
import type { Program } from './program.ts'
import { sleep, start } from './program.ts'
import { Slots } from './slots.ts'

/** Pause before a send that failed is tried again by the program (products have retries of their own below this). */
const pauseBeforeRetry = 100 * millisecond

/**
 * What a member of a service sends on its own account, each message in its time. It is no {@link Program}, because millions of messages go this
 * way and most need nothing but to be submitted; what one needs beyond that is a program of its own.
 */
export class Sending {
  readonly #process: Process
  readonly #outlet: Outlet
  readonly #outbound: Outbound
  readonly #members: number
  readonly #slots: Slots
  /** The message that is to be sent next, as soon as its time has come and there is a slot for it. */
  #next: number | undefined

  constructor(process: Process, outlet: Outlet, outbound: Outbound, member: number, members: number) {
    this.#process = process
    this.#outlet = outlet
    this.#outbound = outbound
    this.#members = members
    this.#slots = new Slots(outlet.spec.inFlight)
    this.#next = outlet.nextDue(member, members)
  }

  begin(): void {
    this.#process.step(this.#goOn)
  }

  /** Sends what is due, and comes back for the rest. */
  readonly #goOn = (): void => {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      const wait = this.#outlet.spec.after + this.#outlet.timeOf(next) - this.#process.now
      if (wait > 0) {
        this.#process.setTimer(wait, this.#goOn)
        return
      }
      if (!this.#slots.takeOr(this.#sendAndGoOn)) return
      this.#send(next)
    }
  }

  readonly #sendAndGoOn = (): void => {
    if (this.#next !== undefined) this.#send(this.#next)
    this.#goOn()
  }

  #send(index: number): void {
    const envelope = this.#outlet.envelope(index)
    this.#outlet.markSubmitted(index)
    this.#outbound.submit(envelope, [], (answer) => {
      if (this.#mayRest(answer)) this.#finish(index, envelope)
      else start(this.#process, this.#sendAgain(index, envelope))
    })
    this.#next = this.#outlet.nextDue(index + this.#members, this.#members)
  }

  /** Whether nothing is to be sent in place of what was answered so. */
  #mayRest({ outcome }: SendAnswer): boolean {
    return outcome === 'confirmed' || outcome === 'assumed' || this.#outlet.spec.onFailure === 'give-up'
  }

  *#sendAgain(index: number, first: Envelope): Program {
    let envelope = first
    for (let answered = false; !answered;) {
      yield* sleep(pauseBeforeRetry)
      if (this.#outlet.spec.onFailure === 'send-as-new') envelope = this.#outlet.asNew(envelope)
      answered = this.#mayRest(yield* this.#outbound.send(envelope))
    }
    this.#finish(index, envelope)
  }

  #finish(index: number, envelope: Envelope): void {
    this.#slots.give()
    if (this.#outlet.isDoubled(index)) start(this.#process, this.#sendDuplicate(index, envelope))
    else this.#outlet.markAnswered(index)
  }

  *#sendDuplicate(index: number, first: Envelope): Program {
    const { after = 0, id = 'same' } = this.#outlet.spec.duplicates ?? {}
    if (after > 0) yield* sleep(after)
    yield* this.#outbound.send(id === 'same' ? first : this.#outlet.asNew(first))
    this.#outlet.markAnswered(index)
  }
}
