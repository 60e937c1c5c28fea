import { counted, countText } from '../report/quantities.ts'
import { formatDuration } from '../scenario/quantity.ts'
import { systemKinds } from '../systems/registry.ts'
import type { ChunkResult } from './chunk.ts'
import type { SearchSpace } from './search-space.ts'
import type { CaseSize, Counterexample } from './shrink/shrink.ts'

/** What a search came to, in sentences: how much was tried, how often faults really struck. A search says nothing about how often. */
export function searchSummary(space: SearchSpace, sum: ChunkResult): readonly string[] {
  if (sum.runs === 0) return ['No run was made: the time was over before the first one.']
  const kinds = Object.entries(sum.struck)
  const { guarantees } = space.wanted
  const broken =
    guarantees.length === 0 ? 'a violation that nobody expects' : `a violation of ${guarantees.join(' or ')}`
  const open = Object.entries(sum.undecided).map(([guarantee, count]) => `${guarantee} in ${countText(count)}`)
  const unseen = neverSeen(space, sum)
  const struck = kinds.map(([kind, count]) => `${kind} ${countText(count)}`).join(', ')
  return [
    `${counted(sum.runs, 'run')}, ${counted(sum.behaviours.length, 'distinct behaviour')}, ${countText(sum.failing)} with ${broken}${space.wanted.symptom === undefined ? '' : ' and with the symptom'}.`,
    kinds.length === 0
      ? 'No fault struck: these runs show only what happens when nothing breaks.'
      : `Faults that struck: ${struck}. ${countText(sum.missed)} never did.`,
    ...(sum.cut === 0 ? [] : [cutSentence(space, sum)]),
    ...(open.length === 0 ? [] : [`Nothing to judge in some runs: ${open.join(', ')}.`]),
    ...(unseen.length === 0 ? [] : [`Never seen: ${unseen.join(', ')}.`]),
  ]
}

function cutSentence({ mostEvents, scenario }: SearchSpace, { cut }: ChunkResult): string {
  const bounds = `${countText(mostEvents)} events or ${formatDuration(scenario.settling.bound)} of virtual time`
  return `${counted(cut, 'run')} ended at ${bounds}, before ${cut === 1 ? 'it was' : 'they were'} over: what ${cut === 1 ? 'it' : 'they'} had not broken by then is unknown.`
}

/** Kinds of facts of the products of the scenario that no run had. */
export function neverSeen({ scenario }: SearchSpace, { facts }: ChunkResult): readonly string[] {
  const used = Object.values(scenario.systems).map(({ kind }) => kind)
  const known = systemKinds.filter(({ name }) => used.includes(name)).flatMap((kind) => kind.facts)
  return [...new Set(known.map(({ name }) => name))].filter((name) => !facts.includes(name)).sort()
}

/** A counterexample in a few lines: what it shows, how small it is, what does not matter. */
export function counterexampleLines(one: Counterexample): readonly string[] {
  const { before, after } = one
  const needed = after.faults > 0 && one.everyFaultIsNeeded ? ', each fault proved necessary' : ''
  return [
    one.title,
    `  ${size(after)}${needed} (from ${size(before)}, in ${counted(one.runs, 'run')})`,
    ...one.remarks.map((remark) => `  ${remark}`),
  ]
}

function size({ faults, messages }: CaseSize): string {
  return `${counted(faults, 'fault')}, ${counted(messages, 'message')}`
}
