/**
 * What a client does about an error, by the class of the error in Kafka's own table.
 * `retriable` may pass by itself; `abortable` ends a transaction, not the producer; `fatal` ends the producer or the
 * request for good; `handled` has a rule of its own where it arrives.
 */
export type ErrorClass = 'retriable' | 'abortable' | 'fatal' | 'handled'

export interface ErrorFacts {
  readonly code: number
  readonly class: ErrorClass
  /** The client's picture of the cluster is stale: it asks for new metadata. */
  readonly refreshMetadata: boolean
}

/** The errors that the model speaks of, by their names in the protocol. */
export const errorTable = {
  NONE: handled(0),
  OFFSET_OUT_OF_RANGE: handled(1),
  UNKNOWN_TOPIC_OR_PARTITION: stale(3),
  LEADER_NOT_AVAILABLE: stale(5),
  NOT_LEADER_OR_FOLLOWER: stale(6),
  REQUEST_TIMED_OUT: retriable(7),
  MESSAGE_TOO_LARGE: fatal(10),
  NETWORK_EXCEPTION: stale(13),
  COORDINATOR_LOAD_IN_PROGRESS: retriable(14),
  COORDINATOR_NOT_AVAILABLE: retriable(15),
  NOT_COORDINATOR: retriable(16),
  RECORD_LIST_TOO_LARGE: fatal(18),
  NOT_ENOUGH_REPLICAS: retriable(19),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: retriable(20),
  INVALID_REQUIRED_ACKS: fatal(21),
  ILLEGAL_GENERATION: handled(22),
  INCONSISTENT_GROUP_PROTOCOL: fatal(23),
  UNKNOWN_MEMBER_ID: handled(25),
  INVALID_SESSION_TIMEOUT: fatal(26),
  REBALANCE_IN_PROGRESS: handled(27),
  TOPIC_ALREADY_EXISTS: fatal(36),
  INVALID_PARTITIONS: fatal(37),
  INVALID_REPLICATION_FACTOR: fatal(38),
  NOT_CONTROLLER: retriable(41),
  INVALID_REQUEST: fatal(42),
  OUT_OF_ORDER_SEQUENCE_NUMBER: handled(45),
  DUPLICATE_SEQUENCE_NUMBER: handled(46),
  INVALID_PRODUCER_EPOCH: abortable(47),
  INVALID_TXN_STATE: fatal(48),
  INVALID_PRODUCER_ID_MAPPING: fatal(49),
  CONCURRENT_TRANSACTIONS: retriable(51),
  OPERATION_NOT_ATTEMPTED: handled(55),
  KAFKA_STORAGE_ERROR: stale(56),
  UNKNOWN_PRODUCER_ID: handled(59),
  FENCED_LEADER_EPOCH: stale(74),
  UNKNOWN_LEADER_EPOCH: retriable(75),
  STALE_BROKER_EPOCH: handled(77),
  OFFSET_NOT_AVAILABLE: retriable(78),
  MEMBER_ID_REQUIRED: handled(79),
  FENCED_INSTANCE_ID: fatal(82),
  INVALID_RECORD: fatal(87),
  PRODUCER_FENCED: fatal(90),
  INVALID_UPDATE_VERSION: handled(95),
  DUPLICATE_BROKER_REGISTRATION: handled(101),
  BROKER_ID_NOT_REGISTERED: handled(102),
  INELIGIBLE_REPLICA: handled(107),
  NEW_LEADER_ELECTED: handled(108),
  TRANSACTION_ABORTABLE: abortable(120),
} as const satisfies Readonly<Record<string, ErrorFacts>>

export type KafkaError = keyof typeof errorTable

export function isRetriable(error: KafkaError): boolean {
  return errorTable[error].class === 'retriable'
}

function stale(code: number): ErrorFacts {
  return { code, class: 'retriable', refreshMetadata: true }
}

function retriable(code: number): ErrorFacts {
  return { code, class: 'retriable', refreshMetadata: false }
}

function abortable(code: number): ErrorFacts {
  return { code, class: 'abortable', refreshMetadata: false }
}

function fatal(code: number): ErrorFacts {
  return { code, class: 'fatal', refreshMetadata: false }
}

function handled(code: number): ErrorFacts {
  return { code, class: 'handled', refreshMetadata: false }
}
