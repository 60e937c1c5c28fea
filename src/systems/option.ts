/*
 * Options as data: a product writes its tables once, and the parser, the editor's schema, the documents and the report read them.
 */

interface OptionBase {
  /** One sentence; the bound where the name leaves a question. */
  readonly summary: string
  /** The documentation page that states the default. */
  readonly page?: string
}

interface Bounded extends OptionBase {
  /** `null`: no value, where the summary says what that means. */
  readonly fallback: number | null
  readonly minimum?: number
  readonly maximum?: number
}

/** A number with a unit of its own in the scenario (`1 KiB`, `100/s`) or a bare one. Sizes are bytes, rates a second. */
interface NumberOption extends Bounded {
  readonly type: 'size' | 'count' | 'number' | 'rate' | 'probability'
}

/** A time with its unit (`5ms`), in µs here. */
interface DurationOption extends Bounded {
  readonly type: 'duration'
  /** What the product counts in, which a bare number means. Without it the name has to say so (`linger.ms`), or a bare number is refused. */
  readonly unit?: DurationUnit
}

export type DurationUnit = 'ms' | 's' | 'min'

interface FlagOption extends OptionBase {
  readonly type: 'flag'
  readonly fallback: boolean
}

interface TextOption extends OptionBase {
  readonly type: 'text'
  readonly fallback: string | null
}

interface ChoiceOption<C extends string = string> extends OptionBase {
  readonly type: 'choice'
  readonly choices: readonly C[]
  readonly fallback: C
}

interface ListOption extends OptionBase {
  readonly type: 'list'
  readonly fallback: readonly string[]
}

/** Named things of the same shape: queues, topics. */
interface MapOption<T extends OptionTable = OptionTable> extends OptionBase {
  readonly type: 'map'
  readonly of: T
}

/** Options under one name. */
interface GroupOption<T extends OptionTable = OptionTable> extends OptionBase {
  readonly type: 'group'
  readonly of: T
}

export type OptionSpec =
  | NumberOption
  | DurationOption
  | FlagOption
  | TextOption
  | ChoiceOption
  | ListOption
  | MapOption
  | GroupOption

export interface OptionTable {
  readonly [name: string]: OptionSpec
}

type OptionValue<S extends OptionSpec> = S extends { readonly type: 'map'; readonly of: infer T extends OptionTable }
  ? Readonly<Record<string, OptionValues<T>>>
  : S extends { readonly type: 'group'; readonly of: infer T extends OptionTable }
    ? OptionValues<T>
    : S extends { readonly type: 'choice'; readonly choices: readonly (infer C)[] }
      ? C
      : S extends { readonly type: 'list' }
        ? readonly string[]
        : S extends { readonly type: 'flag' }
          ? boolean
          : S extends { readonly type: 'text' }
            ? string | NullIfFallback<S>
            : number | NullIfFallback<S>

/** An option without a value by default may have none. */
type NullIfFallback<S> = S extends { readonly fallback: infer F } ? (null extends F ? null : never) : never

/** The complete values of a table: what the program works with. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: OptionValue<T[K]> }

/** Complete options, and which of them the user set: an explicit value may contradict, a default gives way. */
export interface Settings {
  readonly values: Readonly<Record<string, unknown>>
  /** Paths of what was set, `queues.orders.attempts`. */
  readonly explicit: readonly string[]
}

/** The values of settings that were resolved from this very table. */
export function valuesOf<const T extends OptionTable>(_table: T, settings: Settings): OptionValues<T> {
  // The parser fills in and checks every value against the table; the table is passed for its type.
  return settings.values as OptionValues<T>
}

/** The settings of a table in which nothing is set. */
export function defaultSettings(table: OptionTable): Settings {
  return { values: defaultValues(table), explicit: [] }
}

function defaultValues(table: OptionTable): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, defaultValue(spec)]))
}

function defaultValue(spec: OptionSpec): unknown {
  if (spec.type === 'map') return {}
  return spec.type === 'group' ? defaultValues(spec.of) : spec.fallback
}
