/** The broker and client versions whose defaults the model knows. Client and server versions may differ. */
export const kafkaVersions = ['3.9', '4.0', '4.1'] as const

export type KafkaVersion = (typeof kafkaVersions)[number]

export type OptionValue = number | boolean | string | null | readonly string[]

/** An option of a real client or broker that the model obeys. */
export interface Option<Value extends OptionValue = OptionValue> {
  readonly type: 'number' | 'boolean' | 'choice' | 'text' | 'list'
  readonly unit: Unit
  readonly defaults: Readonly<Record<KafkaVersion, Value>>
  /** The value may be absent (`null`). */
  readonly isNullable: boolean
  /** Least and greatest number, both allowed. */
  readonly minimum?: number
  readonly maximum?: number
  readonly choices?: readonly string[]
  /** Text or list items must match it; `form` says so in words. */
  readonly pattern?: RegExp
  readonly form?: string
}

export type Unit = 'milliseconds' | 'seconds' | 'minutes' | 'bytes' | 'count' | 'percent' | 'none'

/** The options of one kind of client or server, by their real names. */
export interface OptionTable<Options extends Readonly<Record<string, Option>> = Readonly<Record<string, Option>>> {
  /** For messages: `producer`, `broker`. */
  readonly kind: string
  readonly options: Options
  /** The page that documents an option and its default; `*` stands for the option's name. */
  readonly page: string
  /** Options that are documented elsewhere. */
  readonly otherPages?: Readonly<Record<string, string>>
  /** Real options that mean nothing in the model, each with the reason. A trailing `*` stands for any ending. */
  readonly withoutMeaning: Readonly<Record<string, string>>
}

/** The complete values of a table's options: no field is missing inside the program. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table['options']]: Table['options'][Name] extends Option<infer Value> ? Value : never
}

/** Kafka's `Long.MAX_VALUE` and its like: no bound. Larger numbers are read as this one. */
export const unbounded = Number.MAX_SAFE_INTEGER

export const largestInt = 2_147_483_647

type Defaults<Value extends OptionValue> = Value | Readonly<Record<KafkaVersion, Value>>

interface NumberBounds {
  readonly minimum?: number
  readonly maximum?: number
}

export function milliseconds(byDefault: Defaults<number>, bounds: NumberBounds = {}): Option<number> {
  return numberOption('milliseconds', byDefault, bounds)
}

export function bytes(byDefault: Defaults<number>, bounds: NumberBounds = {}): Option<number> {
  return numberOption('bytes', byDefault, bounds)
}

export function count(byDefault: Defaults<number>, bounds: NumberBounds = {}): Option<number> {
  return numberOption('count', byDefault, bounds)
}

export function numberOption(unit: Unit, byDefault: Defaults<number>, bounds: NumberBounds = {}): Option<number> {
  return { type: 'number', unit, defaults: perVersion(byDefault), isNullable: false, minimum: 0, ...bounds }
}

/** A number that is unset by default; the rule that uses it says what then. */
export function optionalNumber(unit: Unit, bounds: NumberBounds = {}): Option<number | null> {
  return { type: 'number', unit, defaults: perVersion<number | null>(null), isNullable: true, minimum: 0, ...bounds }
}

export function flag(byDefault: Defaults<boolean>): Option<boolean> {
  return { type: 'boolean', unit: 'none', defaults: perVersion(byDefault), isNullable: false }
}

export function choice<const Choice extends string>(
  choices: readonly Choice[],
  byDefault: NoInfer<Choice>,
): Option<Choice> {
  return { type: 'choice', unit: 'none', defaults: perVersion(byDefault), isNullable: false, choices }
}

export function optionalText(): Option<string | null> {
  return { type: 'text', unit: 'none', defaults: perVersion<string | null>(null), isNullable: true }
}

export function text(byDefault: string, pattern: RegExp, form: string): Option<string> {
  return { type: 'text', unit: 'none', defaults: perVersion(byDefault), isNullable: false, pattern, form }
}

/** A list of names, at least one, each of them among the choices. */
export function list(choices: readonly string[], byDefault: readonly string[]): Option<readonly string[]> {
  const defaults = { '3.9': byDefault, '4.0': byDefault, '4.1': byDefault }
  return { type: 'list', unit: 'none', defaults, isNullable: false, choices }
}

/** The page that documents an option. */
export function pageOf(table: OptionTable, name: string): string {
  return table.otherPages?.[name] ?? table.page.replace('*', name)
}

function perVersion<Value extends number | boolean | string | null>(
  value: Value | Readonly<Record<KafkaVersion, Value>>,
): Readonly<Record<KafkaVersion, Value>> {
  return typeof value === 'object' && value !== null ? value : { '3.9': value, '4.0': value, '4.1': value }
}
