import type { Program } from '../../../application/program.ts'
import type { SharedOutcome } from '../../../application/handling.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { described } from '../../check/described.ts'
import { reasonOf } from '../reason-of.ts'
import type { SqsMessage } from '../sqs/message.ts'
import { byTheReceiver } from '../sqs/sqs-client.ts'
import type { InHand } from './library.ts'
import { Library } from './library.ts'
import type { SqsConsumerOptions } from './options.ts'
import { checkOptions } from './options.ts'

const shape = 'sqsConsumer.handleMessageBatch'

/**
 * A consumer whose code is called as the `handleMessageBatch` of sqs-consumer 15: with all that a receive brought, which is one message unless `batchSize`
 * says more. What it gives back in a list is deleted, with one call that is not made again for those that failed; with `alwaysAcknowledge` all of them.
 * The rest comes again when its visibility timeout is over; when the function threw, all of them as `terminateVisibilityTimeout` says. `handleMessageTimeout`
 * is for `handleMessage` alone.
 */
export function handleMessageBatch(
  handler: (messages: SqsMessage[]) => unknown,
  options: SqsConsumerOptions = {},
): OfWholeSource {
  checkOptions(shape, options)
  return {
    shape,
    *consume(source, user) {
      const library = new Library(shape, options, source, user)
      const handleBatch = source.handlerOfMany(
        (handlings) =>
          handle(
            library,
            user,
            handler,
            handlings.map((handling) => library.inHand(handling)),
          ),
        byTheReceiver,
      )
      yield* library.poll(handleBatch)
    },
  }
}

function* handle(
  library: Library,
  user: UserCalls,
  handler: (messages: SqsMessage[]) => unknown,
  inHand: readonly InHand[],
): Program<SharedOutcome> {
  const handlings = inHand.map(({ handling }) => handling)
  const ended = yield* user.call(handlings, () => handler(inHand.map(({ message }) => message)))
  const { alwaysAcknowledge = false, strictReturn = false } = library.options
  const isRefused = ended.kind === 'returned' && ended.value === null && strictReturn && !alwaysAcknowledge
  if (ended.kind === 'threw' || isRefused) {
    yield* library.leaveFailed(inHand)
    return failed(ended.kind === 'threw' ? reasonOf(ended.error) : 'handleMessageBatch gave null, under strictReturn')
  }
  const given = alwaysAcknowledge ? inHand : inHand.filter(({ message }) => isIn(ended.value, message))
  const rest = inHand.filter((each) => !given.includes(each))
  library.leave(rest)
  const deleted = yield* library.delete(given)
  // An answer of which a part failed is told to listeners, and nothing more; a call without an answer counts as thrown.
  if (deleted === 'unknown') yield* library.leaveFailed(inHand)
  if (deleted !== 'acknowledged') return failed('the messages could not all be deleted')
  const left = failed(`handleMessageBatch gave ${described(ended.value)}, in which it is not`)
  return inHand.map((each) => (given.includes(each) ? done : left))
}

/** It is deleted by the receipt handle of what comes back. */
function isIn(given: unknown, { ReceiptHandle }: SqsMessage): boolean {
  return Array.isArray(given) && given.some((each) => receiptOf(each) === ReceiptHandle)
}

function receiptOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ReceiptHandle' in value ? value.ReceiptHandle : undefined
}
