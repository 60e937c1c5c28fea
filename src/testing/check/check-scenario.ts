import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { FixtureMessage } from './check.ts'

/** A check as a scenario in which nothing breaks yet, and which of its services is the code under test. */
export interface CheckScenario {
  readonly scenario: Scenario
  readonly service: string
  /** The messages in the order in which they are sent. */
  readonly messages: readonly FixtureMessage[]
  /** Operations of which the check says that the code ignores them. */
  readonly ignored: ReadonlySet<string>
  /** The schedule that the check gives, or that its scenario file has beside what a plan draws. */
  readonly schedule: readonly Fault[]
}
