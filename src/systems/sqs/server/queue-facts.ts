import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyStored } from '../../../history/facts.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Overlooked, QueueEvent, Refusal } from '../core/queue-core.ts'
import {
  callRefused,
  copyMissed,
  deduplicated,
  entryFailed,
  foundNothing,
  messageReceived,
  notDeleted,
  visibilityExtended,
  visibleAgain,
} from '../facts.ts'

/** Tells what happens in a queue. */
export class QueueFacts {
  readonly #place: Name
  readonly #servers: readonly string[]

  constructor(place: Name, servers: readonly string[]) {
    this.#place = place
    this.#servers = servers
  }

  /** `client`: whose call it was, if it was one. */
  record(process: Process, events: readonly QueueEvent[], client = ''): void {
    for (const event of events) this.#record(process, event, client)
  }

  #record(process: Process, event: QueueEvent, client: string): void {
    const place = this.#place
    switch (event.kind) {
      case 'deduplicated':
        process.record(deduplicated, { message: event.envelope.message, first: event.first.message, place })
        return
      case 'stored':
        process.record(copyStored, { ...copyOf(event), place })
        return
      case 'ended':
        process.record(copyEnded, { ...copyOf(event), place, fate: event.fate, reason: event.reason })
        return
      case 'received':
        process.record(messageReceived, { ...copyOf(event), place, consumer: client, receives: event.message.receives })
        return
      case 'visible-again':
        process.record(visibleAgain, {
          ...copyOf(event),
          place,
          receives: event.message.receives,
          reason: event.reason,
        })
        return
      case 'extended':
        process.record(visibilityExtended, { message: event.message.envelope.message, place, consumer: client })
        return
      case 'missed':
        process.record(copyMissed, {
          message: event.message.envelope.message,
          place,
          server: this.#servers[event.server] ?? '',
          action: event.action,
        })
        return
      case 'not-deleted':
        process.record(notDeleted, {
          message: event.message.envelope.message,
          place,
          consumer: client,
          reason: event.reason,
        })
    }
  }

  refused(process: Process, action: string, client: string, { code }: Refusal): void {
    process.record(callRefused, { action, place: this.#place, client, code })
  }

  failed(process: Process, action: string, message: Name, { code }: Refusal): void {
    process.record(entryFailed, { action, message, place: this.#place, code })
  }

  overlooked(process: Process, { count, first, reason }: Overlooked, consumer: string): void {
    process.record(foundNothing, { message: first.message, place: this.#place, consumer, count, reason })
  }
}

function copyOf({ message }: Extract<QueueEvent, { readonly message: unknown }>) {
  return { copy: message.copy, message: message.envelope.message }
}
