import type { Node } from 'libpg-query'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Effect } from '../../../application/stores/store.ts'
import type { Statement } from '../../../application/stores/database/statement.ts'
import type { Value } from '../../../application/stores/database/value.ts'
import { advisoryLock, setStatement, transactionStatement } from './control.ts'
import { createIndex, createTable } from './create.ts'
import { translateChange } from './modify.ts'
import type { NamedColumn } from './names.ts'
import { Names } from './names.ts'
import { parseSql } from './parse.ts'
import { Queries } from './queries.ts'
import { SqlFailure } from './sql-failure.ts'
import type { Catalogue } from './translating.ts'
import { Translating } from './translating.ts'

/** A statement of the database, made of a text. */
export interface Translation {
  /** What the server calls it when it is done: `SELECT`. */
  readonly command: string
  /** The columns of its rows; `key` is how the rows of the result call them. Empty for none. */
  readonly columns: readonly NamedColumn[]
  /** Whether its count of rows is told. */
  readonly counts: boolean
  /** The types of its parameters, in order. */
  readonly parameters: readonly DataType[]
  statement(parameters: readonly Value[], by: Effect | undefined): Statement
}

/** A statement of a text, which means something only beside the tables that are there when it is executed. */
export interface SqlStatement {
  /** What it is about: `rows`, the `schema`, where a `transaction` begins or ends, or nothing of these. */
  readonly about: 'rows' | 'schema' | 'transaction' | 'nothing'
  /** An error that the server would find is a statement that it refuses; {@link UnsupportedSql} is thrown. */
  translate(catalogue: Catalogue): Translation
}

/** The statements of a text. */
export function statementsOf(text: string): readonly SqlStatement[] {
  try {
    return parseSql(text).map((node) => ({
      about: aboutOf(node),
      translate: (catalogue) => orRefusal(() => translateStatement(text, node, catalogue)),
    }))
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
    return [{ about: 'nothing', translate: () => refusal(error) }]
  }
}

function aboutOf(node: Node): SqlStatement['about'] {
  if ('TransactionStmt' in node) return 'transaction'
  if ('CreateStmt' in node || 'IndexStmt' in node) return 'schema'
  return 'InsertStmt' in node || 'UpdateStmt' in node || 'DeleteStmt' in node || 'SelectStmt' in node
    ? 'rows'
    : 'nothing'
}

function orRefusal(translate: () => Translation): Translation {
  try {
    return translate()
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
    return refusal(error)
  }
}

function refusal({ sqlState, message, about }: SqlFailure): Translation {
  const statement: Statement = { kind: 'refuse', sqlState, message, about }
  return { command: '', columns: [], counts: false, parameters: [], statement: () => statement }
}

function translateStatement(text: string, node: Node, catalogue: Catalogue): Translation {
  const translating = new Translating(text, catalogue)
  const queries = new Queries(translating, translateChange)
  if ('SelectStmt' in node) {
    const lock = advisoryLock(queries, node.SelectStmt)
    if (lock !== undefined) {
      const parameters = parametersOf(translating)
      // What is locked gives a void, whether somebody had to wait for it, or a truth value.
      const column: NamedColumn = {
        name: lock.name,
        type: lock.lock.try === true ? 'bool' : 'text',
        key: lock.lock.try === true ? 'locked' : 'void',
      }
      return {
        command: 'SELECT',
        columns: [column],
        counts: true,
        parameters,
        statement: (given, by) => ({ ...lock.lock, ...givenWith(given, by) }),
      }
    }
    const { query, columns } = queries.translate(node, new Names(undefined, new Map()))
    return {
      ...described(translating, 'SELECT', columns),
      statement: (given, by) => ({ kind: 'query-statement', query, ...givenWith(given, by) }),
    }
  }
  if ('InsertStmt' in node || 'UpdateStmt' in node || 'DeleteStmt' in node) {
    const { of, columns } = translateChange(queries, node, new Names(undefined, new Map()))
    return {
      ...described(translating, of.kind.toUpperCase(), columns),
      statement: (given, by) => ({ ...of, ...givenWith(given, by) }),
    }
  }
  const { control, command } = controlOf(queries, node)
  return { command, columns: [], counts: false, parameters: parametersOf(translating), statement: () => control }
}

function controlOf(queries: Queries, node: Node): ReturnType<typeof transactionStatement> {
  const { translating } = queries
  if ('TransactionStmt' in node) return transactionStatement(translating, node.TransactionStmt)
  if ('VariableSetStmt' in node) return setStatement(translating, node.VariableSetStmt)
  if ('CreateStmt' in node) return { control: createTable(queries, node.CreateStmt), command: 'CREATE' }
  if ('IndexStmt' in node) return { control: createIndex(queries, node.IndexStmt), command: 'CREATE' }
  if ('CreateExtensionStmt' in node && ['pgcrypto', 'uuid-ossp'].includes(node.CreateExtensionStmt.extname ?? ''))
    return { control: { kind: 'nothing' }, command: 'CREATE' }
  const [kind = 'this statement'] = Object.keys(node)
  return translating.unsupported(
    kind
      .replace(/Stmt$/, '')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase(),
    node,
  )
}

function described(
  translating: Translating,
  command: string,
  columns: readonly NamedColumn[],
): Omit<Translation, 'statement'> {
  return { command, columns, counts: true, parameters: parametersOf(translating) }
}

/** A parameter of which nothing says what it is cannot be given. */
function parametersOf(translating: Translating): readonly DataType[] {
  const { parameters } = translating
  const count = Math.max(0, ...parameters.keys())
  return Array.from({ length: count }, (_, index) => {
    const type = parameters.get(index + 1)
    return type ?? translating.fail('42P18', `could not determine data type of parameter $${index + 1}`)
  })
}

function givenWith(
  parameters: readonly Value[],
  by: Effect | undefined,
): { readonly parameters: readonly Value[]; readonly by?: Effect } {
  return { parameters, ...(by === undefined ? {} : { by }) }
}
