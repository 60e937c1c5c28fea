import { Failure } from '../failure.ts'
import type { SqlFunction } from './sql-function.ts'
import { define, listOf, numberOf, textOf } from './sql-function.ts'

/** A JSON value as it is once parsed. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Reads a JSON text; numbers with more digits than a double keeps are refused, as they would come out changed. */
export function parseJson(text: string): Json {
  if (/\d[\d.]{15,}/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')))
    throw new Failure('0A000', 'numbers in JSON with more than 15 digits', { isUnsupported: true })
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    throw new Failure('22P02', 'invalid input syntax for type json')
  }
}

/** As the server writes `jsonb`: keys by length, then by code, and a space after each colon and comma. */
export function jsonText(value: Json): string {
  if (isArray(value)) return `[${value.map(jsonText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const keys = Object.keys(value).sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${jsonText(value[key] ?? null)}`).join(', ')}}`
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function member(value: Json, key: string | number): Json | undefined {
  if (isArray(value)) return typeof key === 'number' ? value.at(key) : undefined
  if (typeof value !== 'object' || value === null || typeof key !== 'string') return undefined
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function along(value: Json, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value
  for (const step of path) {
    if (found === undefined) return undefined
    found = member(found, isArray(found) && /^-?\d+$/.test(step) ? Number(step) : step)
  }
  return found
}

function shown(value: Json | undefined, type: 'json' | 'jsonb'): string | null {
  if (value === undefined) return null
  return type === 'jsonb' ? jsonText(value) : JSON.stringify(value)
}

/** As a text: without quotes around a string; null for null. */
function unquoted(value: Json | undefined, type: 'json' | 'jsonb'): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : shown(value, type)
}

function contains(whole: Json, part: Json): boolean {
  if (isArray(whole)) {
    if (!isArray(part)) return typeof part !== 'object' && whole.some((each) => each === part)
    return part.every((wanted) => whole.some((each) => isAlike(each, wanted) && contains(each, wanted)))
  }
  if (typeof whole !== 'object' || whole === null) return whole === part
  if (typeof part !== 'object' || part === null || isArray(part)) return false
  return Object.entries(part).every(([key, wanted]) => {
    const found = member(whole, key)
    return found !== undefined && isAlike(found, wanted) && contains(found, wanted)
  })
}

function isAlike(one: Json, other: Json): boolean {
  return isArray(one) === isArray(other) && typeof one === typeof other
}

function joined(one: Json, other: Json): Json {
  const isObject = (value: Json): value is { readonly [key: string]: Json } =>
    typeof value === 'object' && value !== null && !isArray(value)
  if (isObject(one) && isObject(other)) return { ...one, ...other }
  const list = (value: Json): readonly Json[] => (isArray(value) ? value : [value])
  return [...list(one), ...list(other)]
}

function without(value: Json, key: string): Json {
  if (isArray(value)) return value.filter((each) => each !== key)
  if (typeof value !== 'object' || value === null) throw new Failure('22023', 'cannot delete from scalar')
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
}

function withValue(value: Json, [step, ...rest]: readonly string[], to: Json, creates: boolean): Json {
  if (step === undefined) return to
  if (isArray(value)) {
    const index = Number(step)
    const place = index < 0 ? value.length + index : index
    if (place >= value.length) return rest.length === 0 && creates ? [...value, to] : value
    return value.map((each, at) => (at === place ? withValue(each, rest, to, creates) : each))
  }
  if (typeof value !== 'object' || value === null) return value
  const found = member(value, step)
  if (found === undefined && (rest.length > 0 || !creates)) return value
  return { ...value, [step]: withValue(found ?? null, rest, to, creates) }
}

function textsOf(value: Parameters<typeof listOf>[0]): readonly string[] {
  return listOf(value).map(textOf)
}

function kindName(value: Json): string {
  if (value === null) return 'null'
  return isArray(value) ? 'array' : typeof value
}

function accessors(type: 'json' | 'jsonb'): readonly SqlFunction[] {
  return [
    define('->', [type, 'text'], type, ([json, key]) => shown(member(parseJson(textOf(json)), textOf(key)), type)),
    define('->', [type, 'int4'], type, ([json, place]) =>
      shown(member(parseJson(textOf(json)), numberOf(place)), type),
    ),
    define('->>', [type, 'text'], 'text', ([json, key]) =>
      unquoted(member(parseJson(textOf(json)), textOf(key)), type),
    ),
    define('->>', [type, 'int4'], 'text', ([json, place]) =>
      unquoted(member(parseJson(textOf(json)), numberOf(place)), type),
    ),
    define('#>', [type, 'text[]'], type, ([json, path]) => shown(along(parseJson(textOf(json)), textsOf(path)), type)),
    define('#>>', [type, 'text[]'], 'text', ([json, path]) =>
      unquoted(along(parseJson(textOf(json)), textsOf(path)), type),
    ),
    define(`${type}_array_length`, [type], 'int4', ([json]) => {
      const value = parseJson(textOf(json))
      if (!isArray(value)) throw new Failure('22023', 'cannot get array length of a non-array')
      return value.length
    }),
    define(`${type}_typeof`, [type], 'text', ([json]) => kindName(parseJson(textOf(json)))),
  ]
}

export const documentFunctions: readonly SqlFunction[] = [
  ...accessors('json'),
  ...accessors('jsonb'),
  define('||', ['jsonb', 'jsonb'], 'jsonb', ([one, other]) =>
    jsonText(joined(parseJson(textOf(one)), parseJson(textOf(other)))),
  ),
  define('-', ['jsonb', 'text'], 'jsonb', ([json, key]) => jsonText(without(parseJson(textOf(json)), textOf(key)))),
  define('@>', ['jsonb', 'jsonb'], 'bool', ([whole, part]) =>
    contains(parseJson(textOf(whole)), parseJson(textOf(part))),
  ),
  define('<@', ['jsonb', 'jsonb'], 'bool', ([part, whole]) =>
    contains(parseJson(textOf(whole)), parseJson(textOf(part))),
  ),
  define('?', ['jsonb', 'text'], 'bool', ([json, key]) => {
    const value = parseJson(textOf(json))
    return isArray(value)
      ? value.includes(textOf(key))
      : value === textOf(key) || member(value, textOf(key)) !== undefined
  }),
  define('jsonb_set', ['jsonb', 'text[]', 'jsonb'], 'jsonb', ([json, path, to]) =>
    jsonText(withValue(parseJson(textOf(json)), textsOf(path), parseJson(textOf(to)), true)),
  ),
  define('jsonb_set', ['jsonb', 'text[]', 'jsonb', 'bool'], 'jsonb', ([json, path, to, creates]) =>
    jsonText(withValue(parseJson(textOf(json)), textsOf(path), parseJson(textOf(to)), creates === true)),
  ),
  define('jsonb_build_object', ['jsonb[]'], 'jsonb', ([items]) => jsonText(objectOf(listOf(items).map(jsonOf))), true),
  define('json_build_object', ['jsonb[]'], 'json', ([items]) => builtText(listOf(items).map(jsonOf)), true),
  define('jsonb_build_array', ['jsonb[]'], 'jsonb', ([items]) => jsonText(listOf(items).map(jsonOf)), true),
  define('json_build_array', ['jsonb[]'], 'json', ([items]) => jsonText(listOf(items).map(jsonOf)), true),
]

function jsonOf(value: Parameters<typeof textOf>[0]): Json {
  return value === null ? null : parseJson(textOf(value))
}

function keyOf(value: Json | undefined): string {
  if (value === undefined || value === null) throw new Failure('22023', 'argument 1: key must not be null')
  return typeof value === 'string' ? value : jsonText(value)
}

function objectOf(items: readonly Json[]): Json {
  if (items.length % 2 !== 0) throw new Failure('22023', 'argument list must have even number of elements')
  const pairs = items.flatMap((item, place) =>
    place % 2 === 0 ? [[keyOf(item), items[place + 1] ?? null] as const] : [],
  )
  return Object.fromEntries(pairs)
}

/** In the order in which it was built. */
function builtText(items: readonly Json[]): string {
  return `{${Object.entries(objectOf(items) ?? {})
    .map(([key, value]) => `${JSON.stringify(key)} : ${jsonText(value)}`)
    .join(', ')}}`
}
