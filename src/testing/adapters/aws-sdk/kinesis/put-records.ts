import { all } from '../../../../application/program.ts'
import type { SendAnswer } from '../../../../systems/system.ts'
import { described } from '../../../check/described.ts'
import type { Outgoing } from '../../sending.ts'
import { outgoing } from '../../sending.ts'
import type { ActionCall } from '../client.ts'
import type { Metadata } from '../service-error.ts'
import { fieldsOf } from '../fields-of.ts'
import { connectionError, isErrorCode, ServiceError } from '../service-error.ts'

interface Answered {
  readonly $metadata: Metadata
}

/** Where a record is. The simulated producer is not told: the numbers stand for none. */
interface PutResult {
  readonly ShardId: string
  readonly SequenceNumber: string
}

export type PutRecordAnswer = Answered & PutResult

/** Puts a record into an output of the check that is named after the stream. */
export async function putRecord(call: ActionCall): Promise<PutRecordAnswer> {
  const values = fieldsOf(call.values)
  const record = toPut(call, streamIn(call, values), values)
  const { outcome, reason } = await call.inside.perform(() => record.outbound.send(record.envelope, record.parents))
  if (outcome === 'confirmed' || outcome === 'assumed') return { ...answered(call), ...somewhere }
  throw errorWith(call, reason)
}

export interface PutRecordsAnswer extends Answered {
  readonly FailedRecordCount: number
  readonly Records: (PutResult | { readonly ErrorCode: string; readonly ErrorMessage: string })[]
}

/** Each record on its own: the answer says in their order which of them failed. Where nobody knows of one, the call as a whole has failed. */
export async function putRecords(call: ActionCall): Promise<PutRecordsAnswer> {
  const values = fieldsOf(call.values)
  const stream = streamIn(call, values)
  const records = recordsIn(call, values).map((each) => toPut(call, stream, each))
  const answers = await call.inside.perform(() =>
    all(records.map(({ outbound, envelope, parents }) => outbound.send(envelope, parents))),
  )
  const unknown = answers.find(
    ({ outcome, reason }) => outcome === 'unknown' || (outcome === 'rejected' && !isErrorCode(reason)),
  )
  if (unknown !== undefined) throw errorWith(call, unknown.reason)
  const failed = answers.filter(({ outcome }) => outcome === 'rejected')
  return { ...answered(call), FailedRecordCount: failed.length, Records: answers.map(resultOf) }
}

function resultOf({ outcome, reason }: SendAnswer): PutRecordsAnswer['Records'][number] {
  if (outcome !== 'rejected') return somewhere
  return { ErrorCode: reason, ErrorMessage: 'The record was not taken.' }
}

const somewhere: PutResult = { ShardId: 'shardId-unknown', SequenceNumber: '-1' }

function answered({ requestId }: ActionCall): Answered {
  return { $metadata: { httpStatusCode: 200, requestId } }
}

function streamIn(call: ActionCall, { StreamName, StreamARN }: Readonly<Record<string, unknown>>): string {
  if (typeof StreamName === 'string' && StreamName !== '') return StreamName
  if (typeof StreamARN === 'string' && StreamARN !== '') return StreamARN.slice(StreamARN.lastIndexOf('/') + 1)
  throw refused(call, 'InvalidArgumentException', 'Either a StreamName or a StreamARN is needed.')
}

function recordsIn(call: ActionCall, { Records }: Readonly<Record<string, unknown>>) {
  if (Array.isArray(Records) && Records.length > 0 && Records.length <= mostRecords) return Records.map(fieldsOf)
  const given = Array.isArray(Records) ? `${Records.length} of them` : described(Records)
  throw refused(call, 'ValidationException', `Records must be a list of 1 to ${mostRecords} records, and is ${given}.`)
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const mostRecords = 500

function toPut(call: ActionCall, stream: string, { Data, PartitionKey }: Readonly<Record<string, unknown>>): Outgoing {
  if (typeof PartitionKey !== 'string' || PartitionKey.length < 1 || PartitionKey.length > longestKey)
    throw refused(
      call,
      'ValidationException',
      `PartitionKey must have 1 to ${longestKey} characters, and is ${described(PartitionKey)}.`,
    )
  if (!(Data instanceof Uint8Array))
    throw refused(call, 'ValidationException', `Data must be bytes (a Uint8Array), and is ${described(Data)}.`)
  return outgoing(call.inside, [stream], { key: PartitionKey, value: Data })
}

const longestKey = 256

function errorWith(call: ActionCall, reason: string): Error {
  return isErrorCode(reason) ? refused(call, reason, 'The record was not taken.') : connectionError(reason)
}

function refused({ requestId }: ActionCall, code: string, message: string): ServiceError {
  return new ServiceError({ name: code, message, requestId })
}
