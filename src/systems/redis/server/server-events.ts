import type { Process } from '../../../simulation/process.ts'
import type { Event } from '../core/event.ts'
import type { ServerCore } from '../core/server-core.ts'
import { addedBefore, entryAcknowledged, entryDelivered, entryForgotten, entryReleased } from '../facts.ts'
import { contentsOf, messageAt } from './contents.ts'
import type { CopyLedger, } from './copy-ledger.ts'
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

  happened(event: Event, isFollower: boolean, client?: string): void {
    this.#ledger.saw(this.#process.node, event, isFollower)
    if (!isFollower) this.#record(event, client)
  }

  /** A full copy came. */
  replaced(core: ServerCore, master: string): void {
    this.#ledger.reconcile(this.#process.node, contentsOf(core, this.#keys), `${master} does not have it`)
  }

  #record(event: Event, _client: string | undefined): void {
    switch (event.kind) {
      case 'delivered': {
        const message = messageIn(event.fields)
        if (message === undefined) return
        const { group, consumer, how, deliveries } = event
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
      case 'added-before': {
        const message = messageAt(this.#core, event.key, event.id)
        if (message === undefined) return
        this.#process.record(addedBefore, { message, place: this.#placeOf(event), producer: event.producer })
      }
    }
  }

  #placeOf({ key }: { readonly key: string }): number {
    return this.#ledger.placeOf(key)
  }
}
