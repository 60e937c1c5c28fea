import { errorTable, isRetriable, type KafkaError } from '../error-table.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerSequences } from './producer-sequences.ts'

/**
 * What a producer does about the answer to one batch. The answer is the broker's, or NETWORK_EXCEPTION when the
 * connection broke or the request timed out and nobody knows whether the broker has the records.
 */
export function decideOnAnswer(error: KafkaError, batch: ProducerBatch, limits: RetryLimits): AnswerDecision {
  const { refreshMetadata } = errorTable[error]
  if (error === 'NONE' || error === 'DUPLICATE_SEQUENCE_NUMBER') return { type: 'complete' }
  if (error === 'MESSAGE_TOO_LARGE' && batch.messages.length > 1) return { type: 'split' }
  if (mayRetry(error, batch, limits)) return { type: 'retry', refreshMetadata }
  return { type: 'fail', refreshMetadata, ...doubtsAfter(error, batch, limits) }
}

export interface RetryLimits {
  /** `retries`. */
  readonly retries: number
  /** The delivery timeout of the batch is over. */
  readonly hasExpired: boolean
  /** Given for an idempotent producer. */
  readonly sequences: ProducerSequences | undefined
}

export type AnswerDecision =
  | { readonly type: 'complete' }
  /** Send the records again in smaller batches; no attempt is counted. */
  | { readonly type: 'split' }
  | { readonly type: 'retry'; readonly refreshMetadata: boolean }
  /** Every record of the batch fails, the valid ones with the invalid. */
  | {
      readonly type: 'fail'
      readonly refreshMetadata: boolean
      /** For `ProducerSequences.failed`: the broker lacks the batch, so its sequence is missing. */
      readonly leavesGap: boolean
      /** For `ProducerSequences.markUnresolved`: nobody knows whether the broker has the batch. */
      readonly isUnresolved: boolean
    }

function mayRetry(error: KafkaError, batch: ProducerBatch, limits: RetryLimits): boolean {
  if (limits.hasExpired || batch.attempts >= limits.retries) return false
  if (error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' && limits.sequences !== undefined) {
    limits.sequences.retryOutOfOrder(batch)
    return true
  }
  if (error === 'UNKNOWN_PRODUCER_ID' && limits.sequences !== undefined) {
    if (!batch.sequenceWasReset) limits.sequences.requestBump(batch.partition)
    return true
  }
  return isRetriable(error)
}

/**
 * A batch that ran out of time may have been written by any of its attempts. After one that ran out of attempts,
 * the next batch shows whether it was: it is out of order if not.
 */
function doubtsAfter(error: KafkaError, batch: ProducerBatch, limits: RetryLimits) {
  if (error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') return { leavesGap: true, isUnresolved: false }
  if (limits.hasExpired) return { leavesGap: false, isUnresolved: true }
  return { leavesGap: batch.attempts < limits.retries, isUnresolved: false }
}
