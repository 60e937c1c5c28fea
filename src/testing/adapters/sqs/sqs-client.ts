import type { Program } from '../../../application/program.ts'
import { perform } from '../../../application/program.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { SqsConsumer } from '../../../systems/sqs/client/consumer.ts'
import type { AcknowledgeOutcome, Delivery } from '../../../systems/system.ts'
import { WrongClient } from '../wrong-client.ts'

/** The most that a receive brings. */
const mostOfAReceive = 10

/** What receives around the code deletes and leaves by itself. */
export const byTheReceiver: Ways = { acknowledge: 'never', onError: 'requeue' }

/** The simulated consumer of a queue, as loops around somebody's code use it: what a receive brings is in hand at once. */
export class SqsClient {
  readonly consumer: SqsConsumer

  constructor(source: Source, shape: string) {
    const consumer = source.open()
    if (!(consumer instanceof SqsConsumer)) throw new WrongClient(shape, 'sqs({ ... })')
    this.consumer = consumer
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
