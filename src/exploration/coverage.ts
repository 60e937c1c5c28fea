import { noFact, type AnyFact, type FactKind, type Name } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import { second } from '../simulation/duration.ts'
import { roleOf } from './failure.ts'

/** What a run did that can be told from what another did, as numbers below {@link featureCount}. */
export interface Coverage {
  /** By feature: the fact at which the run first had it. */
  readonly features: ReadonlyMap<number, number>
  /** One number for what clients and stores saw after what: runs that behave alike have the same. */
  readonly behaviour: number
}

/** Features are numbered by a hash of what they say. Few of those that a scenario has fall together. */
export const featureCount = 2 ** 17

/**
 * Which facts followed one another: on the nodes of each role; about each message, whoever had it; and where one caused
 * another elsewhere. Facts are told apart by their kind, by the role of their node and by what they say but for names and numbers: a set of three
 * in-sync replicas from one of two, a clean election from an unclean one, a second attempt from a first. Besides, each kind of fact together
 * with what was wrong at the time: a fault that held, and one or two roles that were down, frozen or just back.
 */
export function coverageOf(history: History): Coverage {
  const features = new Map<number, number>()
  const seen = new Uint8Array(featureCount)
  const behaviour = new Set<number>()
  const onNode = new Map<Name, number>()
  const onMessage = new Map<Name, number>()
  const labels = new Labels(history)
  const trouble = new Trouble(history)
  const of = new Uint32Array(history.length)
  const note = (feature: number, index: number): void => {
    const numbered = feature % featureCount
    if (seen[numbered] === 1) return
    seen[numbered] = 1
    features.set(numbered, index)
  }
  for (let index = 0; index < history.length; index++) {
    const kind = labels.kindAt(index)
    const label = labels.at(index, kind)
    of[index] = label
    trouble.see(index, kind.name)
    note(label, index)
    for (const fault of trouble.faults) note(mixed(mixed(label, fault), 3), index)
    const { conditions } = trouble
    for (let place = 0; place < conditions.length; place++) {
      const withOne = mixed(label, conditions[place] ?? 0)
      note(mixed(withOne, 9), index)
      for (let other = place + 1; other < conditions.length; other++)
        note(mixed(mixed(withOne, conditions[other] ?? 0), 11), index)
    }
    const cause = history.causeAt(index)
    if (cause !== noFact) note(mixed(mixed(of[cause] ?? 0, 7), label), index)
    const before = follow(onNode, history.nodeAt(index), label)
    note(mixed(before, label), index)
    if (kind.message !== undefined) {
      const about = follow(onMessage, history.valueAt(index, kind.message), label)
      note(mixed(mixed(about, 5), label), index)
    }
    if (kind.isSeenFromOutside) behaviour.add(mixed(mixed(before, label), 1))
  }
  const ascending = [...behaviour].sort((one, other) => one - other)
  return { features, behaviour: ascending.reduce(mixed, ascending.length) }
}

/** The label of the last fact of a node or message; 0 where there was none. From now on it is this one. */
function follow(sequences: Map<Name, number>, key: Name, label: number): number {
  const before = sequences.get(key) ?? 0
  sequences.set(key, label)
  return before
}

/** Numbers for what facts say, each text hashed once. */
class Labels {
  readonly #history: History
  readonly #roles = new Map<Name, number>()
  readonly #shapes = new Map<Name, number>()
  readonly #kinds: readonly KindLabel[]

  constructor(history: History) {
    this.#history = history
    this.#kinds = history.kinds.map(labelOf)
  }

  kindAt(index: number): KindLabel {
    const kind = this.#kinds[this.#history.kindNumberAt(index)]
    if (kind === undefined) throw new RangeError(`There is no fact ${index} in this history.`)
    return kind
  }

  at(index: number, { digest, saying, counting }: KindLabel): number {
    const history = this.#history
    let label = mixed(digest, this.#roleOf(history.nodeAt(index)))
    for (const place of saying) label = mixed(label, this.#shapeOf(history.valueAt(index, place)))
    for (const place of counting) label = mixed(label, Math.min(mostCounted, history.valueAt(index, place)))
    return label
  }

  #roleOf(node: Name): number {
    const known = this.#roles.get(node)
    if (known !== undefined) return known
    const role = digestOf(roleOf(this.#history.names.text(node)))
    this.#roles.set(node, role)
    return role
  }

  /** The text without its numbers: `events-1, events-3` says that there are two. */
  #shapeOf(name: Name): number {
    const known = this.#shapes.get(name)
    if (known !== undefined) return known
    const shape = digestOf(this.#history.names.text(name).replaceAll(/\d+/g, ''))
    this.#shapes.set(name, shape)
    return shape
  }
}

/** What happens again and again is something else each time, but not for ever. */
const mostCounted = 6

interface KindLabel {
  readonly name: string
  readonly digest: number
  /** Places of the fields whose text is part of what a fact says. */
  readonly saying: readonly number[]
  /** Places of those whose number is, up to {@link mostCounted}. */
  readonly counting: readonly number[]
  /** The place of the message that it is about, where it is about one. */
  readonly message: number | undefined
  readonly isSeenFromOutside: boolean
}

/** Fields that name one of many alike. */
const naming: ReadonlySet<string> = new Set(['message', 'operation', 'parent', 'key', 'target', 'waitedFor'])
const counted: ReadonlySet<string> = new Set(['attempt', 'members'])

/** All runs share the label of a kind. */
const kindLabels = new WeakMap<FactKind, KindLabel>()

function labelOf(kind: FactKind): KindLabel {
  const known = kindLabels.get(kind)
  if (known !== undefined) return known
  const fields = Object.entries(kind.fields).map(([name, type], place) => ({ name, type, place }))
  const message = fields.find(({ name }) => name === 'message')
  const label: KindLabel = {
    name: kind.name,
    digest: digestOf(kind.name),
    saying: fields.filter(({ name, type }) => type === 'name' && !naming.has(name)).map(({ place }) => place),
    counting: fields.filter(({ name, type }) => type === 'flag' || counted.has(name)).map(({ place }) => place),
    message: message?.place,
    isSeenFromOutside: kind.scope === 'client' || kind.scope === 'store',
  }
  kindLabels.set(kind, label)
  return label
}

/** What is wrong at the moment: faults that hold, and conditions of nodes, both by role. */
class Trouble {
  readonly #history: History
  readonly #faults = new Map<number, number>()
  readonly #conditions = new Map<Name, readonly [condition: number, until: number]>()
  /** Each once, as numbers. */
  faults: readonly number[] = []
  conditions: readonly number[] = []
  #nextEnd = Infinity

  constructor(history: History) {
    this.#history = history
  }

  see(index: number, kind: string): void {
    const time = this.#history.timeAt(index)
    if (time >= this.#nextEnd) this.#forgetRecent(time)
    switch (kind) {
      case 'fault-struck':
      case 'fault-ended':
        this.#seeFault(this.#history.at(index))
        break
      case 'node-crashed':
      case 'node-lost-power':
      case 'node-stopped':
        this.#become(index, 'down', Infinity)
        break
      case 'node-paused':
        this.#become(index, 'frozen', Infinity)
        break
      case 'node-resumed':
        this.#become(index, 'awake again', time + recently)
        break
      case 'node-started':
        if (time > 0) this.#become(index, 'back', time + recently)
        break
    }
  }

  #seeFault(fact: AnyFact): void {
    const fault = Number(fact['fault'])
    if (fact.kind === 'fault-ended') this.#faults.delete(fault)
    else this.#faults.set(fault, digestOf(`${this.#text(fact['action'])} ${this.#role(fact['target'])}`))
    this.faults = [...new Set(this.#faults.values())]
  }

  #become(index: number, condition: string, until: number): void {
    const node = this.#history.nodeAt(index)
    this.#conditions.set(node, [digestOf(`${condition} ${this.#role(node)}`), until])
    this.#forgetRecent(-1)
  }

  #forgetRecent(now: number): void {
    for (const [node, [, until]] of this.#conditions) if (until <= now) this.#conditions.delete(node)
    const held = [...this.#conditions.values()]
    this.conditions = [...new Set(held.map(([condition]) => condition))].sort((one, other) => one - other)
    this.#nextEnd = Math.min(Infinity, ...held.map(([, until]) => until))
  }

  #text(name: unknown): string {
    return this.#history.names.text(Number(name))
  }

  #role(name: unknown): string {
    return this.#text(name).replaceAll(/-\d+/g, '')
  }
}

/** How long a node counts as just back, µs. */
const recently = second

/** A 32-bit number for a text. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5
  for (let place = 0; place < text.length; place++) digest = Math.imul(digest ^ text.charCodeAt(place), 0x01000193)
  return digest >>> 0
}

/** Two 32-bit numbers as one, which depends on their order. */
export function mixed(one: number, other: number): number {
  return (Math.imul(Math.imul(one, 0x85ebca6b) ^ (one >>> 13), 0xc2b2ae35) ^ Math.imul(other, 0x9e3779b1)) >>> 0
}
