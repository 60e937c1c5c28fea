import { delivered, derived, submitted } from '../../../history/facts.ts'
import type { Name } from '../../../history/fact.ts'
import type { History } from '../../../history/history.ts'

/** The operations of which a message was made that one of these services read: the code set them aside. */
export function setAside(history: History, readers: readonly string[]): ReadonlySet<string> {
  if (readers.length === 0) return new Set()
  const { names } = history
  const reading = new Set(readers.map((reader) => names.intern(reader)))
  const operations = new Map<Name, Name>()
  const parents = new Map<Name, Name>()
  const aside = new Set<string>()
  for (const fact of history) {
    const message = Number(fact['message'])
    if (fact.kind === submitted.name) operations.set(message, Number(fact['operation']))
    else if (fact.kind === derived.name) parents.set(message, Number(fact['parent']))
    else if (fact.kind === delivered.name && reading.has(Number(fact['service']))) {
      const operation = operations.get(parents.get(message) ?? message)
      if (operation !== undefined) aside.add(names.text(operation))
    }
  }
  return aside
}
