import { perform, start } from '../../../../application/program.ts'
import type { Source } from '../../../../application/source.ts'
import type { HandlingOutcome } from '../../../../application/strategies/strategy.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { SqsDelivery } from '../../../../systems/sqs/client/delivery.ts'
import type { Inside, Loop } from '../../../bridge/inside.ts'
import type { AskedFor } from '../../sqs/message.ts'
import { messageOf } from '../../sqs/message.ts'
import { CallsByCode } from '../../sqs/calls-by-code.ts'
import { byTheReceiver, sqsConsumerOf } from '../../sqs/sqs-client.ts'
import type { ReceivedEntry } from '../../../../systems/sqs/protocol.ts'
import { FetchedMessage } from './fetched-message.ts'

/** What the code in one process receives by itself, and has in hand. */
export class Poller extends CallsByCode {
  readonly #source: Source
  readonly #inside: Inside
  readonly #loop: Loop
  readonly #inHand = new Set<FetchedMessage>()

  constructor(source: Source, inside: Inside, shape: string) {
    super(sqsConsumerOf(source, shape), inside)
    this.#source = source
    this.#inside = inside
    this.#loop = inside.loop()
  }

  /** Runs the loop of the code. */
  run(loop: () => unknown): unknown {
    return this.#loop.run(loop)
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
            this.#inHand.delete(one)
            if (this.release(message.ReceiptHandle)) resume(outcome)
          }
          const one = new FetchedMessage(handling, this.#loop.work(handling), message, process.now + hiddenFor, ended)
          this.#inHand.add(one)
          this.hold(message.ReceiptHandle, one)
          fetched.push(one)
        }),
      byTheReceiver,
    )
    for (const entry of entries) this.#comesAgain(entry)
    for (const entry of entries) start(process, handleOne(new SqsDelivery(this.consumer.queue, entry)))
    return fetched
  }

  /** The code receives again: of what it had not deleted in time, the attempt is over. */
  goesOn(): void {
    const { now } = this.#inside.process
    for (const fetched of this.#inHand) if (fetched.isLeft(now)) fetched.left(notInTime)
  }

  /** A message has come again. The attempt before is over, unless its code is at it still. */
  #comesAgain({ id }: ReceivedEntry): void {
    for (const fetched of this.#inHand) if (fetched.id === id && !fetched.isUnderWay) fetched.left(notInTime)
  }
}

const notInTime = 'the code had not deleted it when its visibility timeout was over'
