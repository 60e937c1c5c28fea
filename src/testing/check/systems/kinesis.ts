import type { CheckedSystem, Options } from './checked-system.ts'
import { given } from './checked-system.ts'

export interface KinesisSystem {
  /** The stream that is consumed from. Default `orders`. */
  readonly stream?: string
  /** How many shards it begins with. Default 2. */
  readonly shards?: number
  /** The name of the application, whose leases its workers share. Default: the name of the service. */
  readonly application?: string
  /** Of those who send: `api`, `SequenceNumberForOrdering` ... Default: the SDK's; records are sent again until they are in the stream. */
  readonly producer?: Options
  /**
   * Of the consumer under test: `retrievalMode`, `failoverTimeMillis`, `checkpoint`, `on-exception` ... Unless it says otherwise the application begins at the
   * oldest record, since in a check nobody has a checkpoint yet, and tries again what failed; the library begins at the latest, and goes on with the
   * next batch after an exception (https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-consumers.html).
   */
  readonly consumer?: Options
  /** Any other option of the service, under its own name: `streams`, `stragglers` ... */
  readonly [option: string]: unknown
}

/** Amazon Kinesis Data Streams and the Kinesis Client Library, with their real options and defaults. */
export function kinesis(system: KinesisSystem = {}): CheckedSystem {
  const {
    stream = 'orders',
    shards = 2,
    application,
    producer = {},
    consumer = {},
    ...others
  } = given('kinesis', system)
  return {
    from: 'options',
    product: 'kinesis',
    sendTo: stream,
    receiveFrom: stream,
    group: application,
    options: { streams: { [stream]: { ShardCount: shards } }, ...others },
    producer,
    consumer,
    consumerUnlessSaid: fromTheOldest,
    firstMessageAfter: '8s',
    outputs: { declaredAs: 'streams', place: (_, first) => first, reader: fromTheOldest },
  }
}

const fromTheOldest: Options = { initialPositionInStream: 'TRIM_HORIZON', 'on-exception': 'retry' }
