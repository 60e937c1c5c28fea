import type { Program } from '../../../application/program.ts'
import { already, perform, sleep } from '../../../application/program.ts'
import type { Source } from '../../../application/source.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import { second } from '../../../simulation/duration.ts'
import type { AcknowledgeOutcome, Delivery } from '../../../systems/system.ts'
import type { UserCalls } from '../../bridge/shaped-handler.ts'
import { givenFor } from '../handling-of.ts'
import type { AskedFor, SqsMessage } from '../sqs/message.ts'
import { messageOf } from '../sqs/message.ts'
import { SqsClient } from '../sqs/sqs-client.ts'
import type { SqsConsumerOptions } from './options.ts'
import { askedFor, configure, restOf } from './options.ts'

/** A message with the delivery that it is of. */
export interface InHand {
  readonly handling: Handling
  readonly message: SqsMessage
}

/** What sqs-consumer does around a handler in one process. */
export class Library {
  readonly options: SqsConsumerOptions
  readonly #client: SqsClient
  readonly #user: UserCalls
  readonly #asked: AskedFor

  constructor(shape: string, options: SqsConsumerOptions, source: Source, user: UserCalls) {
    this.options = options
    this.#client = new SqsClient(source, user.inside, shape)
    this.#user = user
    this.#asked = askedFor(options)
    configure(shape, this.#client.consumer, options)
  }

  /** Polls for ever: what a receive brings is dealt with to its end before the next one. */
  *poll(deal: (deliveries: readonly Delivery[]) => Program<unknown>): Program<never> {
    const rest = restOf(this.options)
    for (;;) {
      const deliveries = yield* this.#client.receive()
      if (deliveries.length > 0) yield* deal(deliveries)
      if (rest > 0) yield* sleep(rest)
    }
  }

  inHand(handling: Handling): InHand {
    const message = messageOf(handling, this.#asked)
    this.#client.hand(handling, message.ReceiptHandle)
    return { handling, message: givenFor(message, handling) }
  }

  /** Deletes them, unless the code has said that it does so by itself. */
  delete(done: readonly InHand[]): Program<AcknowledgeOutcome> {
    if (this.options.shouldDeleteMessages === false) {
      this.leave(done)
      return already<AcknowledgeOutcome>('acknowledged')
    }
    return this.#client.delete(done.map(({ handling }) => handling))
  }

  /** The handler did not give them back: they come again when their visibility timeouts are over. */
  leave(undone: readonly InHand[]): void {
    this.#client.leave(undone.map(({ handling }) => handling))
  }

  /** Something was thrown: they come again as `terminateVisibilityTimeout` says. */
  *leaveFailed(failed: readonly InHand[]): Program {
    const { terminateVisibilityTimeout: terminate } = this.options
    const { consumer } = this.#client
    if (typeof terminate !== 'number' && typeof terminate !== 'function') {
      for (const { handling } of failed)
        yield* perform<AcknowledgeOutcome>('reject', (resume) => consumer.reject(handling.delivery, 'again', resume))
      return
    }
    this.leave(failed)
    const seconds = typeof terminate === 'number' ? terminate : yield* this.#secondsBy(terminate, failed)
    if (seconds === undefined) return
    const handlings = failed.map(({ handling }) => handling)
    yield* this.#client.hideFor(handlings, Math.max(0, Math.floor(seconds)) * second)
  }

  /** Asks the code. Where it throws, or gives no number, nobody changes anything. */
  *#secondsBy(terminate: (messages: SqsMessage[]) => number, failed: readonly InHand[]): Program<number | undefined> {
    const handlings = failed.map(({ handling }) => handling)
    const ended = yield* this.#user.call(handlings, () => terminate(failed.map(({ message }) => message)))
    return ended.kind === 'returned' && typeof ended.value === 'number' ? ended.value : undefined
  }
}
