import type { AnyFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import { trailsOf } from '../../report/violations.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Anchor, Fault } from '../../simulation/fault.ts'
import { faultKindOf } from '../../simulation/faults/registry.ts'
import { isAnchor } from '../anchors.ts'
import { roleOf } from '../failure.ts'
import { isLarge } from './case-size.ts'
import { nodesOf } from '../search-space.ts'
import { blamedIn, withFaults } from './fewer-faults.ts'
import { renumbered, withMessages } from './less-work.ts'
import type { Pass } from './shrinking.ts'

/** How many kinds of facts about a broken message are tried as the moment of the fault, and the faults of how many roles. */
const mostMoments = 7
const mostRoles = 3

/** Kinds of faults that may be had; any where nothing is said. */
type Kinds = readonly string[] | undefined

/**
 * For cases that stay large, since they hang on the draws of a link, on a moment that takes many messages or on faults that only together hold something up for
 * long enough: one fault of a plain kind instead of all, on somebody whom one of them strikes, when something happens to one of two messages.
 */
export function plainerCause(kinds: Kinds): Pass {
  return (current, run) =>
    withPlainFault(current, run, (struck, longest) => struck.flatMap((fault) => plainerThan(fault, longest, kinds)))
}

/** The same on somebody whom none of them strikes. */
export function causeElsewhere(kinds: Kinds): Pass {
  return (current, run) => withPlainFault(current, run, (struck, longest) => elsewhere(current, struck, longest, kinds))
}

function* withPlainFault(
  current: Scenario,
  run: Run,
  choose: (struck: readonly Fault[], longest: number) => readonly Fault[],
): Generator<Scenario> {
  if (!isLarge(current)) return
  const struck = onePerRole([...blamedIn(run), ...current.faults]).slice(0, mostRoles)
  const choices = choose(struck, Math.max(...current.faults.map(({ duration }) => duration ?? 0)))
  const moments = momentsOf(run)
  const two = withMessages(current, 2)
  for (const message of [0, 1])
    for (const plain of choices)
      for (const moment of moments)
        for (const one of strikingAt(plain, renumbered(moment, current, message), current)) yield withFaults(two, [one])
}

/** Plain faults on a node of each role that none of the faults strikes. */
function elsewhere(current: Scenario, struck: readonly Fault[], longest: number, kinds: Kinds): readonly Fault[] {
  const seen = new Set(struck.flatMap(({ targets }) => targets.flat().map(roleOf)))
  const actions = plainOnNodes.filter((action) => kinds?.includes(action) !== false)
  const duration = longest > 0 ? longest : undefined
  return nodesOf(current).flatMap(({ name }) => {
    if (seen.has(roleOf(name))) return []
    seen.add(roleOf(name))
    return actions.map((action) => ({ action, targets: [[name]], parameters: {}, strikes: { at: 0 }, duration }))
  })
}

/** The first fault on each role. */
function onePerRole(faults: readonly Fault[]): readonly Fault[] {
  const roles = faults.map(({ targets }) => targets.flat().map(roleOf).join(' '))
  return faults.filter((_, place) => roles.indexOf(roles[place] ?? '') === place)
}

/** The same on the same targets, as long as the longest of all; then other kinds of faults that can strike these. */
function plainerThan(fault: Fault, longest: number, kinds: Kinds): readonly Fault[] {
  const takesNodes = faultKindOf(fault.action)?.takes === 'nodes'
  const plain = takesNodes ? plainOnNodes : ['partition', 'reset-connections']
  const others = plain.filter((action) => action !== fault.action && kinds?.includes(action) !== false)
  const duration = longest === 0 ? fault.duration : longest
  return [{ ...fault, duration }, ...others.map((action) => ({ ...fault, action, parameters: {}, duration }))]
}

/** On the targets as they are; where they are one member of a service, also on whoever has the message. */
function strikingAt(fault: Fault, when: Anchor, { services }: Scenario): readonly Fault[] {
  const there: Fault = { ...fault, strikes: { when, cut: 'after-step' } }
  const [[only, ...more] = [], ...sides] = fault.targets
  const isMember = services.some(({ name, receives }) => receives.length > 0 && name === roleOf(only ?? ''))
  if (!isMember || more.length > 0 || sides.length > 0) return [there]
  return [there, { ...there, targets: [[`handler(${String(when.values['message'])})`]] }]
}

/** The facts about the messages that broke, one of each kind, in their order. */
function momentsOf(run: Run): readonly Anchor[] {
  const trails = trailsOf(run)
  const broken = run.rows
    .filter(({ verdict }) => verdict === 'violated')
    .flatMap(({ witnesses }) => witnesses.slice(0, 1))
  const anchors = new Map<string, Anchor>()
  for (const fact of broken.flatMap((witness) => trails.trailOf(witness))) {
    const message = strikeableMessage(run.history, fact)
    if (message !== undefined && !anchors.has(fact.kind))
      anchors.set(fact.kind, { fact: fact.kind, values: { message }, nth: 1 })
  }
  return [...anchors.values()].slice(0, mostMoments)
}

const plainOnNodes: readonly string[] = ['pause', 'crash', 'power-loss', 'isolate']

/** What a plain run does not have, and what comes in one step with the effect. */
const notPlain: ReadonlySet<string> = new Set(['handling-failed', 'handled'])

function strikeableMessage(history: History, fact: AnyFact): string | undefined {
  const kind = history.kindOf(fact.kind)
  const message = fact['message']
  const canWait = kind !== undefined && isAnchor(kind) && !notPlain.has(kind.name)
  return canWait && typeof message === 'number' ? history.names.text(message) : undefined
}
