import type { Witness } from '../checks/check.ts'
import type { AnyFact, FactKind, Name } from '../history/fact.ts'
import { noFact } from '../history/fact.ts'
import { derived, faultStruck } from '../history/facts.ts'
import type { History } from '../history/history.ts'

/** What a history says about some messages, and what faults did to nodes meanwhile; all in order of time. */
export interface Trails {
  /** The facts about the messages of a witness, whoever knows them. */
  trailOf(witness: Witness): readonly AnyFact[]
  /** What happened to nodes because a fault struck. */
  readonly interruptions: readonly AnyFact[]
}

/** Reads a history for all witnesses. Of a history that kept nothing there is only the evidence. */
export function readTrails(history: History, witnesses: readonly Witness[]): Trails {
  const parents = parentsIn(history)
  const messages = (witness: Witness): readonly Name[] => withParents(messagesOf(history, witness), parents)
  const trails = new Map(witnesses.flatMap(messages).map((name) => [name, newTrail()]))
  const interruptions: AnyFact[] = []
  const subjects = history.kinds.map(subjectOf)
  // A search reads thousands of histories so: facts that are of no interest are not made into objects.
  for (let index = 0; index < (history.kept ? history.length : 0); index++) {
    const { isNode, naming } = subjects[history.kindNumberAt(index)] ?? nobody
    if (isNode && isFault(history, history.causeAt(index))) interruptions.push(history.at(index))
    for (const place of naming) {
      const trail = trails.get(history.valueAt(index, place))
      if (trail !== undefined && trail.at(-1)?.index !== index) trail.push(history.at(index))
    }
  }
  const trailOf = (witness: Witness): readonly AnyFact[] =>
    inOrder([...witness.evidence, ...messages(witness).flatMap((name) => trails.get(name) ?? [])])
  return { trailOf, interruptions }
}

/** What each message was made from. */
function parentsIn(history: History): ReadonlyMap<Name, readonly Name[]> {
  const parents = new Map<Name, Name[]>()
  const joined = history.kept && history.kinds.some(({ name }) => name === derived.name)
  for (const fact of joined ? history : []) {
    if (fact.kind !== derived.name) continue
    const message = Number(fact['message'])
    parents.set(message, [...(parents.get(message) ?? []), Number(fact['parent'])])
  }
  return parents
}

function withParents(messages: readonly Name[], parents: ReadonlyMap<Name, readonly Name[]>): readonly Name[] {
  const known = new Set(messages)
  // A set that grows while it is walked is walked to its new end.
  for (const message of known) for (const parent of parents.get(message) ?? []) known.add(parent)
  return [...known]
}

/** The facts from which these followed, by either cause, the facts themselves among them; the latest first. */
export function ancestors(history: History, facts: readonly AnyFact[], limit = 10_000): readonly AnyFact[] {
  const known = new Map(facts.map((fact) => [fact.index, fact]))
  const open = [...facts]
  for (let fact = open.pop(); fact !== undefined && known.size < limit; fact = open.pop()) {
    for (const index of [fact.cause, fact.waitedFor]) {
      if (index === noFact || known.has(index) || !history.kept) continue
      const earlier = history.at(index)
      known.set(index, earlier)
      open.push(earlier)
    }
  }
  return inOrder([...known.values()]).toReversed()
}

/** The fault from which a fact followed, the last to strike of several; nothing where none did. */
export function faultBehind(history: History, fact: AnyFact): AnyFact | undefined {
  return ancestors(history, [fact]).find(({ kind }) => kind === faultStruck.name)
}

/** What facts of a kind are about: whether it is a node, and the places of the fields that name a message. */
interface Subject {
  readonly isNode: boolean
  readonly naming: readonly number[]
}

const nobody: Subject = { isNode: false, naming: [] }

function subjectOf({ scope, fields }: FactKind): Subject {
  const names = Object.keys(fields)
  const naming = ['message', 'operation'].map((name) => names.indexOf(name)).filter((place) => place >= 0)
  return { isNode: scope === 'node', naming }
}

/** A fault names itself as the direct cause of what it does to a node. */
function isFault(history: History, index: number): boolean {
  return index !== noFact && history.kinds[history.kindNumberAt(index)]?.name === faultStruck.name
}

function messagesOf(history: History, { item, evidence }: Witness): readonly Name[] {
  const named = evidence.flatMap((fact) => (typeof fact['message'] === 'number' ? [fact['message']] : []))
  return [...new Set(history.names.has(item) ? [history.names.intern(item), ...named] : named)]
}

function inOrder(facts: readonly AnyFact[]): readonly AnyFact[] {
  const once = new Map(facts.map((fact) => [fact.index, fact]))
  return [...once.values()].sort((one, other) => one.index - other.index)
}

function newTrail(): AnyFact[] {
  return []
}
