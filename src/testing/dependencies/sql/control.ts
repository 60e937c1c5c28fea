import type { FuncCall, Node, SelectStmt, TransactionStmt, VariableSetStmt } from 'libpg-query'
import type { Expression } from '../../../application/stores/database/expression.ts'
import type {
  AdvisoryLock,
  Control,
  Isolation,
  SessionSetting,
  SynchronousCommit,
} from '../../../application/stores/database/statement.ts'
import { coerce } from './coerce.ts'
import { Names } from './names.ts'
import type { Queries } from './queries.ts'
import type { Translating } from './translating.ts'
import { stringsOf } from './translating.ts'

/** A statement without rows, and what the server calls it when it is done. */
export interface TranslatedControl {
  readonly control: Control
  readonly command: string
}

export function transactionStatement(translating: Translating, node: TransactionStmt): TranslatedControl {
  const { kind, options = [], savepoint_name: name = '', chain } = node
  if (chain === true) return translating.unsupported('and chain', node)
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return {
        control: { kind: 'begin', ...modesOf(translating, options) },
        command: kind === 'TRANS_STMT_BEGIN' ? 'BEGIN' : 'START',
      }
    case 'TRANS_STMT_COMMIT':
      return { control: { kind: 'commit' }, command: 'COMMIT' }
    case 'TRANS_STMT_ROLLBACK':
      return { control: { kind: 'rollback' }, command: 'ROLLBACK' }
    case 'TRANS_STMT_SAVEPOINT':
      return { control: { kind: 'savepoint', name }, command: 'SAVEPOINT' }
    case 'TRANS_STMT_RELEASE':
      return { control: { kind: 'release-savepoint', name }, command: 'RELEASE' }
    case 'TRANS_STMT_ROLLBACK_TO':
      return { control: { kind: 'rollback-to-savepoint', name }, command: 'ROLLBACK' }
    default:
      return translating.unsupported('transactions in two phases', node)
  }
}

interface Modes {
  readonly isolation?: Isolation
  readonly readOnly?: boolean
}

function modesOf(translating: Translating, options: readonly Node[]): Modes {
  let modes: Modes = {}
  for (const node of options) {
    if (!('DefElem' in node)) continue
    const { defname, arg } = node.DefElem
    const value = arg === undefined || !('A_Const' in arg) ? undefined : arg.A_Const
    if (defname === 'transaction_isolation')
      modes = { ...modes, isolation: isolationOf(translating, value?.sval?.sval ?? '', node) }
    else if (defname === 'transaction_read_only') modes = { ...modes, readOnly: value?.ival?.ival === 1 }
    else if (value?.ival?.ival === 1) return translating.unsupported('deferrable transactions', node)
  }
  return modes
}

function isolationOf(translating: Translating, text: string, at: object): Isolation {
  const level = text.toLowerCase()
  if (level === 'read uncommitted') return 'read committed'
  if (level === 'read committed' || level === 'repeatable read' || level === 'serializable') return level
  return translating.fail('22023', `invalid value for parameter "transaction_isolation": "${text}"`, at)
}

export function setStatement(translating: Translating, node: VariableSetStmt): TranslatedControl {
  const { kind, name = '', args = [], is_local: isLocal = false } = node
  const command = 'SET'
  if (kind === 'VAR_SET_MULTI') {
    const modes = modesOf(translating, args)
    if (name === 'TRANSACTION') return { control: { kind: 'set-transaction', ...modes }, command }
    if (modes.isolation === undefined || modes.readOnly !== undefined)
      return translating.unsupported('this setting of the session', node)
    return {
      control: { kind: 'set', setting: { name: 'default_transaction_isolation', value: modes.isolation } },
      command,
    }
  }
  if (kind !== 'VAR_SET_VALUE') return translating.unsupported(`set ${name} to default, or reset`, node)
  const [first] = args
  const value = first !== undefined && 'A_Const' in first ? first.A_Const : undefined
  const text =
    value?.sval?.sval ?? (value?.ival === undefined ? (value?.fval?.fval ?? '') : String(value.ival.ival ?? 0))
  const setting = settingOf(translating, name, text, node)
  return setting === undefined
    ? { control: { kind: 'nothing' }, command }
    : { control: { kind: 'set', setting, local: isLocal }, command }
}

/** Settings that change nothing here. */
const withoutMeaning = [
  'search_path',
  'client_encoding',
  'application_name',
  'client_min_messages',
  'extra_float_digits',
]

function settingOf(translating: Translating, name: string, text: string, at: object): SessionSetting | undefined {
  switch (name) {
    case 'lock_timeout':
    case 'statement_timeout':
    case 'idle_in_transaction_session_timeout':
      return { name, value: durationOf(translating, name, text, at) }
    case 'synchronous_commit':
      return { name, value: synchronousCommit(translating, text, at) }
    case 'default_transaction_isolation':
      return { name, value: isolationOf(translating, text, at) }
    case 'timezone':
      return /^(utc|gmt|etc\/utc)$/i.test(text) ? undefined : translating.unsupported('time zones other than UTC', at)
    default:
      return withoutMeaning.includes(name) ? undefined : translating.unsupported(`the setting ${name}`, at)
  }
}

function synchronousCommit(translating: Translating, text: string, at: object): SynchronousCommit {
  const found = (['on', 'off', 'local', 'remote_write', 'remote_apply'] as const).find(
    (each) => each === text.toLowerCase(),
  )
  return found ?? translating.fail('22023', `invalid value for parameter "synchronous_commit": "${text}"`, at)
}

const units: Readonly<Record<string, number>> = {
  us: 1,
  '': 1000,
  ms: 1000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

/** µs; a plain number is one of milliseconds. */
function durationOf(translating: Translating, name: string, text: string, at: object): number {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text) ?? []
  const size = units[unit]
  if (number === '' || size === undefined)
    return translating.fail('22023', `invalid value for parameter "${name}": "${text}"`, at)
  return Math.round(Number(number) * size)
}

/** `select pg_advisory_xact_lock(...)`, alone. */
export function advisoryLock(
  queries: Queries,
  node: SelectStmt,
): { readonly lock: AdvisoryLock; readonly name: string } | undefined {
  const [target, ...others] = node.targetList ?? []
  if (target === undefined || others.length > 0 || node.fromClause !== undefined || !('ResTarget' in target))
    return undefined
  const { val, name: alias } = target.ResTarget
  if (val === undefined || !('FuncCall' in val)) return undefined
  const name = stringsOf(val.FuncCall.funcname).at(-1) ?? ''
  const match = /^pg_(try_)?advisory_xact_lock(_shared)?$/.exec(name)
  if (match === null) return undefined
  const key = keyOf(queries, val.FuncCall)
  return {
    lock: { kind: 'advisory-lock', key, try: match[1] !== undefined, shared: match[2] !== undefined },
    name: alias ?? name,
  }
}

function keyOf(queries: Queries, { args = [] }: FuncCall): readonly Expression[] {
  const names = new Names(undefined, new Map())
  const given = args.map((arg) => numberOf(queries, arg, names, args.length === 1 ? 'int8' : 'int4'))
  return given
}

/** Hashes are only compared, so that any will do that tells texts apart: the text itself. */
function numberOf(queries: Queries, arg: Node, names: Names, type: 'int8' | 'int4'): Expression {
  const { translating, expressions } = queries
  const hashed = hashedText(arg)
  if (hashed !== undefined) return coerce(translating, expressions.translate(hashed, names), 'text', 'implicit')
  return coerce(translating, expressions.translate(arg, names), type, 'implicit')
}

function hashedText(node: Node): Node | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return hashedText(node.TypeCast.arg)
  if (!('FuncCall' in node)) return undefined
  const name = stringsOf(node.FuncCall.funcname).at(-1)
  return name === 'hashtext' || name === 'hashtextextended' ? node.FuncCall.args?.[0] : undefined
}
