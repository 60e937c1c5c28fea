import type { Payload } from '../core/bulk.ts'
import type { Envelope } from '../../system.ts'

/**
 * What messages contain, by the names of their messages, which stand for them inside of the servers. One table serves a system and its clients:
 * producers put contents in, consumers find them.
 */
export class Contents {
  readonly #envelopes = new Map<number, Envelope>()

  /** What a client writes in place of the message. */
  payloadOf(envelope: Envelope): Payload {
    this.#envelopes.set(envelope.message, envelope)
    return { message: envelope.message, bytes: envelope.size }
  }

  of(message: number): Envelope {
    const envelope = this.#envelopes.get(message)
    if (envelope === undefined) throw new Error(`There is no content of message ${message}.`)
    return envelope
  }
}
