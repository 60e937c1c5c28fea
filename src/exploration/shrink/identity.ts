import type { AnyFact } from '../../history/fact.ts'
import { faultStruck } from '../../history/facts.ts'
import { trailsOf } from '../../report/violations.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Anchor } from '../../simulation/fault.ts'
import { anchorAt, isAnchor, Ordinals } from '../anchors.ts'
import { withFaultAt } from './fewer-faults.ts'
import type { Pass } from './shrinking.ts'
import { withLatency } from '../workload-change.ts'

/** How many facts before a strike are tried as what the fault waits for. */
const nearest = 8

/**
 * Faults that strike at a time wait for a fact instead, so that they strike the same step after a change of timing: first the last facts
 * about the messages that broke, then the last facts at all.
 */
export const namedMoments: Pass = function* (current, run) {
  for (const [place, fault] of current.faults.entries()) {
    if (!('at' in fault.strikes)) continue
    for (const when of anchorsBefore(run, place)) {
      yield withFaultAt(current, place, { ...fault, strikes: { when, cut: 'after-step' } })
    }
  }
}

/** What a fault could have waited for, the likeliest first. */
function anchorsBefore(run: Run, place: number): readonly Anchor[] {
  const { history } = run
  const facts = [...history]
  const struck = facts.find(({ kind, fault }) => kind === faultStruck.name && fault === place)
  if (struck === undefined) return []
  const messages = messagesOf(run)
  const ordinals = new Ordinals(history)
  const earlier = facts.slice(0, struck.index).flatMap((fact) => {
    const kind = history.kindOf(fact.kind)
    if (kind === undefined || !isAnchor(kind)) return []
    const anchor = anchorAt(history, fact.index, ordinals.count(fact.index))
    return [{ anchor, isAbout: messages.has(fact['message']) }]
  })
  const about = earlier.filter(({ isAbout }) => isAbout).slice(-nearest)
  const others = earlier.filter(({ isAbout }) => !isAbout).slice(-nearest)
  return [...about.toReversed(), ...others.toReversed()].map(({ anchor }) => anchor)
}

/** The messages of the broken cases by name, in the order of the run. */
export function brokenMessages(run: Run): ReadonlySet<string> {
  const messages = [...messagesOf(run)].map(Number).sort((one, other) => one - other)
  return new Set(messages.map((message) => run.history.names.text(message)))
}

/** The messages of the broken cases. */
function messagesOf(run: Run): ReadonlySet<unknown> {
  const trails = trailsOf(run)
  const witnesses = run.rows.flatMap((row) => row.witnesses)
  const facts: readonly AnyFact[] = witnesses.flatMap((witness) => trails.trailOf(witness))
  return new Set(facts.flatMap((fact) => fact['message'] ?? []))
}

/** The same scenario in slightly other circumstances: other seeds, a network that is faster or slower. */
export function otherwise(scenario: Scenario, count: number): readonly Scenario[] {
  const { everywhere } = scenario.network
  return Array.from({ length: count }, (_, place) => ({
    ...scenario,
    seed: `${scenario.seed}/other-${place}`,
    network: { ...scenario.network, everywhere: withLatency(everywhere, place % 2 === 0 ? 0.8 : 1.25) },
  }))
}
