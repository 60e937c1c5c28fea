import type { History } from '../history/history.ts'
import { coverageOf, type Coverage } from './coverage.ts'
import { failuresOf, type Failure, type Wanted } from './failure.ts'
import type { Outcome } from './needs-runs.ts'

/** What one run of a search came to, as little as has to be kept. */
export interface Trial {
  readonly failures: readonly Failure[]
  readonly coverage: Coverage
  /** Kinds of facts that it had. */
  readonly facts: readonly string[]
  /** Guarantees that had nothing to judge, as `no-loss/effect`. */
  readonly undecided: readonly string[]
  readonly events: number
  /** Whether it was ended at the bound of its events or of its virtual time: what it had not shown by then is unknown. */
  readonly isCut: boolean
  /** Kinds of faults that struck. */
  readonly struck: readonly string[]
  /** Faults that never struck. */
  readonly missed: number
  /** What broke in the program itself, where it did: a mistake of ours, or of a product's model. */
  readonly error: string | undefined
}

/** Looks for failures in what became of a scenario. */
export function trialOf(outcome: Outcome, wanted: Wanted): Trial {
  if (typeof outcome === 'string') return { ...nothing, error: outcome }
  const struck = outcome.faults.filter(({ state }) => state === 'over' || state === 'active')
  return {
    failures: failuresOf(outcome, wanted),
    coverage: coverageOf(outcome.history),
    facts: outcome.history.kinds.map(({ name }) => name).filter((name) => outcome.history.countOf(name) > 0),
    undecided: outcome.rows
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ guarantee, level }) => `${guarantee}/${level}`),
    events: outcome.events,
    isCut: outcome.ending === 'bound',
    struck: struck.map(({ fault }) => fault.action),
    missed: outcome.faults.length - struck.length,
    error: undefined,
  }
}

const nothing: Trial = {
  failures: [],
  coverage: { features: new Map(), behaviour: 0 },
  facts: [],
  undecided: [],
  events: 0,
  isCut: false,
  struck: [],
  missed: 0,
  error: undefined,
}

/** How many messages a history is about. */
export function messagesIn(history: History): number {
  const messages = new Set<unknown>()
  for (const fact of history) if (fact.kind === 'submitted') messages.add(fact['message'])
  return messages.size
}
