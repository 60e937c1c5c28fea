import type { KafkaError } from '../../../systems/kafka/core/error-table.ts'
import { errorTable } from '../../../systems/kafka/core/error-table.ts'
import type { BatchError } from '../../../systems/kafka/client/kafka-js-workers.ts'

/** What kafkajs throws when a broker refuses: `type` and `code` are the protocol's. A handler that lets it through tells the consumer what to do. */
class KafkaJSProtocolError extends Error {
  readonly type: KafkaError
  readonly code: number
  readonly retriable: boolean

  constructor(type: KafkaError) {
    super(messages[type] ?? type)
    this.name = 'KafkaJSProtocolError'
    this.type = type
    this.code = errorTable[type].code
    this.retriable = errorTable[type].class === 'retriable'
  }
}

/** What kafkajs throws when it has tried often enough. */
export class KafkaJSNumberOfRetriesExceeded extends Error {
  readonly retriable = false

  constructor(reason: string) {
    super(reason)
    this.name = 'KafkaJSNumberOfRetriesExceeded'
  }
}

/** What the consumer makes of an error that a handler threw: one of its own says more than any other. */
export function batchErrorOf(error: unknown): BatchError {
  return error instanceof KafkaJSProtocolError ? error.type : 'HANDLER_FAILED'
}

/** Throws what went wrong, if something did. */
export function throwIfFailed(error: KafkaError): void {
  if (error !== 'NONE') throw new KafkaJSProtocolError(error)
}

/** The words of kafkajs for what consumers hear most. */
const messages: Readonly<Partial<Record<KafkaError, string>>> = {
  REBALANCE_IN_PROGRESS: 'The group is rebalancing, so a rejoin is needed',
  UNKNOWN_MEMBER_ID: 'The coordinator is not aware of this member',
  ILLEGAL_GENERATION: 'Specified group generation id is not valid',
  NOT_COORDINATOR: 'This is not the correct coordinator for this group',
}
