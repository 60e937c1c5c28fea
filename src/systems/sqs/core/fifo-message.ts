import type { Micros } from '../../../simulation/duration.ts'
import type { Envelope } from '../../system.ts'
import { Line } from './line.ts'
import type { HeldMessage, NewMessage } from './queue-core.ts'

/** A message of a FIFO queue, which keeps its place in its group until it is gone. */
export class FifoMessage implements HeldMessage {
  readonly copy: number
  readonly id: number
  readonly envelope: Envelope
  readonly sentAt: Micros
  readonly group: string
  readonly deduplicationId: string | undefined
  readonly deadLetterOf: string | undefined
  readonly sequence: number
  receives = 0
  /** The number of its latest receive. */
  receive = 0
  receivedAt: Micros = 0
  firstReceivedAt: Micros | undefined
  hiddenUntil: Micros = 0
  isInFlight = false
  isGone = false

  constructor(spec: NewMessage, sequence: number) {
    this.copy = spec.copy
    this.id = spec.id
    this.envelope = spec.envelope
    this.sentAt = spec.sentAt
    this.group = spec.group
    this.deduplicationId = spec.deduplicationId
    this.deadLetterOf = spec.deadLetterOf
    this.sequence = sequence
  }
}

/** The messages of a group in the order of their arrival. While any of them is in flight, nobody gets another one. */
export class MessageGroup {
  readonly #messages = new Line<FifoMessage>()
  inFlight = 0

  add(message: FifoMessage): void {
    this.#messages.push(message)
  }

  /** The first message that is not gone. */
  get head(): FifoMessage | undefined {
    while (this.#messages.first?.isGone === true) this.#messages.takeFirst()
    return this.#messages.first
  }

  *present(): Generator<FifoMessage> {
    for (const message of this.#messages) if (!message.isGone) yield message
  }
}
