import type { A_Const, A_Expr, CaseExpr, ColumnRef, FuncCall, Node, SubLink, TypeCast } from 'libpg-query'
import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import { itemType } from '../../../application/stores/database/core/functions/output.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import type { Query } from '../../../application/stores/database/query.ts'
import { aggregateCall, isAggregate } from './aggregates.ts'
import { call, coerce, commonType, settled } from './coerce.ts'
import { applyModifiers } from './columns.ts'
import { callByName, specialCall } from './functions.ts'
import type { NamedColumn, Names } from './names.ts'
import { namedDatatype } from './named-datatype.ts'
import { compared, comparisonOf, operatorCall } from './operators.ts'
import type { Placed, Translating } from './translating.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'
import { asCondition, truth, unnamed } from './typed.ts'

/** How a query inside of an expression is translated. */
export type TranslateQuery = (
  node: Node,
  names: Names,
) => { readonly query: Query; readonly columns: readonly NamedColumn[] }

/** Translates what computes a value; the queries inside of it are given to `query`. */
export class Expressions {
  readonly translating: Translating
  readonly #query: TranslateQuery

  constructor(translating: Translating, query: TranslateQuery) {
    this.translating = translating
    this.#query = query
  }

  /** A condition: what is true, false or unknown. */
  condition(node: Node, names: Names, what: string): Condition {
    const typed = this.translate(node, names)
    return asCondition(
      coerce(this.translating, typed, 'bool', 'implicit', (from) =>
        this.translating.fail('42804', `argument of ${what} must be type boolean, not type ${from}`, node),
      ),
    )
  }

  translate(node: Node, names: Names): Typed {
    const { translating } = this
    if ('A_Const' in node) return constant(translating, node.A_Const, node)
    if ('ParamRef' in node) return parameter(translating, node.ParamRef.number ?? 0, node)
    if ('ColumnRef' in node) return columnReference(translating, node.ColumnRef, names)
    if ('TypeCast' in node) return this.#cast(node.TypeCast, names)
    if ('A_Expr' in node) return this.#operator(node.A_Expr, names)
    if ('BoolExpr' in node) {
      const { boolop, args = [] } = node.BoolExpr
      const word = boolop === 'AND_EXPR' ? 'AND' : boolop === 'OR_EXPR' ? 'OR' : 'NOT'
      const parts = args.map((part) => this.condition(part, names, word))
      const [first] = parts
      if (word === 'NOT') return truth({ kind: 'not', part: first ?? { kind: 'always' } }, node)
      return truth({ kind: word === 'AND' ? 'and' : 'or', parts }, node)
    }
    if ('NullTest' in node) {
      const { arg, nulltesttype } = node.NullTest
      const typed = this.#operand(arg, names, node)
      if (typed.parameter !== undefined && !translating.parameters.has(typed.parameter))
        return translating.fail('42P18', `could not determine data type of parameter $${typed.parameter}`, typed.at)
      const isNull: Condition = { kind: 'is-null', item: settled(translating, typed).expression }
      return truth(nulltesttype === 'IS_NULL' ? isNull : { kind: 'not', part: isNull }, node)
    }
    if ('BooleanTest' in node) return this.#booleanTest(node.BooleanTest, names, node)
    if ('FuncCall' in node) return this.#function(node.FuncCall, names, node)
    if ('CoalesceExpr' in node) return this.#among('coalesce', node.CoalesceExpr.args ?? [], names, node)
    if ('MinMaxExpr' in node)
      return this.#among(
        node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest',
        node.MinMaxExpr.args ?? [],
        names,
        node,
      )
    if ('CaseExpr' in node) return this.#case(node.CaseExpr, names, node)
    if ('SubLink' in node) return this.#subquery(node.SubLink, names, node)
    if ('A_ArrayExpr' in node) return this.#array(node.A_ArrayExpr.elements ?? [], names, node)
    if ('SQLValueFunction' in node) return valueFunction(translating, node.SQLValueFunction.op, node)
    if ('A_Indirection' in node) {
      const [index] = node.A_Indirection.indirection ?? []
      const array = this.#operand(node.A_Indirection.arg, names, node)
      if (
        index === undefined ||
        !('A_Indices' in index) ||
        index.A_Indices.is_slice === true ||
        !array.type.endsWith('[]')
      )
        return translating.unsupported('what follows the value', node)
      return this.#item(array, this.#operand(index.A_Indices.uidx, names, node))
    }
    return translating.unsupported(kindInWords(node), node)
  }

  /** What is called: its arguments, each translated. */
  all(nodes: readonly Node[], names: Names): readonly Typed[] {
    return nodes.map((node) => this.translate(node, names))
  }

  #operand(node: Node | undefined, names: Names, at: Placed): Typed {
    return node === undefined
      ? this.translating.unsupported('an operator without an operand', at)
      : this.translate(node, names)
  }

  #item({ type, expression, name, at }: Typed, place: Typed): Typed {
    if (type === 'unknown') return this.translating.unsupported('an item of a value without a type', at)
    const item = itemType(type)
    const index = coerce(this.translating, place, 'int4', 'assignment')
    return { type: item, expression: call('item', [type, 'int4'], [expression, index]), name, at }
  }

  #cast({ arg, typeName: named }: TypeCast, names: Names): Typed {
    if (arg === undefined || named === undefined) return this.translating.unsupported('a cast of nothing')
    const { type, modifiers, isSerial } = namedDatatype(this.translating, named, arg)
    if (isSerial) return this.translating.fail('42704', `type "serial" does not exist`, named)
    const typed = this.translate(arg, names)
    const isWeak = typed.name === unnamed || typed.isWeak === true
    const name = isWeak ? baseName(type) : typed.name
    const expression = applyModifiers(coerce(this.translating, typed, type, 'explicit'), type, modifiers, 'explicit')
    return { type, expression, name, isWeak, at: typed.at }
  }

  #operator(node: A_Expr, names: Names): Typed {
    const { translating } = this
    const operator = stringsOf(node.name).at(-1) ?? ''
    const { kind, lexpr, rexpr } = node
    switch (kind) {
      case 'AEXPR_OP':
        if (lexpr !== undefined && rexpr !== undefined && 'RowExpr' in lexpr && 'RowExpr' in rexpr)
          return this.#rows(operator, lexpr.RowExpr.args ?? [], rexpr.RowExpr.args ?? [], names, node)
        if (lexpr === undefined) return operatorCall(translating, operator, [this.#operand(rexpr, names, node)], node)
        return operatorCall(
          translating,
          operator,
          [this.#operand(lexpr, names, node), this.#operand(rexpr, names, node)],
          node,
        )
      case 'AEXPR_LIKE':
      case 'AEXPR_ILIKE':
        return operatorCall(
          translating,
          operator,
          [this.#operand(lexpr, names, node), this.#operand(rexpr, names, node)],
          node,
        )
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL':
        return this.#listComparison(operator, kind === 'AEXPR_OP_ANY' ? 'any' : 'all', node, names)
      case 'AEXPR_DISTINCT':
      case 'AEXPR_NOT_DISTINCT': {
        const { left, right } = compared(
          translating,
          '=',
          this.#operand(lexpr, names, node),
          this.#operand(rexpr, names, node),
          node,
        )
        const distinct: Condition = { kind: 'is-distinct', left, right }
        return truth(kind === 'AEXPR_DISTINCT' ? distinct : { kind: 'not', part: distinct }, node)
      }
      case 'AEXPR_NULLIF': {
        const [one, other] = [
          settled(translating, this.#operand(lexpr, names, node)),
          this.#operand(rexpr, names, node),
        ]
        const { left, right } = compared(translating, '=', one, other, node)
        const when: Condition = { kind: 'compare', operator: '=', left, right }
        const expression: Expression = {
          kind: 'case',
          branches: [{ when, gives: { kind: 'value', value: null } }],
          otherwise: one.expression,
        }
        return { type: one.type, expression, name: 'nullif', at: node }
      }
      case 'AEXPR_IN':
        return this.#inList(operator, node, names)
      case 'AEXPR_BETWEEN':
      case 'AEXPR_NOT_BETWEEN': {
        const [low, high] = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : []
        const item = this.#operand(lexpr, names, node)
        const parts = [
          comparisonOf(translating, '>=', item, this.#operand(low, names, node), node),
          comparisonOf(translating, '<=', item, this.#operand(high, names, node), node),
        ]
        const between: Condition = { kind: 'and', parts }
        return truth(kind === 'AEXPR_BETWEEN' ? between : { kind: 'not', part: between }, node)
      }
      default:
        return translating.unsupported(`${operator} here`, node)
    }
  }

  #inList(operator: string, node: A_Expr, names: Names): Typed {
    const { translating } = this
    const { lexpr, rexpr } = node
    const items = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : []
    const parts = items.map((item): Condition => {
      if (lexpr !== undefined && 'RowExpr' in lexpr && 'RowExpr' in item)
        return asCondition(this.#rows('=', lexpr.RowExpr.args ?? [], item.RowExpr.args ?? [], names, node).expression)
      return comparisonOf(translating, '=', this.#operand(lexpr, names, node), this.translate(item, names), node)
    })
    // One type for all, where an item has none itself: the first comparison has settled it.
    const found: Condition = { kind: 'or', parts }
    return truth(operator === '<>' ? { kind: 'not', part: found } : found, node)
  }

  #rows(operator: string, left: readonly Node[], right: readonly Node[], names: Names, node: Placed): Typed {
    const { translating } = this
    if (left.length !== right.length)
      return translating.fail('42601', 'unequal number of entries in row expressions', node)
    const ones = this.all(left, names)
    const others = this.all(right, names)
    const pair = (how: '=' | '<' | '>' | '<=' | '>=', place: number): Condition => {
      const [one, other] = [ones[place], others[place]]
      if (one === undefined || other === undefined) return { kind: 'always' }
      return comparisonOf(translating, how, one, other, node)
    }
    const equal = (until: number): readonly Condition[] => ones.slice(0, until).map((_, place) => pair('=', place))
    if (operator === '=') return truth({ kind: 'and', parts: equal(ones.length) }, node)
    if (operator === '<>') return truth({ kind: 'not', part: { kind: 'and', parts: equal(ones.length) } }, node)
    if (operator !== '<' && operator !== '>' && operator !== '<=' && operator !== '>=')
      return translating.unsupported(`${operator} of rows`, node)
    const strict = operator === '<' || operator === '<=' ? '<' : '>'
    const last = ones.length - 1
    const parts = ones.map((_, place): Condition => ({
      kind: 'and',
      parts: [...equal(place), pair(place === last ? operator : strict, place)],
    }))
    return truth({ kind: 'or', parts }, node)
  }

  #listComparison(operator: string, quantifier: 'any' | 'all', node: A_Expr, names: Names): Typed {
    const { translating } = this
    const left = this.#operand(node.lexpr, names, node)
    const right = this.#operand(node.rexpr, names, node)
    const item = left.type === 'unknown' ? (right.type === 'unknown' ? 'text' : itemType(right.type)) : left.type
    const sample: Typed =
      right.type === 'unknown'
        ? { ...left, type: item }
        : { type: itemType(right.type), expression: { kind: 'value', value: null }, name: unnamed, at: node }
    if (right.type !== 'unknown' && !right.type.endsWith('[]'))
      return translating.fail('42809', 'op ANY/ALL (array) requires array on right side', node)
    const pair = compared(translating, operator, left, sample, node)
    const list = coerce(translating, right, `${scalarOf(translating, pair.type, node)}[]`, 'implicit', () =>
      translating.unsupported(`a comparison of ${typeName(item)} with a list of another type`, node),
    )
    return truth({ kind: 'compare-list', operator: pair.operator, quantifier, left: pair.left, list }, node)
  }

  #booleanTest({ arg, booltesttype }: { arg?: Node; booltesttype?: string }, names: Names, node: Node): Typed {
    const part = arg === undefined ? { kind: 'always' as const } : this.condition(arg, names, 'IS')
    const value: Expression = { kind: 'truth', of: part }
    const is = (wanted: boolean | null): Condition =>
      wanted === null
        ? { kind: 'is-null', item: value }
        : { kind: 'not', part: { kind: 'is-distinct', left: value, right: { kind: 'value', value: wanted } } }
    const wanted =
      booltesttype?.endsWith('TRUE') === true ? true : booltesttype?.endsWith('FALSE') === true ? false : null
    return truth(booltesttype?.startsWith('IS_NOT') === true ? { kind: 'not', part: is(wanted) } : is(wanted), node)
  }

  #function(node: FuncCall, names: Names, at: Placed): Typed {
    const { translating } = this
    const name = stringsOf(node.funcname).at(-1) ?? ''
    if (node.over !== undefined) return translating.unsupported(`window functions (${name} over ...)`, node)
    if (isAggregate(name)) return aggregateCall(this, node, name, names)
    translating.only(node, ['funcname', 'args'], `the function ${name}`)
    const given = this.all(node.args ?? [], names)
    return specialCall(translating, name, given, at) ?? callByName(translating, name, given, at)
  }

  #among(kind: 'coalesce' | 'greatest' | 'least', nodes: readonly Node[], names: Names, at: Placed): Typed {
    const given = this.all(nodes, names)
    const type = commonType(this.translating, given, kind.toUpperCase())
    const among = given.map((each) => coerce(this.translating, each, type, 'implicit'))
    return { type, expression: { kind, among }, name: kind, at }
  }

  #case({ arg, args = [], defresult }: CaseExpr, names: Names, at: Placed): Typed {
    const { translating } = this
    const whens = args.flatMap((each) => ('CaseWhen' in each ? [each.CaseWhen] : []))
    const results = whens.map(({ result }) => this.#operand(result, names, at))
    const otherwise: Typed =
      defresult === undefined
        ? { type: 'unknown', literal: null, expression: { kind: 'value', value: null }, name: unnamed, at }
        : this.translate(defresult, names)
    const type = commonType(translating, [...results, otherwise], 'CASE')
    const subject = arg === undefined ? undefined : this.translate(arg, names)
    const branches = whens.map(({ expr }, place) => {
      const condition = this.#operand(expr, names, at)
      const when =
        subject === undefined
          ? asCondition(coerce(translating, condition, 'bool', 'implicit'))
          : comparisonOf(translating, '=', subject, condition, at)
      const result = results[place]
      return {
        when,
        gives:
          result === undefined
            ? { kind: 'value' as const, value: null }
            : coerce(translating, result, type, 'implicit'),
      }
    })
    const expression: Expression = {
      kind: 'case',
      branches,
      otherwise: coerce(translating, otherwise, type, 'implicit'),
    }
    return { type, expression, name: 'case', at }
  }

  #subquery({ subLinkType, testexpr, operName, subselect }: SubLink, names: Names, node: Node): Typed {
    const { translating } = this
    if (subselect === undefined) return translating.unsupported('a subquery of nothing', node)
    const { query, columns } = this.#query(subselect, names)
    const [column] = columns
    if (subLinkType === 'EXISTS_SUBLINK') return truth({ kind: 'exists', query }, node, 'exists')
    if (column === undefined) return translating.fail('42601', 'subquery must return a column', node)
    if (subLinkType === 'EXPR_SUBLINK' || subLinkType === 'ARRAY_SUBLINK') {
      if (columns.length > 1) return translating.fail('42601', 'subquery must return only one column', node)
      if (subLinkType === 'EXPR_SUBLINK')
        return { type: column.type, expression: { kind: 'subquery', query }, name: column.name, at: node }
      return {
        type: `${scalarOf(translating, column.type, node)}[]`,
        expression: { kind: 'list-of', query },
        name: 'array',
        at: node,
      }
    }
    if (subLinkType !== 'ANY_SUBLINK' || (operName !== undefined && stringsOf(operName).at(-1) !== '='))
      return translating.unsupported('a comparison with all rows of a subquery', node)
    const items =
      testexpr !== undefined && 'RowExpr' in testexpr
        ? this.all(testexpr.RowExpr.args ?? [], names)
        : [this.#operand(testexpr, names, node)]
    if (items.length !== columns.length)
      return translating.fail(
        '42601',
        `subquery has too ${items.length < columns.length ? 'many' : 'few'} columns`,
        node,
      )
    const pairs = items.map((item, place) => {
      const type = columns[place]?.type ?? 'text'
      const found = compared(
        translating,
        '=',
        item,
        { type, expression: { kind: 'value', value: null }, name: '', at: node },
        node,
      )
      if (found.type !== type && !(isTextual(found.type) && isTextual(type)))
        return translating.unsupported(`in (a query of ${typeName(type)}) for ${typeName(found.type)}`, node)
      return found.left
    })
    return truth({ kind: 'in-query', items: pairs, query }, node)
  }

  #array(nodes: readonly Node[], names: Names, at: Placed): Typed {
    const given = this.all(nodes, names)
    const type = scalarOf(this.translating, commonType(this.translating, given, 'ARRAY'), at)
    const items = given.map((each) => coerce(this.translating, each, type, 'implicit'))
    return { type: `${type}[]`, expression: { kind: 'list', items }, name: 'array', at }
  }
}

function isTextual(type: DataType): boolean {
  return type === 'text' || type === 'varchar'
}

function scalarOf(translating: Translating, type: DataType, at: Placed): Exclude<DataType, `${string}[]`> {
  for (const each of scalars) if (each === type) return each
  return translating.unsupported('arrays of arrays', at)
}

const scalars = [
  ...(['text', 'bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'varchar', 'bpchar'] as const),
  ...(['uuid', 'json', 'jsonb', 'bytea', 'timestamptz', 'timestamp', 'date', 'interval'] as const),
] as const

function constant(translating: Translating, node: A_Const, at: Placed): Typed {
  const { ival, fval, sval, boolval, isnull } = node
  const typed = (type: DataType, value: Parameters<typeof valueOf>[0]): Typed => ({
    type,
    expression: valueOf(value),
    name: unnamed,
    at,
  })
  if (isnull === true) return { type: 'unknown', literal: null, expression: valueOf(null), name: unnamed, at }
  if (ival !== undefined) return typed('int4', ival.ival ?? 0)
  if (boolval !== undefined) return { ...typed('bool', boolval.boolval === true), name: 'bool', isWeak: true }
  if (sval !== undefined)
    return { type: 'unknown', literal: sval.sval ?? '', expression: valueOf(sval.sval ?? ''), name: unnamed, at }
  if (fval === undefined) return translating.unsupported('bit strings', at)
  const text = fval.fval ?? '0'
  const isWhole = /^\d+$/.test(text) && BigInt(text) < 1n << 63n
  const type = isWhole ? 'int8' : 'numeric'
  return {
    type,
    expression: coerce(
      translating,
      { type: 'unknown', literal: text, expression: valueOf(text), name: unnamed, at },
      type,
      'implicit',
    ),
    name: unnamed,
    at,
  }
}

function valueOf(value: string | number | boolean | null): Expression {
  return { kind: 'value', value }
}

function parameter(translating: Translating, number: number, at: Placed): Typed {
  if (number < 1) return translating.fail('42P02', `there is no parameter $${number}`, at)
  const expression: Expression = { kind: 'parameter', number: number - 1 }
  const type = translating.parameters.get(number)
  if (type !== undefined) return { type, expression, name: unnamed, at }
  return { type: 'unknown', parameter: number, expression, name: unnamed, at }
}

function columnReference(translating: Translating, node: ColumnRef, names: Names): Typed {
  const { fields = [] } = node
  if (fields.some((field) => 'A_Star' in field)) return translating.unsupported('a star here', node)
  const parts = stringsOf(fields)
  if (parts.length > 2) return translating.unsupported('names with a schema', node)
  const [qualifier, name] = parts.length === 2 ? [parts[0], parts[1]] : [undefined, parts[0]]
  return names.column(translating, qualifier, name ?? '', node)
}

function valueFunction(translating: Translating, op: string | undefined, at: Placed): Typed {
  const now = call('now', [], [])
  if (op === 'SVFOP_CURRENT_TIMESTAMP') return { type: 'timestamptz', expression: now, name: 'current_timestamp', at }
  if (op === 'SVFOP_LOCALTIMESTAMP')
    return { type: 'timestamp', expression: call('timestamp', ['timestamptz'], [now]), name: 'localtimestamp', at }
  if (op === 'SVFOP_CURRENT_DATE')
    return { type: 'date', expression: call('date', ['timestamptz'], [now]), name: 'current_date', at }
  return translating.unsupported((op ?? '').replace('SVFOP_', '').toLowerCase(), at)
}

function baseName(type: DataType): string {
  return type.endsWith('[]') ? itemType(type) : type
}

/** `{ GroupingFunc: ... }` as `grouping func`. */
function kindInWords(node: Node): string {
  const [kind = 'this'] = Object.keys(node)
  return kind.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}
