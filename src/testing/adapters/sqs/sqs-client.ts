import type { Program } from '../../../application/program.ts'
import { perform } from '../../../application/program.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { SqsConsumer } from '../../../systems/sqs/client/consumer.ts'
import type { AcknowledgeOutcome, Delivery } from '../../../systems/system.ts'
import type { Inside } from '../../bridge/inside.ts'
import { WrongClient } from '../wrong-client.ts'
import type { HeldMessage } from './calls-by-code.ts'
import { CallsByCode } from './calls-by-code.ts'

/** The most that a receive brings. */
const mostOfAReceive = 10

/** What receives around the code deletes and leaves by itself. */
export const byTheReceiver: Ways = { acknowledge: 'never', onError: 'requeue' }

/** The simulated consumer of a queue, as loops around somebody's code use it: what a receive brings is in hand at once. */
export class SqsClient {
  readonly consumer: SqsConsumer
  readonly #byCode: CallsByCode

  constructor(source: Source, inside: Inside, shape: string) {
    this.consumer = sqsConsumerOf(source, shape)
    this.#byCode = new CallsByCode(this.consumer, inside)
  }

  /** The code is handed a message, and may settle it by itself. */
  hand(handling: Handling, receiptHandle: string): void {
    this.#byCode.hold(receiptHandle, new HandedMessage(handling))
  }

  /** All that the next receive with a message in it brings. */
  receive(): Program<readonly Delivery[]> {
    return perform('receive', (resume) => this.consumer.receive(mostOfAReceive, resume))
  }

  /** Deletes them, several with one call: `refused` if the call failed or a part of it, `unknown` where nobody heard how it went. */
  *delete(handlings: readonly Handling[]): Program<AcknowledgeOutcome> {
    if (handlings.length === 0) return 'acknowledged'
    for (const handling of handlings) handling.noteAcknowledged()
    const deliveries = handlings.map(({ delivery }) => delivery)
    return yield* perform<AcknowledgeOutcome>('delete', (resume) => this.consumer.acknowledge(deliveries, resume))
  }

  /** Goes on without them: they come back when their visibility timeouts are over. */
  leave(handlings: readonly Handling[]): void {
    this.consumer.leave(handlings.map(({ delivery }) => delivery))
  }

  /** Lets them be visible again after this time; nobody looks at the answer. */
  *hideFor(handlings: readonly Handling[], timeout: Micros): Program {
    for (const { delivery } of handlings)
      yield* perform<AcknowledgeOutcome>('change visibility', (resume) =>
        this.consumer.extend(delivery, timeout, resume),
      )
  }
}

/** A message with which somebody else does what is to be done when the code has returned; what the code does before is its own affair. */
class HandedMessage implements HeldMessage {
  readonly #handling: Handling

  constructor(handling: Handling) {
    this.#handling = handling
  }

  noteDeletion(): void {
    this.#handling.noteAcknowledged()
  }

  deleted(): void {}

  left(): void {}

  hideUntil(): void {}
}

/** The simulated consumer, which must be one of SQS. */
export function sqsConsumerOf(source: Source, shape: string): SqsConsumer {
  const consumer = source.open()
  if (consumer instanceof SqsConsumer) return consumer
  throw new WrongClient(shape, 'sqs({ ... })')
}
