import {
  bytes,
  choice,
  count,
  flag,
  milliseconds,
  numberOption,
  optionalNumber,
  optionalText,
  type OptionTable,
  type ValuesOf,
} from './option.ts'

const clientPages = {
  requestTimeout: 'https://kafka.js.org/docs/configuration#request-timeout',
  enforceRequestTimeout: 'https://kafka.js.org/docs/configuration#request-timeout',
  connectionTimeout: 'https://kafka.js.org/docs/configuration#connection-timeout',
  'retry.retries': 'https://kafka.js.org/docs/configuration#default-retry',
  'retry.initialRetryTime': 'https://kafka.js.org/docs/configuration#default-retry',
  'retry.maxRetryTime': 'https://kafka.js.org/docs/configuration#default-retry',
  'retry.factor': 'https://kafka.js.org/docs/configuration#default-retry',
  'retry.multiplier': 'https://kafka.js.org/docs/configuration#default-retry',
} as const

/**
 * The options of kafkajs 2.2, by its own names; a dot stands for nesting. They do not depend on the broker's version.
 * kafkajs neither lingers nor fills batches: each `send` is one request a broker, so it has no option for either.
 */
export const kafkaJsProducerOptions = {
  kind: 'kafkajs producer',
  page: 'https://kafka.js.org/docs/producing',
  otherPages: clientPages,
  options: {
    /** Given with each `send`. */
    acks: choice(['-1', '0', '1'], '-1'),
    /** How long the brokers wait for acknowledgements; given with each `send`. */
    timeout: milliseconds(30_000),
    idempotent: flag(false),
    /** Unset: any number. */
    maxInFlightRequests: optionalNumber('count', { minimum: 1 }),
    metadataMaxAge: milliseconds(300_000),
    allowAutoTopicCreation: flag(true),
    requestTimeout: milliseconds(30_000),
    enforceRequestTimeout: flag(true),
    connectionTimeout: milliseconds(1_000),
    // The documented "no limit" for an idempotent producer is never reached: an options object is always passed on.
    'retry.retries': count(5),
    'retry.initialRetryTime': milliseconds(300),
    'retry.maxRetryTime': milliseconds(30_000),
    'retry.factor': numberOption('none', 0.2, { maximum: 1 }),
    'retry.multiplier': numberOption('none', 2, { minimum: 1 }),
    createPartitioner: choice(['DefaultPartitioner'], 'DefaultPartitioner'),
  },
  withoutMeaning: {
    brokers: 'the scenario names the brokers',
    clientId: 'the scenario names the clients',
    compression: 'sizes are those on the wire',
    logLevel: 'the model keeps its own record',
    logCreator: 'the model keeps its own record',
    socketFactory: 'connections are set up by the network model',
    transactionalId: 'transactions are not modelled yet',
    transactionTimeout: 'transactions are not modelled yet',
  },
} as const satisfies OptionTable

export const kafkaJsConsumerOptions = {
  kind: 'kafkajs consumer',
  page: 'https://kafka.js.org/docs/consuming#options',
  otherPages: clientPages,
  options: {
    groupId: optionalText(),
    sessionTimeout: milliseconds(30_000),
    rebalanceTimeout: milliseconds(60_000),
    /** Sent between messages and batches once this long has passed, never by a timer: a slow handler sends none. */
    heartbeatInterval: milliseconds(3_000),
    metadataMaxAge: milliseconds(300_000),
    allowAutoTopicCreation: flag(true),
    maxBytesPerPartition: bytes(1_048_576),
    minBytes: bytes(1),
    maxBytes: bytes(10_485_760),
    maxWaitTimeInMs: milliseconds(5_000),
    maxInFlightRequests: optionalNumber('count', { minimum: 1 }),
    /** Given with `subscribe`. */
    fromBeginning: flag(false),
    /** These are given with `run`. */
    autoCommit: flag(true),
    autoCommitInterval: optionalNumber('milliseconds'),
    autoCommitThreshold: optionalNumber('count'),
    partitionsConsumedConcurrently: count(1, { minimum: 1 }),
    requestTimeout: milliseconds(30_000),
    enforceRequestTimeout: flag(true),
    connectionTimeout: milliseconds(1_000),
    'retry.retries': count(5),
    'retry.initialRetryTime': milliseconds(300),
    'retry.maxRetryTime': milliseconds(30_000),
    'retry.factor': numberOption('none', 0.2, { maximum: 1 }),
    'retry.multiplier': numberOption('none', 2, { minimum: 1 }),
    /** Empty: none. */
    rackId: optionalText(),
    partitionAssigners: choice(['roundRobin'], 'roundRobin'),
  },
  withoutMeaning: {
    brokers: 'the scenario names the brokers',
    clientId: 'the scenario names the clients',
    logLevel: 'the model keeps its own record',
    logCreator: 'the model keeps its own record',
    socketFactory: 'connections are set up by the network model',
    eachBatchAutoResolve: 'handlers are called with one message at a time',
    readUncommitted: 'transactions are not modelled yet',
    'retry.restartOnFailure': 'a consumer that fails retriably is always started again, as by default',
  },
} as const satisfies OptionTable

export type KafkaJsProducerOptions = ValuesOf<typeof kafkaJsProducerOptions>
export type KafkaJsConsumerOptions = ValuesOf<typeof kafkaJsConsumerOptions>
