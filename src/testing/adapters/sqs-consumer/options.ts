import { millisecond, second } from '../../../simulation/duration.ts'
import { suggestionFor } from '../../../scenario/suggestion.ts'
import type { SqsConsumer } from '../../../systems/sqs/client/consumer.ts'
import { described } from '../../check/described.ts'
import { WrongCheck } from '../../wrong-check.ts'
import type { AskedFor, SqsMessage } from '../sqs/message.ts'

/** Options of `Consumer.create` that say how messages are received and settled, under their own names. */
export interface SqsConsumerOptions {
  /** How many messages a receive asks for, 1 to 10; `handleMessage` is called for all of them at a time. @default 1 */
  readonly batchSize?: number
  /** Seconds; needed for `heartbeatInterval`. Default: the queue's. */
  readonly visibilityTimeout?: number
  /** Seconds that a receive waits for messages. @default 20 */
  readonly waitTimeSeconds?: number
  /** Milliseconds between polls. @default 0 */
  readonly pollingWaitTimeMs?: number
  /** What failed is visible again at once, or after so many seconds. @default false */
  readonly terminateVisibilityTimeout?: boolean | number | ((messages: SqsMessage[]) => number)
  /** Seconds after which the visibility timeout of what is being handled begins anew, again and again. Default: never. */
  readonly heartbeatInterval?: number
  /** Milliseconds after which the consumer gives up waiting for `handleMessage`, which goes on all the same. Default: never. */
  readonly handleMessageTimeout?: number
  /** Whether messages are deleted whatever the handler gives. @default false */
  readonly alwaysAcknowledge?: boolean
  /** Whether the library deletes what the handler gives back; otherwise the code does so by itself, with `awsSdk.SQSClient`. @default true */
  readonly shouldDeleteMessages?: boolean
  /** Whether null is an error. @default false */
  readonly strictReturn?: boolean
  /** Attributes that the sender gave, without which a message has none: names, beginnings (`trace.*`), or `All`. */
  readonly messageAttributeNames?: readonly string[]
  /** System attributes, without which a message has none: `ApproximateReceiveCount` ..., or `All`. */
  readonly messageSystemAttributeNames?: readonly string[]
  /** The older name for the same. */
  readonly attributeNames?: readonly string[]
}

const known: Readonly<Record<keyof SqsConsumerOptions, true>> = {
  batchSize: true,
  visibilityTimeout: true,
  waitTimeSeconds: true,
  pollingWaitTimeMs: true,
  terminateVisibilityTimeout: true,
  heartbeatInterval: true,
  handleMessageTimeout: true,
  alwaysAcknowledge: true,
  shouldDeleteMessages: true,
  strictReturn: true,
  messageAttributeNames: true,
  messageSystemAttributeNames: true,
  attributeNames: true,
}

/** Options of `Consumer.create` that a check has no use for, each with the reason. */
const withoutUse: Readonly<Record<string, string>> = {
  queueUrl: 'the queue is that of sqs({ queue })',
  sqs: 'the SDK is simulated',
  region: 'there is none in a check',
  handleMessage: 'it is what sqsConsumer.handleMessage is given',
  handleMessageBatch: 'it is what sqsConsumer.handleMessageBatch is given',
  pollingCompleteWaitTimeMs: 'a check stops the consumer itself, and lets it finish',
  authenticationErrorTimeout: 'nobody is refused in a check',
  preReceiveMessageCallback: 'it is not called in a check',
  postReceiveMessageCallback: 'it is not called in a check',
}

/** Refuses, in a sentence, what the library refuses and what is not simulated. */
export function checkOptions(shape: string, options: SqsConsumerOptions): void {
  const refuse = (problem: string): never => {
    throw new WrongCheck(`${shape}: ${problem}`)
  }
  for (const name of Object.keys(options)) {
    const reason = withoutUse[name]
    if (reason !== undefined) refuse(`the option \`${name}\` means nothing here, as ${reason}`)
    if (!(name in known))
      refuse(`there is no option \`${name}\`. ${suggestionFor(name, Object.keys(known)) ?? ''}`.trim())
  }
  const { batchSize = 1, waitTimeSeconds = 20, heartbeatInterval, visibilityTimeout } = options
  if (!isWithin(batchSize, 1, 10) || !Number.isInteger(batchSize))
    refuse(`\`batchSize\` is ${described(batchSize)}: expected a whole number from 1 to 10`)
  if (!isWithin(waitTimeSeconds, 0, 20))
    refuse(`\`waitTimeSeconds\` is ${described(waitTimeSeconds)}: expected a number from 0 to 20`)
  if (heartbeatInterval !== undefined && (visibilityTimeout === undefined || heartbeatInterval >= visibilityTimeout))
    refuse('`heartbeatInterval` must be less than `visibilityTimeout`, which has to be given with it')
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

/** Lets the simulated consumer receive and settle as the library does. What is not said is as the check's system has it, or as in the library. */
export function configure(shape: string, consumer: SqsConsumer, options: SqsConsumerOptions): void {
  const { batchSize, waitTimeSeconds, visibilityTimeout, heartbeatInterval, terminateVisibilityTimeout } = options
  for (const option of ['delete-batch-size', 'failed-deletions'] as const)
    if (consumer.says(option))
      throw new WrongCheck(`${shape}: sqs-consumer deletes in a way of its own, so that \`${option}\` means nothing`)
  const waitTime = waitTimeSeconds ?? (consumer.says('WaitTimeSeconds') ? undefined : 20)
  consumer.configure({
    ...(batchSize === undefined ? {} : { MaxNumberOfMessages: batchSize }),
    ...(waitTime === undefined ? {} : { WaitTimeSeconds: waitTime * second }),
    ...(visibilityTimeout === undefined ? {} : { VisibilityTimeout: visibilityTimeout * second }),
    ...(heartbeatInterval === undefined ? {} : { heartbeatInterval: heartbeatInterval * second }),
    ...(typeof terminateVisibilityTimeout === 'boolean' ? { terminateVisibilityTimeout } : {}),
  })
}

export function askedFor(options: SqsConsumerOptions): AskedFor {
  const { messageAttributeNames = [], messageSystemAttributeNames = [], attributeNames = [] } = options
  return { system: [...messageSystemAttributeNames, ...attributeNames], message: messageAttributeNames }
}

/** µs between polls. */
export function restOf({ pollingWaitTimeMs = 0 }: SqsConsumerOptions): number {
  return pollingWaitTimeMs * millisecond
}
