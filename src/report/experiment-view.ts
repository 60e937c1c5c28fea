import type { Diagram } from './diagram/diagram.ts'
import type { Story } from './story/story.ts'

/** Rates that were measured of one design or several, as reports get them. */
export interface ExperimentView {
  readonly title: string
  /** How it was measured: runs, profile, seed, confidence. */
  readonly about: string
  /** The command that measures the same again. */
  readonly again: string
  readonly designs: readonly string[]
  readonly guarantees: readonly MeasuredGuarantee[]
  /** What else was measured: times, duplicates, what each message costs; a cell for each design. */
  readonly figures: readonly { readonly title: string; readonly cells: readonly string[] }[]
  /** The runs that are named, each as a scenario by itself. */
  readonly cases: readonly ShownCaseView[]
  readonly contrasts: readonly ContrastView[]
  /** Which node of each design is struck by what is drawn for whom; none where there is one design. */
  readonly counterparts: readonly { readonly title: string; readonly cells: readonly string[] }[]
  /** What it may be taken to say. */
  readonly conclusions: readonly string[]
  readonly frontiers: readonly MeasuredFrontier[]
  readonly swept: readonly SweptOption[]
  /** What a reader must know before believing it: what struck, what never happened, what could not be judged. */
  readonly cautions: readonly string[]
}

export interface MeasuredGuarantee {
  /** `no-loss/effect`. */
  readonly name: string
  /** Of each design, in their order; nothing where it was not judged. */
  readonly rates: readonly (MeasuredRate | undefined)[]
}

/** How often something broke, and between which bounds the rate lies. */
export interface MeasuredRate {
  readonly count: number
  readonly of: number
  readonly low: number
  readonly high: number
  /** The plainest run in which it broke, and its case on the page; nothing where it never did. */
  readonly shown: { readonly run: number; readonly id: string } | undefined
}

/** A run of a design that shows how something breaks. */
export interface ShownCaseView {
  /** By which the page leads to it. */
  readonly id: string
  readonly title: string
  /** The command that runs it. */
  readonly command: string
  /** The scenario file. */
  readonly text: string
  readonly stories: readonly Story[]
  readonly diagram: Diagram | undefined
}

/** A run in which one design breaks what another keeps, under the same faults. */
export interface ContrastView {
  readonly text: string
  /** The one that breaks it, and the one that keeps it. */
  readonly sides: readonly ContrastSide[]
}

export interface ContrastSide {
  readonly design: string
  readonly broke: boolean
  /** Of the same message in both; nothing where there is none to tell. */
  readonly story: Story | undefined
  readonly command: string
}

/** Designs by what they cost and how often a guarantee broke, the cheapest first. */
export interface MeasuredFrontier {
  readonly guarantee: string
  /** With its unit. */
  readonly cost: string
  readonly points: readonly {
    readonly design: string
    readonly cost: number
    readonly rate: number
    readonly onFrontier: boolean
  }[]
}

/** How often each guarantee broke at each value of an option, everything else the same. */
export interface SweptOption {
  readonly path: string
  readonly values: readonly string[]
  readonly lines: readonly { readonly guarantee: string; readonly rates: readonly (MeasuredRate | undefined)[] }[]
}
