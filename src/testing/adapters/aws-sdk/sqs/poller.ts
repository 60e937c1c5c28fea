import { perform, start } from '../../../../application/program.ts'
import type { Source } from '../../../../application/source.ts'
import type { HandlingOutcome } from '../../../../application/strategies/strategy.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { SqsConsumer } from '../../../../systems/sqs/client/consumer.ts'
import { SqsDelivery } from '../../../../systems/sqs/client/delivery.ts'
import type { SdkClient } from '../../../../systems/sqs/client/sdk-client.ts'
import type { Inside, Loop } from '../../../bridge/inside.ts'
import type { AskedFor } from '../../sqs/message.ts'
import { messageOf } from '../../sqs/message.ts'
import { byTheReceiver } from '../../sqs/sqs-client.ts'
import { WrongClient } from '../../wrong-client.ts'
import type { ReceivedEntry } from '../../../../systems/sqs/protocol.ts'
import { FetchedMessage } from './fetched-message.ts'

/** What the code in one process receives by itself, and has in hand. */
export class Poller {
  readonly consumer: SqsConsumer
  readonly #source: Source
  readonly #inside: Inside
  readonly #loop: Loop
  readonly #clients = new Map<object, SdkClient>()
  /** By receipt handle. */
  readonly #inHand = new Map<string, FetchedMessage>()

  constructor(source: Source, inside: Inside, shape: string) {
    const consumer = source.open()
    if (!(consumer instanceof SqsConsumer)) throw new WrongClient(shape, 'sqs({ ... })')
    this.consumer = consumer
    this.#source = source
    this.#inside = inside
    this.#loop = inside.loop()
    pollers.set(inside, this)
  }

  /** Runs the loop of the code. */
  run(loop: () => unknown): unknown {
    return this.#loop.run(loop)
  }

  /** The simulated client behind one that the code has made. */
  clientOf(made: object, maxAttempts: number | undefined): SdkClient {
    const known = this.#clients.get(made)
    if (known !== undefined) return known
    const purpose = `by-code-${this.#clients.size + 1}`
    const client = this.consumer.openClient(purpose, maxAttempts === undefined ? {} : { maxAttempts })
    this.#clients.set(made, client)
    return client
  }

  /** What a receive has brought is in the hands of the code from now on. To be called in a step. */
  take(entries: readonly ReceivedEntry[], asked: AskedFor, hiddenFor: Micros): readonly FetchedMessage[] {
    const { process } = this.#inside
    const fetched: FetchedMessage[] = []
    const handleOne = this.#source.handler(
      (handling) =>
        perform<HandlingOutcome>('user code', (resume) => {
          const message = messageOf(handling, asked)
          const ended = (outcome: HandlingOutcome): void => {
            if (this.#inHand.delete(message.ReceiptHandle)) resume(outcome)
          }
          const one = new FetchedMessage(handling, this.#loop.work(handling), message, process.now + hiddenFor, ended)
          this.#inHand.set(message.ReceiptHandle, one)
          fetched.push(one)
        }),
      byTheReceiver,
    )
    for (const entry of entries) this.#comesAgain(entry)
    for (const entry of entries) start(process, handleOne(new SqsDelivery(this.consumer.queue, entry)))
    return fetched
  }

  /** Nothing where somebody else received it, or it is settled. */
  inHand(receiptHandle: string): FetchedMessage | undefined {
    return this.#inHand.get(receiptHandle)
  }

  /** The code receives again: of what it had not deleted in time, the attempt is over. */
  goesOn(): void {
    const { now } = this.#inside.process
    for (const fetched of this.#inHand.values()) if (fetched.isLeft(now)) fetched.left(notInTime)
  }

  /** A message has come again. The attempt before is over, unless its code is at it still. */
  #comesAgain({ id }: ReceivedEntry): void {
    for (const fetched of this.#inHand.values()) if (fetched.id === id && !fetched.isUnderWay) fetched.left(notInTime)
  }
}

const notInTime = 'the code had not deleted it when its visibility timeout was over'

const pollers = new WeakMap<Inside, Poller>()

/** What the code of a process receives with; nothing where something else receives for it. */
export function pollerOf(inside: Inside): Poller | undefined {
  return pollers.get(inside)
}
