import { inspect } from 'node:util'
import type { Handling, HandlingOutcome } from '../../../../application/strategies/strategy.ts'
import { done, failed } from '../../../../application/strategies/strategy.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { ownDelivery } from '../../../../systems/sqs/client/delivery.ts'
import type { Work } from '../../../bridge/inside.ts'
import { givenFor } from '../../handling-of.ts'
import type { HeldMessage } from '../../sqs/calls-by-code.ts'
import type { SqsMessage } from '../../sqs/message.ts'

/** A message that the code has received and that nobody has settled. */
export class FetchedMessage implements HeldMessage {
  /** As the code has it: whoever looks at it works on it. */
  readonly message: SqsMessage
  readonly #handling: Handling
  readonly #work: Work
  readonly #ended: (outcome: HandlingOutcome) => void
  #hiddenUntil: Micros

  constructor(
    handling: Handling,
    work: Work,
    message: SqsMessage,
    hiddenUntil: Micros,
    ended: (outcome: HandlingOutcome) => void,
  ) {
    this.#handling = handling
    this.#work = work
    this.#hiddenUntil = hiddenUntil
    this.#ended = ended
    this.message = givenFor(
      looking(message, () => work.takeUp()),
      handling,
    )
  }

  hideUntil(time: Micros): void {
    this.#hiddenUntil = time
  }

  noteDeletion(): void {
    this.#handling.noteAcknowledged()
  }

  deleted(): void {
    this.#work.settled()
    this.#ended(done)
  }

  left(reason: string): void {
    this.#ended(failed(reason))
  }

  /** What stands for its MessageId. */
  get id(): number {
    return ownDelivery(this.#handling.delivery).entry.id
  }

  get isUnderWay(): boolean {
    return this.#work.isUnderWay
  }

  /** Whether the time is over in which it was hidden, and nothing is under way of it. */
  isLeft(now: Micros): boolean {
    return now >= this.#hiddenUntil && !this.isUnderWay
  }
}

/** The same message, which tells when one of its fields is read. It is printed without that. */
function looking(message: SqsMessage, looked: () => void): SqsMessage {
  const seen: SqsMessage = { ...message }
  for (const [name, value] of Object.entries(message))
    Object.defineProperty(seen, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        looked()
        return value
      },
    })
  return Object.defineProperty(seen, inspect.custom, { value: () => message })
}
