import type { CheckedSystem, Options } from './checked-system.ts'
import { given, isOptions } from './checked-system.ts'

export interface SqsSystem {
  /** The queue that is consumed from; one whose name ends in `.fifo` is a FIFO queue. Default `orders`, a standard queue. */
  readonly queue?: string
  /**
   * Attributes of that queue under their own names: `VisibilityTimeout`, `RedrivePolicy` ... A dead-letter queue that they name is there. Or a file
   * of them, as `aws sqs get-queue-attributes --attribute-names All` prints it, or several. Default: those of the service.
   */
  readonly attributes?: string | readonly string[] | Options
  /** Of those who send: `MessageGroupId`, `MessageDeduplicationId`, `maxAttempts` ... Default: those of the SDK; messages are sent again until they are in the queue. */
  readonly producer?: Options
  /**
   * Of the consumer under test: `MaxNumberOfMessages`, `VisibilityTimeout`, `terminateVisibilityTimeout` ... What failed comes back when its visibility
   * timeout is over (30 s, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html). Receives wait for
   * messages for 20 s unless the options or attributes say otherwise; of the service, a receive does not wait.
   */
  readonly consumer?: Options
  /** Any other option of the service, under its own name: `queues`, `internal-errors`, `old-handle-deletes` ... */
  readonly [option: string]: unknown
}

/** Amazon SQS with its real attributes and defaults. */
export function sqs(system: SqsSystem = {}): CheckedSystem {
  const { queue = 'orders', attributes = {}, producer = {}, consumer = {}, ...others } = given('sqs', system)
  return {
    from: 'options',
    product: 'sqs',
    sendTo: queue,
    receiveFrom: queue,
    group: undefined,
    options: isOptions(attributes)
      ? { ...others, queues: queuesWith(queue, attributes, others['queues']) }
      : { attributes, ...others },
    producer,
    consumer,
    consumerUnlessSaid: isOptions(attributes) && 'ReceiveMessageWaitTimeSeconds' in attributes ? {} : longPolls,
    firstMessageAfter: '1s',
    outputs: { declaredAs: 'queues', place: queueNamed, reader: longPolls },
  }
}

/** Receives that wait as long as they can, as the documentation recommends them. */
const longPolls: Options = { WaitTimeSeconds: '20s' }

/** What a queue is by its name. */
function queueNamed(name: string): Options {
  return String(name).endsWith('.fifo') ? { FifoQueue: true } : {}
}

/** The queues that are declared, the one that is consumed from, and the one for its dead letters. */
function queuesWith(name: string, attributes: Options, declared: unknown): unknown {
  if (declared !== undefined && !isOptions(declared)) return declared
  const target = deadLetterQueueOf(attributes)
  return {
    ...(target === undefined ? {} : { [target]: queueNamed(target) }),
    ...declared,
    [name]: { ...queueNamed(name), ...ofQueue(declared?.[name]), ...attributes },
  }
}

function ofQueue(declared: unknown): Options {
  return isOptions(declared) ? declared : {}
}

function deadLetterQueueOf({ RedrivePolicy: policy }: Options): string | undefined {
  const arn = isOptions(policy) ? policy['deadLetterTargetArn'] : undefined
  return typeof arn === 'string' ? arn.slice(arn.lastIndexOf(':') + 1) : undefined
}
