import type { Name } from '../history/fact.ts'
import type { Names } from '../history/names.ts'
import type { Micros } from '../simulation/duration.ts'
import { millisecond } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { Random } from '../simulation/random.ts'
import type { Envelope, SendAnswer } from '../systems/system.ts'
import type { Outbound } from './outbound.ts'
import type { Program } from './program.ts'
import { already, perform, sleep, start } from './program.ts'
import type { SendsSpec } from './service.ts'
import type { Plan, PlannedMessage } from './workload.ts'

/** Pause before a send that failed is tried again by the program (products have retries of their own below this). */
const pauseBeforeRetry = 100 * millisecond

const noHeaders = {}

/** Stands for the sequence of a message that has none yet. */
const unsent = -1

/**
 * What a service is to send, and how far it got. The plan and the marks are the world's knowledge (the orders that customers placed); what a
 * member remembers of them after a crash is a matter of `afterRestart`.
 */
export class Outlet {
  readonly spec: SendsSpec
  readonly #names: Names
  readonly #first: Name
  readonly #plan: Plan
  readonly #answered: Uint8Array
  readonly #submitted: Uint8Array
  readonly #sequences: Int32Array
  readonly #nextSequence: () => number
  readonly #random: Random
  readonly #namesTypes: boolean
  #unanswered: number
  #newIds = 0

  /** `nextSequence` counts what the whole service submits, whichever of its outlets it leaves by. */
  constructor(spec: SendsSpec, plan: Plan, names: Names, prefix: string, nextSequence: () => number, random: Random) {
    this.spec = spec
    this.#plan = plan
    this.#names = names
    this.#first = names.reserve(prefix, plan.length)
    this.#answered = new Uint8Array(plan.length)
    this.#submitted = new Uint8Array(plan.length)
    this.#sequences = new Int32Array(plan.length).fill(unsent)
    this.#nextSequence = nextSequence
    this.#random = random
    this.#unanswered = plan.length
    this.#namesTypes = Object.keys(spec.types).length > 0
  }

  /** Messages without an answer. */
  get unanswered(): number {
    return this.#unanswered
  }

  /** The longest that the workload waits between two messages, or before the first, µs. */
  get longestGap(): Micros {
    let longest = Math.max(this.spec.after, this.spec.duplicates?.after ?? 0)
    for (let index = 0, before = 0; index < this.#plan.length; index++) {
      const time = this.#plan.timeOf(index)
      longest = Math.max(longest, time - before)
      before = time
    }
    return longest
  }

  /** What a member of several, starting now, has to send: every n-th message, less what it need not send any more. */
  *due(member: number, members: number): Generator<PlannedMessage> {
    for (let index = member; index < this.#plan.length; index += members) {
      if (!this.#done(index)) yield this.#plan.at(index)
    }
  }

  /** Its sequence is that of the first time that somebody asks for it. */
  envelope(planned: PlannedMessage): Envelope {
    const message = this.#first - planned.index
    return {
      message,
      operation: planned.operation === undefined ? message : this.#names.intern(planned.operation),
      key: planned.key,
      sequence: this.#sequenceOf(planned.index),
      version: planned.version,
      size: planned.size,
      type: this.#typeOf(message) ?? planned.type,
      headers: planned.headers ?? noHeaders,
      body: planned.body,
    }
  }

  /** The same message under another id, as a producer sends it that does not remember having done so. */
  asNew(envelope: Envelope): Envelope {
    return { ...envelope, message: this.#names.intern(`${this.#names.text(envelope.message)}'${++this.#newIds}`) }
  }

  /** Whether the scenario wants this message sent twice. */
  isDoubled(index: number): boolean {
    const { duplicates } = this.spec
    if (duplicates === undefined) return false
    const { messages, probability } = duplicates
    const meant = messages.length === 0 || messages.includes(this.#names.text(this.#first - index))
    return meant && this.#random.fork(`duplicates/${index}`).chance(probability)
  }

  markSubmitted(index: number): void {
    this.#submitted[index] = 1
  }

  markAnswered(index: number): void {
    if (this.#answered[index] === 1) return
    this.#answered[index] = 1
    this.#unanswered--
  }

  /** The process died: what it had submitted will never be answered; unless it sends again, it is done with that. */
  abandon(member: number, members: number): void {
    if (this.spec.afterRestart !== 'continue') return
    for (let index = member; index < this.#plan.length; index += members) {
      if (this.#submitted[index] === 1) this.markAnswered(index)
    }
  }

  /** The type that the scenario gives this message by its name, which is spelled only where there are such. */
  #typeOf(message: Name): string | undefined {
    return this.#namesTypes ? this.spec.types[this.#names.text(message)] : undefined
  }

  #sequenceOf(index: number): number {
    const known = this.#sequences[index] ?? unsent
    if (known !== unsent) return known
    const sequence = this.#nextSequence()
    this.#sequences[index] = sequence
    return sequence
  }

  #done(index: number): boolean {
    switch (this.spec.afterRestart) {
      case 'continue':
        return this.#submitted[index] === 1
      case 'unanswered':
        return this.#answered[index] === 1
      case 'replay':
        return false
    }
  }
}

/** The program of a service that sends on its own account. */
export function* sendAll(
  process: Process,
  outlet: Outlet,
  outbound: Outbound,
  member: number,
  members: number,
): Program {
  const { spec } = outlet
  const slots = new Slots(spec.inFlight)
  for (const planned of outlet.due(member, members)) {
    const wait = spec.after + planned.time - process.now
    if (wait > 0) yield* sleep(wait)
    yield* slots.take()
    start(process, sendOne(outlet, outbound, planned, slots))
  }
}

function* sendOne(outlet: Outlet, outbound: Outbound, planned: PlannedMessage, slots: Slots): Program {
  let envelope = outlet.envelope(planned)
  outlet.markSubmitted(planned.index)
  for (let answer = yield* outbound.send(envelope); !isSuccess(answer); answer = yield* outbound.send(envelope)) {
    if (outlet.spec.onFailure === 'give-up') break
    yield* sleep(pauseBeforeRetry)
    if (outlet.spec.onFailure === 'send-as-new') envelope = outlet.asNew(envelope)
  }
  slots.give()
  if (outlet.spec.duplicates !== undefined) yield* sendDuplicate(outlet, outbound, planned, envelope)
  outlet.markAnswered(planned.index)
}

function* sendDuplicate(outlet: Outlet, outbound: Outbound, planned: PlannedMessage, first: Envelope): Program {
  const { duplicates } = outlet.spec
  if (duplicates === undefined || !outlet.isDoubled(planned.index)) return
  if (duplicates.after > 0) yield* sleep(duplicates.after)
  yield* outbound.send(duplicates.id === 'same' ? first : outlet.asNew(first))
}

function isSuccess({ outcome }: SendAnswer): boolean {
  return outcome === 'confirmed' || outcome === 'assumed'
}

const free = already(undefined)

/** Lets a number of programs go on at a time; the others wait in line. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  take(): Program {
    if (this.#free === 0)
      return perform('wait for a slot', (resume) => void this.#waiting.push(() => resume(undefined)))
    this.#free--
    return free
  }

  give(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
