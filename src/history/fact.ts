/** How the values of a fact are stored: a whole number of 32 bits, a point in time or duration in µs, an interned name, a yes or no. */
export type FieldType = 'int' | 'micros' | 'name' | 'flag'

export type Fields = Readonly<Record<string, FieldType>>

/** A text of a history, as a number: compare names by their numbers, print them with {@link Names.text}. */
export type Name = number & { readonly brand?: 'name' }

/** Who can know the fact: checks of guarantees may use `client` and `store`, audits also `broker`. */
export type FactScope = 'client' | 'store' | 'broker' | 'node' | 'network' | 'fault' | 'run'

/** One kind of fact: its name, its columns, and how to say it. */
export interface FactKind<N extends string = string, F extends Fields = Fields> {
  readonly name: N
  readonly scope: FactScope
  readonly fields: F
  /** A sentence in the past tense with `{field}` and `{node}` in it. */
  readonly phrase: string
  /** Why it happens, where its product says so. */
  readonly rule?: FactRule
}

/**
 * How well a rule is evidenced. `documented`: its makers say so in their documents. `source`: it was read in their source. `inferred`: it follows
 * from the others and is written nowhere. `defined`: it is a rule of this simulation or of the scenario itself.
 */
export type Evidence = 'documented' | 'source' | 'inferred' | 'defined'

/** The rule that a kind of fact comes from, for stories. */
export interface FactRule {
  /** One sentence. */
  readonly statement: string
  readonly evidence: Evidence
  /** Where it is written; empty where it is nowhere. */
  readonly page: string
  /** What happens all the time and turns nothing: a story mentions it only where it is about the message itself. */
  readonly routine?: true
  /** The kind of fact that ends what began with such a fact, where it lasts: a connection is blocked until it is unblocked. */
  readonly until?: string
  /** The guarantee that such a fact keeps, where it is a mechanism that was made for that. */
  readonly keeps?: string
}

export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends 'flag' ? boolean : number }

/** No fact: the cause of a fact that nothing inside the run caused. */
export const noFact = -1

/** What every fact has besides the values of its kind. */
export interface FactFrame {
  readonly index: number
  /** Virtual time in µs. */
  readonly time: number
  readonly node: Name
  /** Index of the fact that triggered this one, or {@link noFact}. */
  readonly cause: number
  /** Index of the fact that explains what this one had been waiting for in vain, or {@link noFact}. */
  readonly waitedFor: number
}

export type FactOf<K extends FactKind> = K extends FactKind
  ? FactFrame & { readonly kind: K['name'] } & ValuesOf<K['fields']>
  : never

/** A fact of a kind known only by its schema. */
export type AnyFact = FactFrame & { readonly kind: string } & Readonly<Record<string, number | boolean | string>>

export function defineFact<const N extends string, const F extends Fields>(
  name: N,
  scope: FactScope,
  fields: F,
  phrase: string,
  rule?: FactRule,
): FactKind<N, F> {
  return { name, scope, fields, phrase, ...(rule === undefined ? {} : { rule }) }
}
