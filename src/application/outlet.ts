import type { Name } from '../history/fact.ts'
import type { Names } from '../history/names.ts'
import type { Micros } from '../simulation/duration.ts'
import type { Random } from '../simulation/random.ts'
import type { Envelope } from '../systems/system.ts'
import type { SendsSpec } from './service.ts'
import type { Plan } from './workload.ts'

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

  /** µs after the workload begins at which a message is to be sent. */
  timeOf(index: number): Micros {
    return this.#plan.timeOf(index)
  }

  /** What a member of several, starting now, has to send: every n-th message, less what it need not send any more. */
  *due(member: number, members: number): Generator<number> {
    for (let index = this.nextDue(member, members); index !== undefined; index = this.nextDue(index + members, members))
      yield index
  }

  /** The first message of those that a member has to send, at `from` or later. */
  nextDue(from: number, members: number): number | undefined {
    for (let index = from; index < this.#plan.length; index += members) if (!this.#done(index)) return index
    return undefined
  }

  /** The message with this number. Its sequence is that of the first time that somebody asks for it. */
  envelope(index: number): Envelope {
    const message = this.#first - index
    const { key, size, type, operation, headers, body } = this.#plan.contentOf(index)
    return {
      message,
      operation: operation === undefined ? message : this.#names.intern(operation),
      key,
      sequence: this.#sequenceOf(index),
      version: this.#plan.versionOf(index),
      size,
      type: this.#typeOf(message) ?? type,
      headers: headers ?? noHeaders,
      body,
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
