import type { Micros } from './duration.ts'
import type { Node, Undo } from './node.ts'
import type { World } from './world.ts'

/**
 * Where in a step a fault strikes: `before` it (the step never happens), `after-state` (its state is changed, nothing has left),
 * after so many of its messages have left, or `after-step`.
 */
export type FaultCut = 'before' | 'after-state' | 'after-step' | { readonly afterSends: number }

/** A fact by identity: its kind, where it happens, and the values it has. The n-th such fact counts, the first by default. */
export interface Anchor {
  readonly fact: string
  /** A target; the fact must happen on one of its nodes. */
  readonly at?: string
  readonly values: Readonly<Record<string, string | number | boolean>>
  readonly nth: number
}

export type ParameterValue = string | number | boolean

/** One entry of a fault schedule. It strikes at a time, or when a fact happens. */
export interface Fault {
  readonly action: string
  /** Groups of targets; most actions have one group, a partition has its sides. */
  readonly targets: readonly (readonly string[])[]
  readonly parameters: Readonly<Record<string, ParameterValue>>
  readonly strikes: { readonly at: Micros } | { readonly when: Anchor; readonly cut: FaultCut }
  /** How long it lasts, µs; `undefined` lasts until everything is healed. */
  readonly duration: Micros | undefined
}

/** `factor` multiplies, `probability` is 0 to 1, `count` a whole number, `rate` µs a second. */
export type ParameterType = 'duration' | 'factor' | 'probability' | 'count' | 'flag' | 'rate' | 'text'

export interface ParameterSpec {
  readonly type: ParameterType
  readonly fallback: ParameterValue
  readonly summary: string
}

/** What a kind of fault sees when it strikes. */
export interface FaultStrike {
  readonly world: World
  /** The nodes of each group of targets, never empty. */
  readonly groups: readonly (readonly Node[])[]
  readonly parameters: Readonly<Record<string, ParameterValue>>
  readonly duration: Micros | undefined
  /** The fact of this strike. */
  readonly fact: number
}

/** A kind of fault: its name in a scenario, what it takes, and what it does. */
export interface FaultKind {
  readonly name: string
  readonly summary: string
  /** `nodes`: one group. `pair`: two. `sides`: two or more. */
  readonly takes: 'nodes' | 'pair' | 'sides'
  readonly parameters: Readonly<Record<string, ParameterSpec>>
  /** To the machine it is a restart under another name: whoever draws faults of every kind leaves it out. */
  readonly isRestart?: boolean
  /** Whether it can do anything to a node; others are passed over. Default: to every one. Whoever draws faults of every kind leaves out one that cannot. */
  concerns?(node: Node): boolean
  /** What it would take to change anything, where these parameters change nothing: "a factor above 1". */
  lacks?(parameters: FaultStrike['parameters']): string | undefined
  /** Does it, and returns what ends it; nothing where it is over at once. */
  strike(strike: FaultStrike): Undo | undefined
}

/** All parameters of a fault of this kind: those that are given, and what the others are by default. */
export function withFallbacks({ parameters }: FaultKind, given: Fault['parameters']): Fault['parameters'] {
  const fallbacks = Object.entries(parameters).map(([name, { fallback }]) => [name, fallback] as const)
  return { ...Object.fromEntries(fallbacks), ...given }
}

export function numberParameter(parameters: FaultStrike['parameters'], name: string): number {
  const value = parameters[name]
  if (typeof value !== 'number')
    throw new TypeError(`The parameter ${name} of a fault must be a number, not ${String(value)}.`)
  return value
}

export function flagParameter(parameters: FaultStrike['parameters'], name: string): boolean {
  return parameters[name] === true
}

/** One undo for many. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos) undo()
  }
}
