import type { Refusal } from '../../../../systems/sqs/core/queue-core.ts'
import type { CallEnd } from '../../../../systems/sqs/client/sdk-client.ts'
import { connectionError, ServiceError } from '../service-error.ts'

/** What is said of a call that SQS has refused. */
export interface SqsRefusal {
  readonly code: string
  readonly message: string
}

/** Errors of SQS that the SDK knows by other names than the protocol's codes, and those whose status is not 400. */
const errors: Readonly<Record<string, { readonly name?: string; readonly code?: string; readonly status?: number }>> = {
  NonExistentQueue: { name: 'QueueDoesNotExist', code: 'AWS.SimpleQueueService.NonExistentQueue' },
  MessageNotInflight: { code: 'AWS.SimpleQueueService.MessageNotInflight' },
  EmptyBatchRequest: { code: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  TooManyEntriesInBatchRequest: { code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest' },
  BatchEntryIdsNotDistinct: { code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct' },
  InvalidBatchEntryId: { code: 'AWS.SimpleQueueService.InvalidBatchEntryId' },
  ReceiptHandleIsInvalid: { status: 404 },
  OverLimit: { status: 403 },
  InternalError: { status: 500 },
  ServiceUnavailable: { status: 503 },
}

export function sqsError({ code, message }: SqsRefusal, requestId: string): ServiceError {
  return new ServiceError({ name: code, ...errors[code], message, requestId })
}

/** Whose fault it is that an entry of a batch failed. */
export function isOfSender(code: string): boolean {
  return (errors[code]?.status ?? 400) < 500
}

/** Why a call that ended so failed. */
export function errorOf({ reason, refusal }: Extract<CallEnd, { kind: 'failed' }>, requestId: string): Error {
  return refusal === undefined ? connectionError(reason) : sqsError(refusalOf(refusal), requestId)
}

export function refusalOf({ code, reason }: Refusal): SqsRefusal {
  return { code, message: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` }
}
