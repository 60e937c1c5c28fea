import type { Micros } from '../../../simulation/duration.ts'
import type { Anchor, Fault } from '../../../simulation/fault.ts'
import type { Random } from '../../../simulation/random.ts'

/** What a plan knows of the run in which nothing breaks: whom it can strike, and when. */
export interface Ground {
  /** The nodes that run the code under test. */
  readonly members: readonly string[]
  readonly brokers: readonly string[]
  /** Brokers that can be started again without losing what they were trusted with: to one that keeps messages in its memory a restart is a loss of its own. */
  readonly restartable: readonly string[]
  readonly stores: readonly string[]
  /** Those of them that are databases: a clean restart loses nothing of what they confirmed. */
  readonly databases: readonly string[]
  /** Those of them that are APIs of somebody else, and what a call takes there, µs. */
  readonly apis: ReadonlyMap<string, Micros>
  /** The moments of the handling of messages, in the order in which they came. */
  readonly moments: readonly Moment[]
  /** µs: when the first message was handed out, and when there was nothing more to do. */
  readonly begins: Micros
  readonly ends: Micros
  /** How many versions of the code there are. */
  readonly versions: number
}

/** Something that the code does, at which a fault can strike. */
export interface Moment {
  readonly anchor: Anchor
  /**
   * Whom it strikes. Of the handling of a message the handler, whoever that is then: after a change of timing it may be somebody else. Of what is
   * done outside of any handling the member that did it, or all where nobody knows which.
   */
  readonly struck: readonly string[]
}

/** Where faults strike in the runs of a check. */
export interface FaultPlan {
  readonly name: string
  readonly summary: string
  /** The schedule of one run, from draws that belong to this run alone. */
  readonly draw?: (random: Random, ground: Ground) => readonly Fault[]
  /** Every schedule that there is, for plans that leave nothing to chance. */
  readonly every?: (ground: Ground) => readonly (readonly Fault[])[]
}
