import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyRemained, copyStored } from '../../../history/facts.ts'
import type { Node } from '../../../simulation/node.ts'
import type { World } from '../../../simulation/world.ts'
import type { Bulk } from '../core/bulk.ts'
import type { Event } from '../core/event.ts'
import { backAgain } from '../facts-of-servers.ts'

/** A message in a key of a server: of an entry with this id, or of an element. */
export interface Held {
  readonly key: string
  readonly id: string
  readonly message: number
}

interface Copy {
  /** Where it is now: a list of those in processing does not count as a place of its own. */
  held: Held
  readonly copy: number
  readonly place: Name
  readonly message: number
  readonly holders: Set<string>
  /** What became of it where somebody dropped it on purpose. */
  fate: { readonly fate: string; readonly reason: string } | undefined
}

/**
 * Keeps account of copies from outside of the servers. What a master took in is one copy, however many replicas have it; it has come to its end
 * when the last of them has dropped it, or lost it.
 */
export class CopyLedger {
  readonly #world: World
  readonly #system: string
  readonly #nextCopy: () => number
  readonly #places = new Map<string, Name>()
  /** Those that somebody has, by what they are, in the order of coming. */
  readonly #open = new Map<string, Copy[]>()
  readonly #ended = new Set<string>()

  constructor(world: World, system: string, nextCopy: () => number) {
    this.#world = world
    this.#system = system
    this.#nextCopy = nextCopy
  }

  placeOf(key: string): Name {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place = this.#world.history.names.intern(`${this.#system}/${key}`)
    this.#places.set(key, place)
    return place
  }

  /** How many messages of a key anybody has, on disk or in memory. */
  countIn(key: string): number {
    let count = 0
    for (const copies of this.#open.values()) if (copies[0]?.held.key === key) count += copies.length
    return count
  }

  /** Something happened to the keys of a server: by a client's command, or because it follows another one (`isFollower`). */
  saw(node: Node, event: Event, isFollower: boolean): void {
    switch (event.kind) {
      case 'added':
        return this.#each(event.key, event.id, event.fields, (held) => this.#came(node, held, isFollower))
      case 'trimmed':
      case 'deleted':
        return this.#each(event.key, event.id, event.fields, (held) =>
          this.#went(node, held, 'dropped', event.kind === 'trimmed' ? 'the stream was trimmed' : 'it was deleted'),
        )
      case 'pushed':
        return this.#each(event.key, '', [event.value], (held) => this.#came(node, held, isFollower))
      case 'popped':
        return this.#each(event.key, '', [event.value], (held) => this.#went(node, held, 'delivered', 'it was popped'))
      case 'removed':
        return this.#each(event.key, '', [event.value], (held) =>
          this.#went(node, held, 'acknowledged', 'it was removed'),
        )
      case 'moved':
        return this.#each(event.from, '', [event.value], (held) => this.#moved(node, held, event.to))
      case 'key-gone':
        return this.#keyGone(node, event, `the key was ${event.reason}`)
      case 'published':
        return this.#published(node, event, isFollower)
    }
  }

  /** Something that a server was given and did not keep. */
  droppedAtOnce(node: Node, key: string, message: number, reason: string): void {
    const values = { copy: this.#nextCopy(), message, place: this.placeOf(key) }
    this.#world.record(copyStored, node.label, values)
    this.#world.record(copyEnded, node.label, { ...values, fate: 'dropped', reason })
  }

  /** What a server has now, after something that is more than a command: a start, an end, a full copy. */
  reconcile(node: Node, contents: readonly Held[], reason: string, cause?: number): void {
    const before = [...this.#open.values()].flat().filter(({ holders }) => holders.delete(node.name))
    for (const held of contents) {
      const copy = this.#open.get(identity(held))?.find(({ holders }) => !holders.has(node.name))
      if (copy !== undefined) copy.holders.add(node.name)
      else this.#store(node, held, true)
    }
    for (const copy of before) if (copy.holders.size === 0) this.#end(node, copy, { fate: 'lost', reason }, cause)
  }

  /** Records what is left at the end of a run. */
  takeInventory(nodeOf: (name: string) => Node, stateOf: (held: Held) => string): void {
    for (const copies of this.#open.values()) {
      for (const copy of copies) {
        const [holder = ''] = copy.holders
        const { copy: number, message, place } = copy
        this.#world.record(copyRemained, nodeOf(holder).label, {
          copy: number,
          message,
          place,
          state: stateOf(copy.held),
        })
      }
    }
  }

  #each(key: string, id: string, bulks: readonly Bulk[], visit: (held: Held) => void): void {
    const message = messageIn(bulks)
    if (message !== undefined) visit({ key, id, message })
  }

  #came(node: Node, held: Held, isFollower: boolean): void {
    const known = isFollower
      ? this.#open.get(identity(held))?.find(({ holders }) => !holders.has(node.name))
      : undefined
    if (known !== undefined) known.holders.add(node.name)
    else this.#store(node, held, false)
  }

  #store(node: Node, held: Held, isBack: boolean): void {
    const place = this.placeOf(held.key)
    const { message } = held
    const copy: Copy = { held, copy: this.#nextCopy(), place, message, holders: new Set([node.name]), fate: undefined }
    this.#enter(copy)
    if (isBack && this.#ended.has(identity(held)))
      this.#world.record(backAgain, node.label, { message: held.message, place })
    this.#world.record(copyStored, node.label, { copy: copy.copy, message: held.message, place })
  }

  #went(node: Node, held: Held, fate: string, reason: string): void {
    const copy = this.#open.get(identity(held))?.find(({ holders }) => holders.has(node.name))
    if (copy === undefined) return
    copy.fate ??= { fate, reason }
    copy.holders.delete(node.name)
    if (copy.holders.size === 0) this.#end(node, copy, copy.fate)
  }

  /** It stays the same copy: a list of those in processing is no place of its own. */
  #moved(node: Node, held: Held, key: string): void {
    const copy = this.#open.get(identity(held))?.find(({ holders }) => holders.has(node.name))
    if (copy !== undefined) copy.held = { ...held, key }
  }

  #enter(copy: Copy): void {
    const name = identity(copy.held)
    this.#open.set(name, [...(this.#open.get(name) ?? []), copy])
  }

  #leave(copy: Copy): void {
    const name = identity(copy.held)
    const others = (this.#open.get(name) ?? []).filter((other) => other !== copy)
    if (others.length === 0) this.#open.delete(name)
    else this.#open.set(name, others)
  }

  #keyGone(node: Node, { key, payloads }: Extract<Event, { kind: 'key-gone' }>, reason: string): void {
    const messages = new Set(payloads.map(({ message }) => message))
    for (const copies of [...this.#open.values()]) {
      for (const { held } of copies)
        if (held.key === key && messages.has(held.message)) this.#went(node, held, 'dropped', reason)
    }
  }

  #end(node: Node, copy: Copy, otherwise: { fate: string; reason: string }, cause?: number): void {
    this.#leave(copy)
    this.#ended.add(identity(copy.held))
    const { copy: number, message, place } = copy
    this.#world.record(copyEnded, node.label, { copy: number, message, place, ...(copy.fate ?? otherwise) }, cause)
  }

  /** Nothing of it stays: it went to whoever was there. */
  #published(
    node: Node,
    { channel, message: bulk, receivers }: Extract<Event, { kind: 'published' }>,
    isFollower: boolean,
  ): void {
    const message = messageIn([bulk])
    if (message === undefined || (isFollower && receivers === 0)) return
    const values = { copy: this.#nextCopy(), message, place: this.placeOf(channel) }
    this.#world.record(copyStored, node.label, values)
    const end =
      receivers === 0
        ? { fate: 'dropped', reason: 'nobody is subscribed' }
        : { fate: 'delivered', reason: `to ${receivers} ${receivers === 1 ? 'subscriber' : 'subscribers'}` }
    this.#world.record(copyEnded, node.label, { ...values, ...end })
  }
}

/** An element is known by its message alone, in whatever list it is. */
function identity({ key, id, message }: Held): string {
  return id === '' ? `${message}` : `${key} ${id} ${message}`
}

/** Of what an entry or element holds, the message. */
export function messageIn(bulks: readonly Bulk[]): number | undefined {
  for (const bulk of bulks) if (typeof bulk !== 'string') return bulk.message
  return undefined
}
