import type { FuncCall } from 'libpg-query'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { AggregateExpression, Expression } from '../../../application/stores/database/expression.ts'
import { call, coerce, converted, settled } from './coerce.ts'
import type { Expressions } from './expressions.ts'
import type { Names } from './names.ts'
import { orderings } from './orderings.ts'
import type { Typed } from './typed.ts'
import { plainType } from './typed.ts'

const aggregates: readonly string[] = [
  ...['count', 'sum', 'min', 'max', 'avg', 'bool_and', 'bool_or', 'every', 'string_agg', 'array_agg'],
  ...['json_agg', 'jsonb_agg'],
]

export function isAggregate(name: string): boolean {
  return aggregates.includes(name)
}

/** What the server adds up in, so that a sum does not get too large, and what a sum is one of. */
const sums: Readonly<Partial<Record<DataType, DataType>>> = {
  ...{ int2: 'int8', int4: 'int8', int8: 'numeric', numeric: 'numeric', float4: 'float4', float8: 'float8' },
}

export function aggregateCall(expressions: Expressions, node: FuncCall, name: string, names: Names): Typed {
  const { translating } = expressions
  translating.only(
    node,
    ['funcname', 'args', 'agg_order', 'agg_filter', 'agg_star', 'agg_distinct'],
    `the aggregate ${name}`,
  )
  if (!names.takesAggregates) return translating.fail('42803', 'aggregate functions are not allowed here', node)
  names.hasAggregates = true
  names.takesAggregates = false
  const given = expressions.all(node.args ?? [], names)
  const filter = node.agg_filter === undefined ? undefined : expressions.condition(node.agg_filter, names, 'FILTER')
  const orderBy = orderings(expressions, node.agg_order ?? [], names)
  names.takesAggregates = true
  const besides = {
    ...(node.agg_distinct === true ? { distinct: true } : {}),
    ...(filter === undefined ? {} : { where: filter }),
    ...(orderBy.length === 0 ? {} : { orderBy }),
  }
  const over = (aggregate: AggregateExpression['aggregate'], of?: Expression): AggregateExpression => ({
    ...{ kind: 'aggregate', aggregate },
    ...(of === undefined ? {} : { of }),
    ...besides,
  })
  const typed = (type: DataType, expression: Expression): Typed => ({ type, expression, name, at: node })
  if (name === 'count') {
    const [value] = given
    const counted = over('count', value === undefined ? undefined : settled(translating, value).expression)
    return typed('int8', call('int8', ['int4'], [counted]))
  }
  const [first, second] = given
  if (first === undefined) return translating.fail('42883', `function ${name}() does not exist`, node)
  const value = settled(translating, first)
  const type = plainType(value.type === 'unknown' ? 'text' : value.type)
  switch (name) {
    case 'sum':
    case 'avg': {
      const sum = sums[type]
      if (sum === undefined || type === 'interval') return translating.unsupported(`${name} of ${type}`, node)
      const wide = name === 'sum' ? sum : type.startsWith('float') ? 'float8' : 'numeric'
      return typed(wide, over(name, converted(value.expression, type, wide)))
    }
    case 'min':
    case 'max':
      if (['bool', 'json', 'jsonb', 'uuid', 'bytea', 'interval'].includes(type))
        return translating.unsupported(`${name} of ${type}`, node)
      return typed(type, over(name, value.expression))
    case 'bool_and':
    case 'every':
    case 'bool_or':
      return typed('bool', over(name === 'bool_or' ? name : 'bool_and', coerce(translating, value, 'bool', 'implicit')))
    case 'string_agg': {
      const separator = second === undefined ? undefined : coerce(translating, second, 'text', 'implicit')
      const joined = over('string_agg', coerce(translating, value, 'text', 'implicit'))
      return typed('text', { ...joined, ...(separator === undefined ? {} : { separator }) })
    }
    default: {
      if (type.endsWith('[]')) return translating.unsupported(`${name} of arrays`, node)
      if (name === 'array_agg') return typed(listType(type), over('array_agg', value.expression))
      const list = over('array_agg', call('to_jsonb', [type], [value.expression]))
      const json = call('to_jsonb', ['jsonb[]'], [list])
      return name === 'jsonb_agg' ? typed('jsonb', json) : typed('json', call('json', ['jsonb'], [json]))
    }
  }
}

function listType(type: DataType): DataType {
  for (const each of listTypes) if (each === `${type}[]`) return each
  return 'text[]'
}

const listTypes: readonly DataType[] = [
  ...(['text[]', 'bool[]', 'int2[]', 'int4[]', 'int8[]', 'numeric[]', 'float4[]', 'float8[]', 'varchar[]'] as const),
  ...(['uuid[]', 'json[]', 'jsonb[]', 'bytea[]', 'timestamptz[]', 'timestamp[]', 'date[]', 'interval[]'] as const),
]
