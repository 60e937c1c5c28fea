import { Column } from '../history/columns.ts'
import type { FactOf, Name } from '../history/fact.ts'
import { answered, derived, submitted, type NeutralFact } from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import type { Names } from '../history/names.ts'
import { IntegerMap } from '../history/integer-map.ts'

/** What a producer was told, from knowing nothing to knowing most. `open` is a send that nobody answered. */
const outcomes = ['open', 'rejected', 'unknown', 'assumed', 'confirmed'] as const

export type Outcome = (typeof outcomes)[number]

const rejectedRank = outcomes.indexOf('rejected')

/**
 * What was sent: who sent which message of which operation where, what the producer was told, and which message was made from which.
 * Everything but the lineage is kept as numbers by name.
 */
export class Sends implements Fold {
  readonly kinds = [submitted, answered, derived]
  /** The messages in the order of their first submission. */
  readonly messages = new Column((size) => new Int32Array(size))
  readonly #ranks: ReadonlyMap<Name, number>
  readonly #message = {
    submittedAt: new IntegerMap(),
    answeredAt: new IntegerMap(),
    rank: new IntegerMap(),
    /** Submissions that were not rejected. */
    possible: new IntegerMap(),
    operation: new IntegerMap(),
    channel: new IntegerMap(),
    sender: new IntegerMap(),
  }
  readonly #operation = {
    submittedAt: new IntegerMap(),
    /** Messages of the operation that were not rejected. */
    possible: new IntegerMap(),
    producer: new IntegerMap(),
    key: new IntegerMap(),
    sequence: new IntegerMap(),
  }
  readonly #parents = new Map<Name, Name[]>()

  constructor(names: Names) {
    this.#ranks = new Map(outcomes.map((outcome, rank) => [names.intern(outcome), rank]))
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'submitted':
        return this.#submit(fact)
      case 'answered':
        return this.#answer(fact)
      case 'derived':
        return this.#derive(fact)
    }
  }

  wasSubmitted(message: Name): boolean {
    return this.#message.submittedAt.get(message) > 0
  }

  /** Index of the fact that says so; -1 when the message was never submitted. */
  submissionOf(message: Name): number {
    return this.#message.submittedAt.get(message) - 1
  }

  /** Index of the fact that gave the outcome; -1 when there was none. */
  answerTo(message: Name): number {
    return this.#message.answeredAt.get(message) - 1
  }

  outcomeOf(message: Name): Outcome {
    return outcomes[this.#message.rank.get(message)] ?? 'open'
  }

  /** Only of a message that was submitted, as are the channel and the sender. */
  operationOf(message: Name): Name {
    return this.#message.operation.get(message)
  }

  channelOf(message: Name): Name {
    return this.#message.channel.get(message)
  }

  senderOf(message: Name): Name {
    return this.#message.sender.get(message)
  }

  knowsOperation(operation: Name): boolean {
    return this.#operation.submittedAt.get(operation) > 0
  }

  /** Index of the operation's first submission; -1 when it was never submitted. */
  firstSubmissionOf(operation: Name): number {
    return this.#operation.submittedAt.get(operation) - 1
  }

  /** Whether every message that carried this operation was rejected. */
  wasRejected(operation: Name): boolean {
    return this.knowsOperation(operation) && this.#operation.possible.get(operation) === 0
  }

  /** The node that submitted the operation first, and the key and sequence that it gave it. */
  producerOf(operation: Name): Name {
    return this.#operation.producer.get(operation)
  }

  keyOf(operation: Name): Name {
    return this.#operation.key.get(operation)
  }

  sequenceOf(operation: Name): number {
    return this.#operation.sequence.get(operation)
  }

  parentsOf(message: Name): readonly Name[] {
    return this.#parents.get(message) ?? []
  }

  #submit({ index, node, message, operation, channel, service, key, sequence }: FactOf<typeof submitted>): void {
    this.#message.possible.add(message, 1)
    if (this.wasSubmitted(message)) return this.#submitAgain(message)
    this.messages.push(message)
    this.#message.submittedAt.set(message, index + 1)
    this.#message.operation.set(message, operation)
    this.#message.channel.set(message, channel)
    this.#message.sender.set(message, service)
    this.#operation.possible.add(operation, 1)
    if (this.knowsOperation(operation)) return
    this.#operation.submittedAt.set(operation, index + 1)
    this.#operation.producer.set(operation, node)
    this.#operation.key.set(operation, key)
    this.#operation.sequence.set(operation, sequence)
  }

  /** A message that is sent once more after a rejection may arrive after all. */
  #submitAgain(message: Name): void {
    if (this.#message.rank.get(message) === rejectedRank) this.#changeRank(message, 0)
  }

  /** Of several answers to a message the one that says most counts; a rejection speaks for one submission, and only of all of them for the message. */
  #answer({ index, message, outcome }: FactOf<typeof answered>): void {
    const rank = this.#ranks.get(outcome) ?? 0
    if (!this.wasSubmitted(message)) return
    if (rank === rejectedRank && this.#stillPossible(message)) return
    if (rank <= this.#message.rank.get(message)) return
    this.#message.answeredAt.set(message, index + 1)
    this.#changeRank(message, rank)
  }

  /** Whether a submission is left that nobody rejected, now that one more was. */
  #stillPossible(message: Name): boolean {
    const possible = Math.max(0, this.#message.possible.get(message) - 1)
    this.#message.possible.set(message, possible)
    return possible > 0
  }

  #changeRank(message: Name, rank: number): void {
    const before = this.#message.rank.get(message) === rejectedRank ? 1 : 0
    const after = rank === rejectedRank ? 1 : 0
    this.#message.rank.set(message, rank)
    if (before !== after) this.#operation.possible.add(this.operationOf(message), before - after)
  }

  #derive(fact: FactOf<typeof derived>): void {
    const parents = this.#parents.get(fact.message)
    if (parents === undefined) this.#parents.set(fact.message, [fact.parent])
    else if (!parents.includes(fact.parent)) parents.push(fact.parent)
  }
}
