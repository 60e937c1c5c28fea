import type { AnyFact, Name } from '../history/fact.ts'
import { delivered } from '../history/facts.ts'

/** The places that a fact names: a queue, a partition. */
export function placesOf(fact: AnyFact): readonly Name[] {
  return [fact['place'], fact['partition']].flatMap((place) => (typeof place === 'number' ? [place] : []))
}

/** Who received messages, as groups: a group is named after the service that it belongs to, unless a scenario says otherwise. */
export function receiversIn(trail: readonly AnyFact[]): ReadonlySet<Name> {
  return new Set(
    trail.flatMap(({ kind, service }) => (kind === delivered.name && typeof service === 'number' ? [service] : [])),
  )
}
