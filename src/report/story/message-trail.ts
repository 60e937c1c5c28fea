import type { AnyFact } from '../../history/fact.ts'
import {
  acknowledged,
  answered,
  copyEnded,
  copyStored,
  delivered,
  derived,
  effectApplied,
  effectSkipped,
  handlingFailed,
  submitted,
} from '../../history/facts.ts'
import type { Run } from '../../run.ts'

export type Claim = Run['systems'][number]['claims'][number]

/** What the facts about the messages of a witness say, as far as advice depends on it. */
export class MessageTrail {
  readonly #run: Run
  readonly #facts: readonly AnyFact[]

  constructor(run: Run, facts: readonly AnyFact[]) {
    this.#run = run
    this.#facts = facts
  }

  has(kind: string): boolean {
    return this.#facts.some((fact) => fact.kind === kind)
  }

  /** Why a copy came to such an end, as its system says it; `undefined` where none did. */
  endOf(fate: string): string | undefined {
    const ended = this.#facts.findLast((fact) => fact.kind === copyEnded.name && this.#text(fact, 'fate') === fate)
    return ended && this.#text(ended, 'reason')
  }

  answeredWith(outcome: string): boolean {
    return this.#facts.some((fact) => fact.kind === answered.name && this.#text(fact, 'outcome') === outcome)
  }

  /** Why the last effect that was left out was left out; empty where none was. */
  get skipped(): string {
    const skipped = this.#facts.findLast(({ kind }) => kind === effectSkipped.name)
    return skipped === undefined ? '' : this.#text(skipped, 'reason')
  }

  /** Whether this service failed and never got as far as deciding on an effect. */
  failsEachTime(service: string): boolean {
    const of = (kind: string): boolean => this.#did(kind, service)
    return of(handlingFailed.name) && !of(effectApplied.name) && !of(effectSkipped.name)
  }

  /** Whether it had an effect in this service. */
  hadEffect(service: string): boolean {
    return this.#did(effectApplied.name, service)
  }

  /** Whether everybody who was handed it has acknowledged it. */
  isDoneWith(): boolean {
    const by = (kind: string): ReadonlySet<string> =>
      new Set(this.#facts.flatMap((fact) => (fact.kind === kind ? [this.#text(fact, 'service')] : [])))
    const done = by(acknowledged.name)
    return [...by(delivered.name)].every((service) => done.has(service))
  }

  /** Whether somebody was handed the same message again, and not since it was stored twice by whoever published it. */
  cameBack(): boolean {
    const again = this.#facts.some((fact) => fact.kind === delivered.name && Number(fact['attempt']) > 1)
    return (
      again &&
      (!this.wasStoredTwice() || this.endOf('dead-lettered') !== undefined || this.endOf('moved') !== undefined)
    )
  }

  wasStoredTwice(): boolean {
    return isRepeated(this.#facts, copyStored.name, (fact) => [fact['message'], fact.node, fact['place']])
  }

  /** Whether what is one thing was sent more than once. */
  sentAgain(): boolean {
    return isRepeated(this.#facts, submitted.name, (fact) => [fact['operation']])
  }

  /** Whether what is one thing was sent under several ids. */
  sentAsNew(): boolean {
    const sent = this.#facts.filter(({ kind }) => kind === submitted.name)
    const ids = new Set(sent.map(({ message }) => message))
    return ids.size > new Set(sent.map(({ operation }) => operation)).size
  }

  /** Whether the same was made from its parent more than once, because that was handled more than once. */
  madeTwice(): boolean {
    return isRepeated(this.#facts, derived.name, (fact) => [fact['message'], fact['parent']])
  }

  /** What a product says that it does not promise to the consumer, or the producer, of this service. */
  claim(guarantee: string, service: string, role?: Claim['role']): Claim | undefined {
    const claims = this.#run.systems.flatMap((system) => system.claims)
    return claims.find(
      (claim) =>
        !claim.holds &&
        claim.guarantee === guarantee &&
        claim.service === service &&
        (role === undefined || claim.role === role),
    )
  }

  /** Whether others than this service were handed it, and this one was not. */
  wentToOthers(service: string): boolean {
    const handed = this.#facts.flatMap((fact) => (fact.kind === delivered.name ? [this.#text(fact, 'service')] : []))
    return handed.length > 0 && !handed.includes(service)
  }

  #did(kind: string, service: string): boolean {
    return this.#facts.some((fact) => fact.kind === kind && this.#text(fact, 'service') === service)
  }

  #text(fact: AnyFact, field: string): string {
    const value = fact[field]
    return typeof value === 'number' ? this.#run.history.names.text(value) : ''
  }
}

/** Whether two facts of a kind are about the same. */
function isRepeated(facts: readonly AnyFact[], kind: string, about: (fact: AnyFact) => readonly unknown[]): boolean {
  const keys = facts.flatMap((fact) => (fact.kind === kind ? [JSON.stringify(about(fact))] : []))
  return keys.length > new Set(keys).size
}
