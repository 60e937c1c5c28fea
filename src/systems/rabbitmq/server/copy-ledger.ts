import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyRemained, copyStored } from '../../../history/facts.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { Message } from '../core/message.ts'
import type { ContentTable } from './content-table.ts'

export interface LedgerOptions {
  readonly world: World
  readonly system: string
  readonly contents: ContentTable
  readonly nextCopy: () => number
}

/** A copy that is in a queue, for facts. */
export interface OpenCopy {
  readonly copy: number
  readonly message: Name
  readonly place: Name
}

interface QueueAccount {
  readonly place: Name
  readonly copies: Map<Message, number>
}

/**
 * Keeps account of the copies in queues, from outside of the broker: it knows what a queue had when the broker is dead. The core's message is
 * the key, for a queue never has the same one twice: a dead letter is a new message.
 */
export class CopyLedger {
  readonly #options: LedgerOptions
  readonly #queues = new Map<string, QueueAccount>()
  /** Names of places, which every fact has, are not to be put together for every fact. */
  readonly #places = new Map<string, Name>()

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  /** The name of a queue or exchange in facts. */
  placeOf(name: string): Name {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place = this.#options.world.history.names.intern(`${this.#options.system}/${name}`)
    this.#places.set(name, place)
    return place
  }

  nameOf(message: Message): Name {
    return this.#options.contents.content(message.id).message
  }

  /** How many copies a queue has, on disk or in memory, whether or not its broker is up. */
  count(queue: string): number {
    return this.#queues.get(queue)?.copies.size ?? 0
  }

  find(queue: string, message: Message): OpenCopy | undefined {
    const account = this.#queues.get(queue)
    const copy = account?.copies.get(message)
    if (account === undefined || copy === undefined) return undefined
    return { copy, message: this.nameOf(message), place: account.place }
  }

  stored(process: Process, queue: string, message: Message): OpenCopy {
    const { place, copies } = this.#accountOf(queue)
    const values = { copy: this.#options.nextCopy(), message: this.nameOf(message), place }
    process.record(copyStored, values)
    copies.set(message, values.copy)
    return values
  }

  ended(process: Process, queue: string, message: Message, fate: string, reason: string): void {
    const found = this.#take(queue, message)
    if (found === undefined) return
    const { copy, message: name, place } = found
    process.record(copyEnded, { copy, message: name, place, fate, reason })
  }

  /** A copy that came and went at once: to an exchange without a queue for it, to a full queue, to somebody who waits for a reply. */
  passedBy(process: Process, place: string, message: Message, fate: string, reason: string): void {
    const values = { copy: this.#options.nextCopy(), message: this.nameOf(message), place: this.placeOf(place) }
    process.record(copyStored, values)
    process.record(copyEnded, { ...values, fate, reason })
  }

  /** What died with a broker, which cannot say so any more: `node` is its label, `cause` the fact of its end. */
  lost(node: Name, queue: string, message: Message, reason: string, cause?: number): void {
    const found = this.#take(queue, message)
    const { world } = this.#options
    if (found !== undefined) world.record(copyEnded, node, { ...found, fate: 'lost', reason }, cause)
  }

  /** Records what is left at the end of a run. */
  takeInventory(node: Name, stateOf: (queue: string, message: Message) => string): void {
    for (const [queue, { copies }] of this.#queues) {
      for (const message of copies.keys()) {
        const found = this.find(queue, message)
        if (found === undefined) continue
        this.#options.world.record(copyRemained, node, { state: stateOf(queue, message), ...found })
      }
    }
  }

  #take(queue: string, message: Message): OpenCopy | undefined {
    const found = this.find(queue, message)
    this.#queues.get(queue)?.copies.delete(message)
    return found
  }

  #accountOf(queue: string): QueueAccount {
    const known = this.#queues.get(queue)
    if (known !== undefined) return known
    const account: QueueAccount = { place: this.placeOf(queue), copies: new Map() }
    this.#queues.set(queue, account)
    return account
  }
}
