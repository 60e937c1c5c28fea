import type { AnyFact, Name } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import type { History } from '../../history/history.ts'

/** Why a message outlived something, and its sending where nobody was there to take it then. */
export interface Kept {
  readonly how: string
  readonly before: AnyFact | undefined
}

/** Sees which messages were in danger where they waited: their node went down, or nobody was there to take them. */
export class KeptMessages {
  readonly #history: History
  readonly #down = new Set<Name>()
  /** By node, what it stored and nobody was handed yet. */
  readonly #waiting = new Map<Name, Set<Name>>()
  /** By message, the node that went down with it. */
  readonly #struck = new Map<Name, Name>()
  /** By message, who was down when it was sent. */
  readonly #absent = new Map<Name, { readonly nodes: ReadonlySet<Name>; readonly sent: AnyFact }>()

  constructor(history: History) {
    this.#history = history
  }

  see(fact: AnyFact): void {
    const message = Number(fact['message'])
    switch (fact.kind) {
      case facts.submitted.name:
        if (this.#down.size > 0) this.#absent.set(message, { nodes: new Set(this.#down), sent: fact })
        return
      case facts.copyStored.name:
        this.#at(fact.node).add(message)
        return
      case facts.copyEnded.name:
        if (this.#history.names.text(Number(fact['fate'])) === 'lost' && this.#struck.get(message) === fact.node)
          this.#struck.delete(message)
        return
      case facts.nodeCrashed.name:
      case facts.nodeLostPower.name:
      case facts.nodeStopped.name:
        this.#goDown(fact.node)
        return
      case facts.nodeStarted.name:
        this.#down.delete(fact.node)
        return
    }
  }

  /** Asked when a message comes to somebody for the first time; nothing where it was in no danger. */
  whyKept(fact: AnyFact): Kept | undefined {
    const message = Number(fact['message'])
    const absent = this.#absent.get(message)
    const struck = this.#struck.get(message)
    for (const stored of this.#waiting.values()) stored.delete(message)
    if (struck !== undefined) {
      const node = this.#history.names.text(struck)
      const how = this.#down.has(struck) ? `others had it when ${node} was gone` : `${node} found it on its disk again`
      return { how, before: undefined }
    }
    if (absent?.nodes.has(fact.node) !== true) return undefined
    return { how: `it waited until ${this.#history.names.text(fact.node)} was back`, before: absent.sent }
  }

  #goDown(node: Name): void {
    this.#down.add(node)
    for (const message of this.#at(node)) this.#struck.set(message, node)
    this.#waiting.delete(node)
  }

  #at(node: Name): Set<Name> {
    const known = this.#waiting.get(node) ?? new Set<Name>()
    this.#waiting.set(node, known)
    return known
  }
}
