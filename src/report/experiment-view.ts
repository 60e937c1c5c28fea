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
  /** The same in words. */
  readonly text: string
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
