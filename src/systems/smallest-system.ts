import type { Micros } from '../simulation/duration.ts'

/**
 * The smallest system of a product for trying a service on: one source from which several members read, and which hands a message out again
 * when its consumer died or fell silent. In the words of a scenario.
 */
export interface SmallestSystem {
  readonly options: Readonly<Record<string, unknown>>
  /** What is sent to and received from. */
  readonly address: string
  readonly consumer: Readonly<Record<string, unknown>>
  /** µs without a word from a consumer after which somebody else may have its messages: what was asked for, or the least that can be. */
  readonly redeliveredAfter: Micros
  /** Whether deliveries have a position in a log. */
  readonly hasPositions: boolean
}
