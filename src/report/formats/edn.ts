import type { AnyFact } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { Run } from '../../run.ts'

/**
 * What clients saw as a history in the form of Jepsen's: a map a line with `:index :time :process :type :f :value`, times in ns. A send is an
 * invocation and its answer (`:ok` when confirmed or assumed, `:fail` when rejected, `:info` when nobody knows); a delivery and an effect are
 * `:ok` at once. Faults are of the process `:nemesis`. Several sends of one producer may be open at once, so each has a process of its own.
 */
export function* ednHistory({ history }: Run): Generator<string> {
  const processes = new Map<string, number>()
  const processOf = (key: string): number => {
    const known = processes.get(key) ?? processes.size
    processes.set(key, known)
    return known
  }
  let index = 0
  for (const fact of history) {
    const operation = operationOf(history, fact, processOf)
    if (operation === undefined) continue
    yield `{:index ${index++}, :time ${BigInt(fact.time) * 1000n}, ${operation}}\n`
  }
}

function operationOf(history: History, fact: AnyFact, processOf: (key: string) => number): string | undefined {
  const text = (field: string): string => history.names.text(Number(fact[field]))
  const node = history.names.text(fact.node)
  const of = (process: string, type: string, action: string, value: string): string =>
    `:process ${processOf(process)}, :type :${type}, :f :${action}, :value ${value}`
  switch (fact.kind) {
    case facts.submitted.name:
      return of(`${node} ${text('message')}`, 'invoke', 'send', ednText(text('message')))
    case facts.answered.name:
      return of(`${node} ${text('message')}`, answers[text('outcome')] ?? 'info', 'send', ednText(text('message')))
    case facts.delivered.name:
      return of(node, 'ok', 'receive', `[${ednText(text('message'))} ${Number(fact['attempt'])}]`)
    case facts.effectApplied.name:
      return of(text('consumer'), 'ok', 'effect', `[${ednText(text('operation'))} ${ednText(text('effect'))}]`)
    case facts.acknowledged.name:
      return of(node, 'ok', 'acknowledge', ednText(text('message')))
    case facts.faultStruck.name:
    case facts.faultEnded.name: {
      const action = `${fact.kind === facts.faultStruck.name ? 'start' : 'stop'}-${text('action').replaceAll(/[^\w-]/g, '-')}`
      return `:process :nemesis, :type :info, :f :${action}, :value ${ednText(text('target'))}`
    }
    default:
      return undefined
  }
}

const answers: Readonly<Record<string, string>> = { confirmed: 'ok', assumed: 'ok', rejected: 'fail', unknown: 'info' }

function ednText(text: string): string {
  return `"${text.replaceAll(/[\p{Cc}\\"]/gu, (character) => escapes[character] ?? ' ')}"`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r' }
