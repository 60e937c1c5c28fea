import type { Program } from '../../../application/program.ts'
import { all, race, sleep } from '../../../application/program.ts'
import type { HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { millisecond } from '../../../simulation/duration.ts'
import type { Ended, OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { described } from '../../check/described.ts'
import { reasonOf } from '../reason-of.ts'
import type { SqsMessage } from '../sqs/message.ts'
import { byTheReceiver } from '../sqs/sqs-client.ts'
import type { InHand } from './library.ts'
import { Library } from './library.ts'
import type { SqsConsumerOptions } from './options.ts'
import { checkOptions } from './options.ts'

const shape = 'sqsConsumer.handleMessage'

/**
 * A consumer whose code is called as the `handleMessage` of sqs-consumer 15: with each message, and with all that a receive brought at a time. A message
 * is deleted when the function gives it back, or any object with its `MessageId`; with `alwaysAcknowledge` whatever it gives. One that is not given back
 * comes again when its visibility timeout is over, and one at which the function threw as `terminateVisibilityTimeout` says.
 */
export function handleMessage(
  handler: (message: SqsMessage) => unknown,
  options: SqsConsumerOptions = {},
): OfWholeSource {
  checkOptions(shape, options)
  return {
    shape,
    *consume(source, user) {
      const library = new Library(shape, options, source, user)
      const handleOne = source.handler(
        (handling) => handle(library, user, handler, library.inHand(handling)),
        byTheReceiver,
      )
      yield* library.poll((deliveries) => all(deliveries.map(handleOne)))
    },
  }
}

function* handle(
  library: Library,
  user: UserCalls,
  handler: (message: SqsMessage) => unknown,
  inHand: InHand,
): Program<HandlingOutcome> {
  const { handling, message } = inHand
  const ended = yield* inTime(
    user.call([handling], () => handler(message)),
    library.options.handleMessageTimeout,
  )
  const refused = refusalOf(ended, message, library.options)
  if (refused !== undefined) {
    if (refused.wasThrown) yield* library.leaveFailed([inHand])
    else library.leave([inHand])
    return failed(refused.reason)
  }
  if ((yield* library.delete([inHand])) === 'acknowledged') return done
  yield* library.leaveFailed([inHand])
  return failed('the message could not be deleted')
}

/** Waits so many ms at most for the end of the code, which goes on beside that. */
function inTime(called: Program<Ended>, timeout: number | undefined): Program<Ended> {
  return timeout === undefined || timeout === 0 ? called : race([called, timedOut(timeout)])
}

function* timedOut(timeout: number): Program<Ended> {
  yield* sleep(timeout * millisecond)
  return { kind: 'threw', error: new Error(`Message handler timed out after ${timeout}ms: Operation timed out.`) }
}

/** Why a message is not deleted, and whether that is an error to the library; nothing if it is. */
function refusalOf(
  ended: Ended,
  { MessageId }: SqsMessage,
  { alwaysAcknowledge = false, strictReturn = false }: SqsConsumerOptions,
): { readonly reason: string; readonly wasThrown: boolean } | undefined {
  if (ended.kind === 'threw') return { reason: reasonOf(ended.error), wasThrown: true }
  const { value } = ended
  if (alwaysAcknowledge || idOf(value) === MessageId) return undefined
  if (strictReturn && value === null) return { reason: 'handleMessage gave null, under strictReturn', wasThrown: true }
  const given = typeof value === 'object' && value !== null ? 'an object without the MessageId' : described(value)
  return {
    reason: `handleMessage gave ${given}: sqs-consumer deletes the message that it is given back`,
    wasThrown: false,
  }
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'MessageId' in value ? value.MessageId : undefined
}
