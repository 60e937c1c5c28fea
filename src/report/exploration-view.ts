import type { Diagram } from './diagram/diagram.ts'
import type { Story } from './story/story.ts'

/** What a search or a sweep found, as reports get it. */
export interface ExplorationView {
  readonly title: string
  /** The variant and the seed. */
  readonly about: string
  /** What was tried and what came of it, a sentence each. */
  readonly summary: readonly string[]
  /** Of a sweep, exactly what was covered; nothing for a search, which covers nothing exactly. */
  readonly coverage: readonly CoveredFault[]
  /** How often each kind of fault really struck in a search; empty for a sweep, whose coverage says so. */
  readonly struck: readonly { readonly kind: string; readonly times: number }[]
  /** What was kept of earlier searches, and what it shows today. */
  readonly kept: readonly { readonly file: string; readonly title: string; readonly state: string }[]
  readonly cases: readonly FoundCase[]
  /** Kinds of failures that no case was made of. */
  readonly others: readonly string[]
}

/** A kind of fault on somebody, at so many points, and at how many of them each guarantee broke. */
export interface CoveredFault {
  readonly what: string
  readonly points: number
  readonly runs: number
  /** Points at which it found nobody to strike. */
  readonly missed: number
  readonly broken: Readonly<Record<string, number>>
}

/** The smallest run of a kind of failure. */
export interface FoundCase {
  readonly title: string
  readonly kind: string
  /** `1 fault, 1 message (from 12 faults, 50 messages, in 45 runs)`. */
  readonly size: string
  /** What does not matter about it. */
  readonly remarks: readonly string[]
  /** What mends it, or that nothing was found that does; nothing where nobody looked. */
  readonly mend: string | undefined
  /** The command that runs it. */
  readonly command: string
  /** The scenario file. */
  readonly text: string
  readonly stories: readonly Story[]
  readonly diagram: Diagram | undefined
}
