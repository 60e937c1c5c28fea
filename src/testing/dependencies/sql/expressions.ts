import type { A_Expr, CaseExpr, FuncCall, Node, TypeCast } from 'libpg-query'
import { itemType } from '../../../application/stores/database/core/functions/output.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import type { Query } from '../../../application/stores/database/query.ts'
import { aggregateCall, isAggregate } from './aggregates.ts'
import { call, coerce, commonType, settled } from './coerce.ts'
import { applyModifiers } from './columns.ts'
import { booleanTest, inList, listComparison, rowComparison } from './comparisons.ts'
import { columnReference, constant, parameter, valueFunction } from './leaves.ts'
import { scalarOf } from './scalar-of.ts'
import { subquery } from './subqueries.ts'
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
  readonly query: TranslateQuery

  constructor(translating: Translating, query: TranslateQuery) {
    this.translating = translating
    this.query = query
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
      const typed = this.operand(arg, names, node)
      if (typed.parameter !== undefined && !translating.parameters.has(typed.parameter))
        return translating.fail('42P18', `could not determine data type of parameter $${typed.parameter}`, typed.at)
      const isNull: Condition = { kind: 'is-null', item: settled(translating, typed).expression }
      return truth(nulltesttype === 'IS_NULL' ? isNull : { kind: 'not', part: isNull }, node)
    }
    if ('BooleanTest' in node) return booleanTest(this, node.BooleanTest, names, node)
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
    if ('SubLink' in node) return subquery(this, node.SubLink, names, node)
    if ('A_ArrayExpr' in node) return this.#array(node.A_ArrayExpr.elements ?? [], names, node)
    if ('SQLValueFunction' in node) return valueFunction(translating, node.SQLValueFunction.op, node)
    if ('A_Indirection' in node) {
      const [index] = node.A_Indirection.indirection ?? []
      const array = this.operand(node.A_Indirection.arg, names, node)
      if (
        index === undefined ||
        !('A_Indices' in index) ||
        index.A_Indices.is_slice === true ||
        !array.type.endsWith('[]')
      )
        return translating.unsupported('what follows the value', node)
      return this.#item(array, this.operand(index.A_Indices.uidx, names, node))
    }
    return translating.unsupported(kindInWords(node), node)
  }

  /** What is called: its arguments, each translated. */
  all(nodes: readonly Node[], names: Names): readonly Typed[] {
    return nodes.map((node) => this.translate(node, names))
  }

  /** What an operator works on. */
  operand(node: Node | undefined, names: Names, at: Placed): Typed {
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
          return rowComparison(this, operator, lexpr.RowExpr.args ?? [], rexpr.RowExpr.args ?? [], names, node)
        if (lexpr === undefined) return operatorCall(translating, operator, [this.operand(rexpr, names, node)], node)
        return operatorCall(
          translating,
          operator,
          [this.operand(lexpr, names, node), this.operand(rexpr, names, node)],
          node,
        )
      case 'AEXPR_LIKE':
      case 'AEXPR_ILIKE':
        return operatorCall(
          translating,
          operator,
          [this.operand(lexpr, names, node), this.operand(rexpr, names, node)],
          node,
        )
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL':
        return listComparison(this, operator, kind === 'AEXPR_OP_ANY' ? 'any' : 'all', node, names)
      case 'AEXPR_DISTINCT':
      case 'AEXPR_NOT_DISTINCT': {
        const { left, right } = compared(
          translating,
          '=',
          this.operand(lexpr, names, node),
          this.operand(rexpr, names, node),
          node,
        )
        const distinct: Condition = { kind: 'is-distinct', left, right }
        return truth(kind === 'AEXPR_DISTINCT' ? distinct : { kind: 'not', part: distinct }, node)
      }
      case 'AEXPR_NULLIF': {
        const [one, other] = [settled(translating, this.operand(lexpr, names, node)), this.operand(rexpr, names, node)]
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
        return inList(this, operator, node, names)
      case 'AEXPR_BETWEEN':
      case 'AEXPR_NOT_BETWEEN': {
        const [low, high] = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : []
        const item = this.operand(lexpr, names, node)
        const parts = [
          comparisonOf(translating, '>=', item, this.operand(low, names, node), node),
          comparisonOf(translating, '<=', item, this.operand(high, names, node), node),
        ]
        const between: Condition = { kind: 'and', parts }
        return truth(kind === 'AEXPR_BETWEEN' ? between : { kind: 'not', part: between }, node)
      }
      default:
        return translating.unsupported(`${operator} here`, node)
    }
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
    const results = whens.map(({ result }) => this.operand(result, names, at))
    const otherwise: Typed =
      defresult === undefined
        ? { type: 'unknown', literal: null, expression: { kind: 'value', value: null }, name: unnamed, at }
        : this.translate(defresult, names)
    const type = commonType(translating, [...results, otherwise], 'CASE')
    const subject = arg === undefined ? undefined : this.translate(arg, names)
    const branches = whens.map(({ expr }, place) => {
      const condition = this.operand(expr, names, at)
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

  #array(nodes: readonly Node[], names: Names, at: Placed): Typed {
    const given = this.all(nodes, names)
    const type = scalarOf(this.translating, commonType(this.translating, given, 'ARRAY'), at)
    const items = given.map((each) => coerce(this.translating, each, type, 'implicit'))
    return { type: `${type}[]`, expression: { kind: 'list', items }, name: 'array', at }
  }
}

function baseName(type: DataType): string {
  return type.endsWith('[]') ? itemType(type) : type
}

/** `{ GroupingFunc: ... }` as `grouping func`. */
function kindInWords(node: Node): string {
  const [kind = 'this'] = Object.keys(node)
  return kind.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}
