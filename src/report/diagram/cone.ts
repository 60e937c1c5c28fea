import type { AnyFact } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import type { Run } from '../../run.ts'
import { causeOf } from '../cause.ts'
import { chosenFacts } from '../story/chosen-facts.ts'
import type { Story } from '../story/story.ts'
import { readTrails } from '../trails.ts'
import type { Observed } from './observed.ts'

/** So many facts of a cone are shown, those that matter most. */
const coneLimit = 44

/** So far back a cause is followed where it is no fact about the messages: through replication, for instance. */
const depth = 4

/** The facts on which a story depends, as the observed history has them: what it tells, what else happened to its messages, and what lies between. */
export function coneOf({ history }: Run, story: Story, observed: Observed): readonly AnyFact[] {
  const trails = readTrails(history, [story.witness])
  const cause = causeOf(history, story.witness, trails)
  const choice = { concerns: story.concerns, limit: coneLimit }
  const chosen = chosenFacts(history, story.witness, trails, cause, choice).map(({ fact }) => fact)
  const told = [...story.steps.map(({ fact }) => fact), ...chosen, ...(cause?.fault === undefined ? [] : [cause.fault])]
  return withLinks(
    told.map((fact) => observed.find(fact)),
    observed,
  )
}

/** What lies between the facts: causes that happened after the first of them and name no other message. */
function withLinks(facts: readonly AnyFact[], { history }: Observed): readonly AnyFact[] {
  const first = Math.min(...facts.map(({ index }) => index))
  const known = new Map(facts.map((fact) => [fact.index, fact]))
  const messages = new Set(facts.map(({ message }) => message))
  for (const fact of facts) {
    const path: AnyFact[] = []
    for (let earlier = fact; path.length < depth && earlier.cause !== noFact && earlier.cause > first;) {
      earlier = history.at(earlier.cause)
      if (known.has(earlier.index)) {
        for (const link of path) known.set(link.index, link)
        break
      }
      if (earlier['message'] !== undefined && !messages.has(earlier['message'])) break
      path.push(earlier)
    }
  }
  return [...known.values()].toSorted((one, other) => one.index - other.index)
}
