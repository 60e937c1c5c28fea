import type { Name } from '../../../history/fact.ts'
import type { Envelope } from '../../system.ts'
import type { SendEntry } from '../protocol.ts'

/** What whoever sends a message says of it to the queue, in place of what the options of the producer say. */
export type Said = Pick<SendEntry, 'group' | 'deduplicationId' | 'delay'>

/** A message that says so by itself, as code does that calls the SDK. */
export class SaidEnvelope implements Envelope {
  readonly message: Name
  readonly operation: Name
  readonly key: string
  readonly sequence: number
  readonly version: number
  readonly size: number
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly said: Said

  constructor({ message, operation, key, sequence, version, size, type, headers, body }: Envelope, said: Said) {
    this.message = message
    this.operation = operation
    this.key = key
    this.sequence = sequence
    this.version = version
    this.size = size
    this.type = type
    this.headers = headers
    this.body = body
    this.said = said
  }
}
