import { inputValue, typeName } from '../../../application/stores/database/core/functions/input.ts'
import { functionOf } from '../../../application/stores/database/core/functions/registry.ts'
import { signature } from '../../../application/stores/database/core/functions/sql-function.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Expression } from '../../../application/stores/database/expression.ts'
import type { Translating } from './translating.ts'
import type { Typed } from './typed.ts'
import { plainType } from './typed.ts'

/** How a value comes to another type: by itself, because it goes into a column, or because the text says so. */
export type CoercionContext = 'implicit' | 'assignment' | 'explicit'

const numbers: readonly DataType[] = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8']
const texts: readonly DataType[] = ['text', 'varchar', 'bpchar']
const times: readonly DataType[] = ['date', 'timestamp', 'timestamptz']

/** Whether a value of one type becomes one of another in such a place. */
export function canCoerce(from: DataType, to: DataType, context: CoercionContext): boolean {
  const [one, other] = [plainType(from), plainType(to)]
  if (one === other) return true
  if (texts.includes(one) && texts.includes(other)) return true
  for (const family of [numbers, times]) {
    const [place, target] = [family.indexOf(one), family.indexOf(other)]
    if (place >= 0 && target >= 0) return place < target || context !== 'implicit'
  }
  if (context === 'implicit') return false
  if (texts.includes(other)) return true
  if ((one === 'json' && other === 'jsonb') || (one === 'jsonb' && other === 'json')) return true
  if (context === 'assignment') return false
  return functionOf(signature(other, [texts.includes(one) ? 'text' : one])) !== undefined
}

/** The expression as one of a type. */
export function coerce(
  translating: Translating,
  typed: Typed,
  to: DataType,
  context: CoercionContext,
  describe?: (from: string) => never,
): Expression {
  const target = plainType(to)
  if (typed.type === 'unknown') return settle(translating, typed, target, context)
  const from = plainType(typed.type)
  if (canCoerce(from, target, context)) return converted(typed.expression, from, target)
  if (describe !== undefined) return describe(typeName(from))
  return translating.fail('42846', `cannot cast type ${typeName(from)} to ${typeName(target)}`, typed.at)
}

/** The function that converts, where there is anything to do. */
export function converted(expression: Expression, from: DataType, to: DataType): Expression {
  if (from === to || (isText(from) && isText(to) && from !== 'bpchar')) return expression
  if (isText(from) && !isText(to)) return call(to, ['text'], [converted(expression, from, 'text')])
  if (isText(to) && !isText(from)) return call('text', [from], [expression])
  if (functionOf(signature(to, [from])) !== undefined) return call(to, [from], [expression])
  // Lists, and whatever else has no way of its own, go through their text.
  return call(to, ['text'], [call('text', [from], [expression])])
}

export function call(name: string, takes: readonly DataType[], given: readonly Expression[]): Expression {
  return { kind: 'call', function: signature(name, takes), arguments: given }
}

function isText(type: DataType): boolean {
  return texts.includes(type)
}

/** Gives a literal or a parameter the type that its place asks for. */
function settle(translating: Translating, typed: Typed, type: DataType, context: CoercionContext): Expression {
  const { parameter, literal } = typed
  if (parameter !== undefined) {
    const known = translating.parameters.get(parameter)
    if (known === undefined) translating.parameters.set(parameter, type)
    else if (known !== type) return coerce(translating, { ...withoutParameter(typed), type: known }, type, context)
    return typed.expression
  }
  if (literal === undefined || literal === null) return { kind: 'value', value: null }
  return { kind: 'value', value: translating.constant(() => inputValue(literal, type), typed.at) }
}

function withoutParameter({ expression, name, at }: Typed): Pick<Typed, 'expression' | 'name' | 'at'> {
  return { expression, name, at }
}

/** The type that all of them can have: of those that are known, the widest; text where none is. */
export function commonType(translating: Translating, all: readonly Typed[], what: string): DataType {
  let common: DataType | undefined
  for (const { type, at } of all) {
    if (type === 'unknown') continue
    const plain = plainType(type)
    if (common === undefined || common === plain) common = plain
    else if (canCoerce(common, plain, 'implicit')) common = isText(common) && isText(plain) ? 'text' : plain
    else if (!canCoerce(plain, common, 'implicit'))
      translating.fail('42804', `${what} types ${typeName(common)} and ${typeName(plain)} cannot be matched`, at)
  }
  return common ?? 'text'
}

/** As one of the type that its place has for it, where it has none itself. */
export function settled(translating: Translating, typed: Typed, fallback: DataType = 'text'): Typed {
  if (typed.type !== 'unknown') return typed
  const known = typed.parameter === undefined ? undefined : translating.parameters.get(typed.parameter)
  const type = known ?? fallback
  const { name, at } = typed
  return { type, expression: coerce(translating, typed, type, 'implicit'), name, at }
}
