import type { Process } from '../../../simulation/process.ts'
import { isSame } from '../core/bulk.ts'
import type { Command } from '../core/command.ts'
import type { Event } from '../core/event.ts'
import type { Reply } from '../core/reply.ts'
import type { ServerCore } from '../core/server-core.ts'
import {
  addedBefore,
  entryAcknowledged,
  entryDelivered,
  entryForgotten,
  entryReleased,
  groupCreated,
  keyGone,
  subscribed,
} from '../facts.ts'
import type { ClientLink } from './client-link.ts'
import { contentsOf, messageAt } from './contents.ts'
import type { CopyLedger } from './copy-ledger.ts'
import { messageIn } from './copy-ledger.ts'

/** Makes facts of what happens inside of a server. */
export class ServerEvents {
  readonly #process: Process
  readonly #ledger: CopyLedger
  readonly #keys: readonly string[]
  readonly #core: ServerCore

  constructor(process: Process, ledger: CopyLedger, core: ServerCore, keys: readonly string[]) {
    this.#process = process
    this.#ledger = ledger
    this.#core = core
    this.#keys = keys
  }

  /** What one command, or one script, has done. */
  happened(events: readonly Event[], isFollower: boolean, command?: Command): void {
    if (command?.type === 'XGROUP CREATE' && this.#core.keys.get(command.key) !== undefined) {
      const { group } = command
      this.#process.record(groupCreated, { place: this.#placeOf(command), group })
    }
    for (const event of withMoves(events)) {
      this.#ledger.saw(this.#process.node, event, isFollower)
      if (!isFollower) this.#record(event, command)
    }
  }

  /** A client whom an answer tells that it subscribed is a subscriber, until one tells it that nothing is left. */
  answered(link: ClientLink, reply: Reply): void {
    if (reply.type === 'replies') for (const each of reply.replies) this.answered(link, each)
    if (reply.type !== 'subscribed') return
    const { kind, channel, count } = reply
    link.kind = count > 0 ? 'subscriber' : 'normal'
    if (kind === 'subscribe' && channel !== undefined)
      this.#process.record(subscribed, { client: link.name, place: this.#ledger.placeOf(channel) })
  }

  /** A full copy came. */
  replaced(core: ServerCore, master: string): void {
    this.#ledger.reconcile(this.#process.node, contentsOf(core, this.#keys), `${master} does not have it`)
  }

  #record(event: Event, command: Command | undefined): void {
    switch (event.kind) {
      case 'delivered': {
        const message = messageIn(event.fields)
        if (message === undefined) return
        const { group, consumer, how } = event
        // A poisoned entry counts more deliveries than a fact can.
        const deliveries = Math.min(event.deliveries, 2 ** 31 - 1)
        this.#process.record(entryDelivered, { message, place: this.#placeOf(event), group, consumer, how, deliveries })
        return
      }
      case 'acknowledged':
      case 'released': {
        const message = messageAt(this.#core, event.key, event.id)
        if (message === undefined) return
        const kind = event.kind === 'acknowledged' ? entryAcknowledged : entryReleased
        this.#process.record(kind, { message, place: this.#placeOf(event), group: event.group, owner: event.consumer })
        return
      }
      case 'forgotten': {
        const message = messageAt(this.#core, event.key, event.id)
        if (message === undefined) return
        const { group, consumer: owner, reason } = event
        this.#process.record(entryForgotten, { message, place: this.#placeOf(event), group, owner, reason })
        return
      }
      case 'key-gone':
        this.#process.record(keyGone, { place: this.#placeOf(event), reason: event.reason })
        return
      case 'added-before':
        this.#recordRepetition(event, command)
    }
  }

  /** Something else may come under an id that is known, or with the same content: it is dropped. */
  #recordRepetition(
    { key, id, producer }: Extract<Event, { kind: 'added-before' }>,
    command: Command | undefined,
  ): void {
    const known = messageAt(this.#core, key, id)
    const message = command?.type === 'XADD' ? messageIn(command.fields) : known
    if (message === undefined) return
    this.#process.record(addedBefore, { message, place: this.#ledger.placeOf(key), producer })
    if (message !== known) this.#ledger.droppedAtOnce(this.#process.node, key, message, 'its id was known already')
  }

  #placeOf({ key }: { readonly key: string }): number {
    return this.#ledger.placeOf(key)
  }
}

/** What is taken out of one list and put into another in one go has moved. */
function withMoves(events: readonly Event[]): readonly Event[] {
  const pushes = events.filter(({ kind }) => kind === 'pushed')
  if (pushes.length === 0 || !events.some(({ kind }) => kind === 'removed')) return events
  return events.flatMap((event): readonly Event[] => {
    if (event.kind === 'pushed') return []
    if (event.kind !== 'removed') return [event]
    const push = pushes.find((each) => each.kind === 'pushed' && isSame(each.value, event.value))
    return push?.kind === 'pushed' ? [{ kind: 'moved', from: event.key, to: push.key, value: event.value }] : [event]
  })
}
