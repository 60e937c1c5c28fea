import type { SharedOutcome } from '../../../application/handling.ts'
import type { Program } from '../../../application/program.ts'
import { race, sleep } from '../../../application/program.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { second } from '../../../simulation/duration.ts'
import type { Ended, OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { described } from '../../check/described.ts'
import { givenFor } from '../handling-of.ts'
import { reasonOf } from '../reason-of.ts'
import { byTheReceiver, SqsClient } from '../sqs/sqs-client.ts'
import { failedIn } from './batch-response.ts'
import type { FunctionContext } from './function-context.ts'
import { contextOf } from './function-context.ts'
import type { OnSqsOptions } from './on-sqs-options.ts'
import { checkConsumer, completed, shape } from './on-sqs-options.ts'
import type { SqsEvent, SqsRecord } from './sqs-event.ts'
import { recordOf } from './sqs-event.ts'

type SqsFunction = (event: SqsEvent, context: FunctionContext) => unknown

/** How soon an execution environment is there in place of one that was ended. */
const startsAgainAfter = second

/**
 * A function of AWS Lambda that gets its messages from a queue. When it returns, its batch is deleted; when it throws or takes longer than its timeout, all of
 * the batch comes again after the visibility timeout; with `reportBatchItemFailures`, of a batch that it returns from, what it names.
 *
 * Each process is an execution environment together with what polls for it. Left out are batching windows and batches above ten, Lambda's backing off after
 * errors, its own retries of throttled invocations, filters, and that an environment is frozen between invocations. In Lambda the poller lives on
 * when the environment dies; here both die, so that a batch whose function returned just before comes again more often than it would there.
 */
export function onSqs(handler: SqsFunction, options: OnSqsOptions = {}): OfWholeSource {
  const { batchSize, reportBatchItemFailures, timeout } = completed(handler, options)
  return {
    shape,
    *consume(source, user) {
      const client = new SqsClient(source, user.inside, shape)
      checkConsumer(client.consumer, timeout)
      client.consumer.configure({ MaxNumberOfMessages: batchSize, WaitTimeSeconds: longestWait })
      let invocations = 0
      const invoke = source.handlerOfMany(function* (handlings) {
        const { process, context: own } = user.inside
        const context = contextOf(own.service, process, ++invocations, process.now + timeout * second)
        const event = { Records: handlings.map((each) => handed(client, each)) }
        const ended = yield* inTime(
          user.call(handlings, () => handler(event, context)),
          timeout,
          user,
        )
        return yield* afterwards(client, ended, handlings, event, reportBatchItemFailures)
      }, byTheReceiver)
      for (;;) {
        const deliveries = yield* client.receive()
        if (deliveries.length > 0) yield* invoke(deliveries)
      }
    },
  }
}

function handed(client: SqsClient, handling: Handling): SqsRecord {
  const record = recordOf(handling)
  client.hand(handling, record.receiptHandle)
  return givenFor(record, handling)
}

/** Event source mappings poll for as long as a receive may wait. */
const longestWait = 20 * second

/** What the function takes; nothing comes back where that is too long. */
function* inTime(called: Program<Ended>, timeout: number, { inside }: UserCalls): Program<Ended> {
  const ended = yield* race<Ended | 'too long'>([called, tooLong(timeout)])
  if (ended !== 'too long') return ended
  inside.log(`Task timed out after ${timeout.toFixed(2)} seconds`)
  inside.process.exit(startsAgainAfter)
  // Nothing of this process runs any more.
  yield* sleep(startsAgainAfter)
  return { kind: 'threw', error: new Error('the process has ended') }
}

function* tooLong(timeout: number): Program<'too long'> {
  yield* sleep(timeout * second)
  return 'too long'
}

/** Deletes what succeeded. */
function* afterwards(
  client: SqsClient,
  ended: Ended,
  handlings: readonly Handling[],
  { Records: records }: SqsEvent,
  reportBatchItemFailures: boolean,
): Program<SharedOutcome> {
  if (ended.kind === 'threw') {
    client.leave(handlings)
    return failed(reasonOf(ended.error))
  }
  const ids = records.map(({ messageId }) => messageId)
  const failures = reportBatchItemFailures ? failedIn(ended.value, ids) : new Set<string>()
  if (failures === 'all') {
    client.leave(handlings)
    return failed(`the function answered ${described(ended.value)}, which counts as a failure of the whole batch`)
  }
  const isFailed = (place: number): boolean => failures.has(ids[place] ?? '')
  client.leave(handlings.filter((_, place) => isFailed(place)))
  const deleted = yield* client.delete(handlings.filter((_, place) => !isFailed(place)))
  const ofOthers = deleted === 'acknowledged' ? done : failed('the batch could not be deleted')
  return handlings.map((_, place) => (isFailed(place) ? failed('it is among the batchItemFailures') : ofOthers))
}
