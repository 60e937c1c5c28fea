import { suggestionFor } from '../../../scenario/suggestion.ts'
import { second } from '../../../simulation/duration.ts'
import type { SqsConsumer } from '../../../systems/sqs/client/consumer.ts'
import { described } from '../../check/described.ts'
import { WrongCheck } from '../../wrong-check.ts'

/** How the event source mapping, and the function, are configured. */
export interface OnSqsOptions {
  /** The most records of a batch, 1 to 10. @default 10 */
  readonly batchSize?: number
  /** Whether FunctionResponseTypes has ReportBatchItemFailures. @default false */
  readonly reportBatchItemFailures?: boolean
  /** Seconds after which an invocation is ended, and the process with it: 1 to 900. @default 3 */
  readonly timeout?: number
}

export const shape = 'lambda.onSqs'

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html, and configuration-timeout.html beside it. */
const defaults: Required<OnSqsOptions> = { batchSize: 10, reportBatchItemFailures: false, timeout: 3 }

/** The options, complete; what is wrong with them, or with the function, is refused in a sentence. */
export function completed(handler: { readonly length: number }, options: OnSqsOptions): Required<OnSqsOptions> {
  const known = Object.keys(defaults)
  for (const name of Object.keys(options))
    if (!known.includes(name)) refuse(`there is no option \`${name}\`. ${suggestionFor(name, known) ?? ''}`.trim())
  if (handler.length > 2) refuse('a function with a callback is not simulated: let it be async')
  const complete = { ...defaults, ...options }
  mustBeWithin('batchSize', complete.batchSize, 1, 10)
  mustBeWithin('timeout', complete.timeout, 1, 900)
  return complete
}

/** An event source mapping receives and deletes in a way of its own. */
const ofOtherConsumers = [
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'heartbeatInterval',
  'terminateVisibilityTimeout',
  'delete-batch-size',
  'failed-deletions',
] as const

/** Refuses what Lambda has no option for; it makes no mapping to a queue whose messages would come again before the function has to end. */
export function checkConsumer(consumer: SqsConsumer, timeout: number): void {
  const said = ofOtherConsumers.find((option) => consumer.says(option))
  if (said !== undefined)
    refuse(`an event source mapping has no option \`${said}\`; see batchSize, and the attributes of the queue`)
  const { visibilityTimeout } = consumer
  if (timeout * second > visibilityTimeout)
    refuse(
      `its timeout of ${timeout} s is longer than the visibility timeout of ${visibilityTimeout / second} s, which Lambda refuses`,
    )
}

function mustBeWithin(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || Number(value) < least || Number(value) > most)
    refuse(`\`${name}\` is ${described(value)}: expected a whole number from ${least} to ${most}`)
}

function refuse(problem: string): never {
  throw new WrongCheck(`${shape}: ${problem}`)
}
