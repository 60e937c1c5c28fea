import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import { functionOf, sqlFunctions } from '../../../application/stores/database/core/functions/registry.ts'
import type { SqlFunction } from '../../../application/stores/database/core/functions/sql-function.ts'
import { signature } from '../../../application/stores/database/core/functions/sql-function.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Expression } from '../../../application/stores/database/expression.ts'
import { call, canCoerce, coerce, settled } from './coerce.ts'
import type { Placed, Translating } from './translating.ts'
import type { Typed } from './typed.ts'
import { plainType } from './typed.ts'

const byName = new Map<string, SqlFunction[]>()
for (const each of sqlFunctions) byName.set(each.name, [...(byName.get(each.name) ?? []), each])

/** Of several that could be meant the server takes these first. */
const preferred: readonly DataType[] = ['float8', 'text', 'timestamptz', 'bool', 'interval']

/** The function or operator of a name that fits what is given best. */
export function candidateFor(name: string, given: readonly Typed[]): SqlFunction | undefined {
  const types = given.map(({ type }) => (type === 'unknown' ? undefined : plainType(type)))
  const [one, other] = types
  // An operand without a type is taken for one of the type of the other.
  if (given.length === 2 && (one === undefined) !== (other === undefined)) {
    const same = one ?? other
    const found = same === undefined ? undefined : functionOf(signature(name, [same, same]))
    if (found !== undefined) return found
  }
  const fitting = (byName.get(name) ?? []).flatMap((candidate) => {
    if (candidate.takes.length !== types.length) return []
    const fits = types.every((type, place) => {
      const wanted = candidate.takes[place]
      return type === undefined || (wanted !== undefined && canCoerce(type, wanted, 'implicit'))
    })
    const exact = types.filter((type, place) => type === candidate.takes[place]).length
    const likely = candidate.takes.filter((type, place) => types[place] !== type && preferred.includes(type)).length
    return fits ? [{ candidate, exact, likely }] : []
  })
  fitting.sort((left, right) => right.exact - left.exact || right.likely - left.likely)
  return fitting[0]?.candidate
}

/** A function by its name. */
export function callByName(translating: Translating, name: string, given: readonly Typed[], at: Placed): Typed {
  const isKnown = byName.has(name)
  if (!isKnown) return translating.unsupported(`the function ${name}`, at)
  const found = candidateFor(name, given)
  const types = given.map(({ type }) => (type === 'unknown' ? 'unknown' : typeName(plainType(type))))
  if (found === undefined) return translating.fail('42883', `function ${name}(${types.join(', ')}) does not exist`, at)
  const values = given.map((each, place) => coerce(translating, each, found.takes[place] ?? 'text', 'implicit'))
  return { type: found.gives, expression: call(found.name, found.takes, values), name, at }
}

/** Functions that take values of any type, or any number of them. */
export function specialCall(
  translating: Translating,
  name: string,
  given: readonly Typed[],
  at: Placed,
): Typed | undefined {
  const asTexts = (values: readonly Typed[]): Expression => ({
    kind: 'list',
    items: values.map((each) => asOutput(translating, each)),
  })
  switch (name) {
    case 'concat':
      return { type: 'text', expression: call('concat', ['text[]'], [asTexts(given)]), name, at }
    case 'concat_ws': {
      const [separator, ...rest] = given
      if (separator === undefined) return undefined
      const values = [coerce(translating, separator, 'text', 'implicit'), asTexts(rest)]
      return { type: 'text', expression: call('concat_ws', ['text', 'text[]'], values), name, at }
    }
    case 'json_build_object':
    case 'jsonb_build_object':
    case 'json_build_array':
    case 'jsonb_build_array': {
      const items = given.map((each) => asJson(translating, each))
      const type = name.startsWith('jsonb') ? 'jsonb' : 'json'
      return { type, expression: call(name, ['jsonb[]'], [{ kind: 'list', items }]), name, at }
    }
    case 'to_json':
    case 'to_jsonb': {
      const [value] = given
      if (value === undefined) return undefined
      const typed = settled(translating, value)
      if (typed.type === 'unknown') return undefined
      const takes = [plainType(typed.type)]
      if (functionOf(signature(name, takes)) === undefined) return undefined
      return {
        type: name === 'to_json' ? 'json' : 'jsonb',
        expression: call(name, takes, [typed.expression]),
        name,
        at,
      }
    }
    case 'timezone': {
      const [zone, time] = given
      const isUtc = zone?.literal?.toLowerCase() === 'utc' || zone?.literal?.toLowerCase() === 'gmt'
      if (time === undefined || !isUtc || (time.type !== 'timestamptz' && time.type !== 'timestamp'))
        return translating.unsupported('time zones other than UTC', at)
      const to = time.type === 'timestamptz' ? 'timestamp' : 'timestamptz'
      return { type: to, expression: call(to, [time.type], [time.expression]), name, at }
    }
    default:
      return undefined
  }
}

/** A value as the server writes it: other than by a cast, a truth value is `t` or `f`. */
function asOutput(translating: Translating, given: Typed): Expression {
  const { type, expression } = settled(translating, given)
  if (type === 'unknown' || ['text', 'varchar', 'bpchar'].includes(type)) return expression
  return call('output', [plainType(type)], [expression])
}

/** A value as JSON, null as the null of JSON. */
function asJson(translating: Translating, given: Typed): Expression {
  const typed = settled(translating, given)
  const type = typed.type === 'unknown' ? 'text' : plainType(typed.type)
  return call('to_jsonb', [type], [typed.expression])
}
