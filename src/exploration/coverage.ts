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
 * Which facts followed one another, two and three in a row: on the nodes of each role; about each message, whoever had it; and where one caused
 * another elsewhere. Facts are told apart by their kind, by the role of their node and by what they say but for names and numbers: a set of three
 * in-sync replicas from one of two, a clean election from an unclean one, a second attempt from a first. Besides, each kind of fact together
 * with what was wrong at the time: a fault that held, and one or two roles that were down, frozen or just back.
 */
export function coverageOf(history: History): Coverage {
  const features = new Map<number, number>()
  const behaviour = new Set<number>()
  const onNode = new Map<Name, Pair>()
  const onMessage = new Map<Name, Pair>()
  const labels = new Labels(history)
  const trouble = new Trouble(history)
  const of: number[] = []
  for (let index = 0; index < history.length; index++) {
    const fact = history.at(index)
    const label = labels.of(fact)
    of.push(label)
    const note = (feature: number): void => {
      const numbered = feature % featureCount
      if (!features.has(numbered)) features.set(numbered, index)
    }
    trouble.see(fact)
    note(label)
    for (const fault of trouble.faults) note(mixed(mixed(label, fault), 3))
    for (const [place, one] of trouble.conditions.entries()) {
      note(mixed(mixed(label, one), 9))
      for (const other of trouble.conditions.slice(place + 1)) note(mixed(mixed(mixed(label, one), other), 11))
    }
    if (fact.cause !== noFact) note(mixed(mixed(of[fact.cause] ?? 0, 7), label))
    const before = follow(onNode, fact.node, label)
    note(mixed(before.last, label))
    const message = fact['message']
    if (typeof message === 'number') {
      const about = follow(onMessage, message, label)
      note(mixed(mixed(about.last, 5), label))
    }
    if (labels.isSeenFromOutside(fact)) behaviour.add(mixed(mixed(before.last, label), 1))
  }
  const ascending = [...behaviour].sort((one, other) => one - other)
  return { features, behaviour: ascending.reduce(mixed, ascending.length) }
}

/** The labels of the last two facts of a node or message. */
interface Pair {
  readonly earlier: number
  readonly last: number
}

const nothing: Pair = { earlier: 0, last: 0 }

function follow(sequences: Map<Name, Pair>, key: Name, label: number): Pair {
  const before = sequences.get(key) ?? nothing
  sequences.set(key, { earlier: before.last, last: label })
  return before
}

/** Numbers for what facts say, each text hashed once. */
class Labels {
  readonly #history: History
  readonly #roles = new Map<Name, number>()
  readonly #shapes = new Map<Name, number>()
  readonly #kinds = new Map<string, KindLabel>()

  constructor(history: History) {
    this.#history = history
  }

  of(fact: AnyFact): number {
    const { digest, saying, counting } = this.#kindOf(fact.kind)
    let label = mixed(digest, this.#roleOf(fact.node))
    for (const field of saying) label = mixed(label, this.#shapeOf(Number(fact[field])))
    for (const field of counting) label = mixed(label, Math.min(mostCounted, Number(fact[field])))
    return label
  }

  isSeenFromOutside({ kind }: AnyFact): boolean {
    return this.#kindOf(kind).isSeenFromOutside
  }

  #kindOf(name: string): KindLabel {
    const known = this.#kinds.get(name) ?? labelOf(name, this.#history.kindOf(name))
    this.#kinds.set(name, known)
    return known
  }

  #roleOf(node: Name): number {
    const known = this.#roles.get(node) ?? digestOf(roleOf(this.#history.names.text(node)))
    this.#roles.set(node, known)
    return known
  }

  /** The text without its numbers: `events-1, events-3` says that there are two. */
  #shapeOf(name: Name): number {
    const known = this.#shapes.get(name) ?? digestOf(this.#history.names.text(name).replaceAll(/\d+/g, ''))
    this.#shapes.set(name, known)
    return known
  }
}

/** What happens again and again is something else each time, but not for ever. */
const mostCounted = 6

interface KindLabel {
  readonly digest: number
  /** Fields whose text is part of what a fact says. */
  readonly saying: readonly string[]
  /** Fields whose number is, up to {@link mostCounted}. */
  readonly counting: readonly string[]
  readonly isSeenFromOutside: boolean
}

/** Fields that name one of many alike. */
const naming: ReadonlySet<string> = new Set(['message', 'operation', 'parent', 'key', 'target', 'waitedFor'])
const counted: ReadonlySet<string> = new Set(['attempt', 'members'])

function labelOf(name: string, kind: FactKind | undefined): KindLabel {
  const fields = Object.entries(kind?.fields ?? {})
  return {
    digest: digestOf(name),
    saying: fields.filter(([field, type]) => type === 'name' && !naming.has(field)).map(([field]) => field),
    counting: fields.filter(([field, type]) => type === 'flag' || counted.has(field)).map(([field]) => field),
    isSeenFromOutside: kind?.scope === 'client' || kind?.scope === 'store',
  }
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

  see(fact: AnyFact): void {
    if (fact.time >= this.#nextEnd) this.#forgetRecent(fact.time)
    switch (fact.kind) {
      case 'fault-struck':
        this.#faults.set(Number(fact['fault']), digestOf(`${this.#text(fact['action'])} ${this.#role(fact['target'])}`))
        this.faults = [...new Set(this.#faults.values())]
        break
      case 'fault-ended':
        this.#faults.delete(Number(fact['fault']))
        this.faults = [...new Set(this.#faults.values())]
        break
      case 'node-crashed':
      case 'node-lost-power':
      case 'node-stopped':
        this.#become(fact.node, 'down', Infinity)
        break
      case 'node-paused':
        this.#become(fact.node, 'frozen', Infinity)
        break
      case 'node-resumed':
        this.#become(fact.node, 'awake again', fact.time + recently)
        break
      case 'node-started':
        if (fact.time > 0) this.#become(fact.node, 'back', fact.time + recently)
        break
    }
  }

  #become(node: Name, condition: string, until: number): void {
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

function mixed(one: number, other: number): number {
  return (Math.imul(Math.imul(one, 0x85ebca6b) ^ (one >>> 13), 0xc2b2ae35) ^ Math.imul(other, 0x9e3779b1)) >>> 0
}
