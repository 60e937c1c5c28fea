import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyStored } from '../../../history/facts.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Overlooked, QueueEvent, Refusal } from '../core/queue-core.ts'
import {
  answeredInPart,
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
  readonly #nextCopy: () => number

  constructor(place: Name, servers: readonly string[], nextCopy: () => number) {
    this.#place = place
    this.#servers = servers
    this.#nextCopy = nextCopy
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
        this.#dropped(process, event.envelope.message, 'its deduplication id is known')
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

  /** A message of a batch was not taken, and nobody tries it again by itself. */
  entryDropped(process: Process, message: Name): void {
    this.#dropped(process, message, 'its entry of the batch failed')
  }

  #dropped(process: Process, message: Name, reason: string): void {
    const values = { copy: this.#nextCopy(), message, place: this.#place }
    process.record(copyStored, values)
    process.record(copyEnded, { ...values, fate: 'dropped', reason })
  }

  /** The answer to a batch some of whose entries failed. */
  inPart(process: Process, action: string, client: string, failed: number, entries: number): void {
    if (failed > 0) process.record(answeredInPart, { action, place: this.#place, client, failed, entries })
  }

  overlooked(process: Process, { count, first, reason }: Overlooked, consumer: string): void {
    process.record(foundNothing, { message: first.message, place: this.#place, consumer, count, reason })
  }
}

function copyOf({ message }: Extract<QueueEvent, { readonly message: unknown }>) {
  return { copy: message.copy, message: message.envelope.message }
}
