import type { ServiceSpec } from '../application/service.ts'
import type { Micros } from '../simulation/duration.ts'
import type { Fault } from '../simulation/fault.ts'
import type { LinkProfile } from '../simulation/link-profile.ts'
import type { SettlingOptions } from '../simulation/settling.ts'
import type { Settings } from '../systems/option.ts'

/** A system of a scenario: which product, which version, and its options. */
export interface SystemUse {
  readonly kind: string
  readonly version: string
  readonly settings: Settings
}

export interface StoreUse {
  readonly kind: string
  readonly settings: Settings
}

/** What a learner is asked before the answer. `usual` is the common mistake. */
export interface Prediction {
  readonly ask: string
  readonly choices: readonly string[]
  readonly usual: string
  readonly answer: string
}

/** What a scenario says will come out. `service` is a service or a chain `shop→billing`; without a level it is meant for every level. */
export interface Expectation {
  readonly service: string
  readonly guarantee: string
  readonly level: 'delivery' | 'effect' | undefined
  readonly verdict: 'holds' | 'violated' | 'unknown'
}

/** A bound on a figure: `p99 of effect latency < 50 ms`. Times in µs. */
export interface Threshold {
  /** A path into the metrics: `effectLatency.p99`. */
  readonly metric: string
  readonly service: string
  readonly relation: '<' | '<=' | '==' | '>=' | '>'
  readonly value: number
  /** As it was written, for people. */
  readonly text: string
}

/** Faults that are drawn from a profile for a time, besides those that are written down. */
export interface NemesisSpec {
  readonly profile: string
  /** µs. */
  readonly duration: Micros
}

/** How nodes are linked: a profile for all, another between zones, others for pairs of nodes or services. */
export interface NetworkSpec {
  readonly everywhere: LinkProfile
  readonly betweenZones: LinkProfile | undefined
  readonly links: readonly { readonly between: readonly [string, string]; readonly profile: LinkProfile }[]
}

/** Everything that a run depends on, complete and checked. The same scenario gives the same bytes on every machine. */
export interface Scenario {
  /** Folder and file name without ending, or whatever names it in reports. */
  readonly name: string
  readonly title: string
  readonly question: string
  readonly predict: Prediction | undefined
  readonly why: string
  readonly seed: string
  readonly systems: Readonly<Record<string, SystemUse>>
  readonly stores: Readonly<Record<string, StoreUse>>
  readonly services: readonly ServiceSpec[]
  readonly network: NetworkSpec
  readonly faults: readonly Fault[]
  readonly nemesis: NemesisSpec | undefined
  readonly settling: SettlingOptions
  readonly expectations: readonly Expectation[]
  /** What is expected of everything that is judged and that no expectation names. */
  readonly otherwise: 'anything' | 'not-violated'
  readonly thresholds: readonly Threshold[]
  /** The variant that was chosen; empty for the scenario as it stands. */
  readonly variant: string
}
