import { effectApplied, effectUndone, handled, handlingFailed, submitted } from '../../../history/facts.ts'
import type { Name } from '../../../history/fact.ts'
import type { History } from '../../../history/history.ts'

/** What became of the operations of a run. */
export interface EffectsOfRun {
  /** By operation, the names of the effects that it has. */
  readonly effects: ReadonlyMap<string, ReadonlySet<string>>
  /** Operations of which every message was handled to its end, whatever came of it. */
  readonly handled: ReadonlySet<string>
  /** All operations that were sent to it, or past it. */
  readonly sent: ReadonlySet<string>
}

export function effectsOfRun(history: History, service: string): EffectsOfRun {
  const { names } = history
  const counts = new Map<string, Map<string, number>>()
  const operations = new Map<Name, string>()
  const ended = new Map<Name, boolean>()
  for (const fact of history) {
    const message = Number(fact['message'])
    const isOwn = typeof fact['service'] === 'number' && names.text(fact['service']) === service
    if (fact.kind === submitted.name && !isOwn) operations.set(message, names.text(Number(fact['operation'])))
    if (!isOwn) continue
    if (fact.kind === handled.name) ended.set(message, true)
    else if (fact.kind === handlingFailed.name) ended.set(message, false)
    else if (fact.kind === effectApplied.name || fact.kind === effectUndone.name) {
      const operation = names.text(Number(fact['operation']))
      const effect = names.text(Number(fact['effect']))
      const own = counts.get(operation) ?? new Map<string, number>()
      own.set(effect, (own.get(effect) ?? 0) + (fact.kind === effectApplied.name ? 1 : -1))
      counts.set(operation, own)
    }
  }
  const unfinished = new Set([...operations].flatMap(([message, of]) => (ended.get(message) === true ? [] : [of])))
  const sent = new Set(operations.values())
  return {
    effects: new Map([...counts].map(([operation, own]) => [operation, present(own)])),
    handled: new Set([...sent].filter((operation) => !unfinished.has(operation))),
    sent,
  }
}

function present(counts: ReadonlyMap<string, number>): ReadonlySet<string> {
  return new Set([...counts].flatMap(([effect, count]) => (count > 0 ? [effect] : [])))
}
