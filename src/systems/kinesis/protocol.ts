import type { Micros } from '../../simulation/duration.ts'
import type { Checkpoint, Lease } from './core/lease.ts'
import type { Holding } from './core/lease-table.ts'
import type { StoredRecord } from './core/shard.ts'
import type { ReadingPosition } from './core/stream.ts'
import type { Envelope } from '../system.ts'

export const servicePort = 'kinesis'
export const tablePort = 'dynamodb'

const headerBytes = 200

/** A record to be put. */
export interface PutEntry {
  readonly partitionKey: string
  readonly envelope: Envelope
}

/** A record as readers get it. */
export type ReadRecord = StoredRecord<Envelope>

/** Where a reader is in a shard; its word is good for five minutes. */
export interface ShardIterator {
  readonly stream: string
  readonly shard: string
  readonly after: number
  readonly issuedAt: Micros
}

export interface ShardDescription {
  readonly shard: string
  readonly parents: readonly string[]
  readonly isOpen: boolean
}

/** What is asked of the service. */
export type ServiceRequest =
  | { readonly type: 'PutRecord'; readonly stream: string; readonly entry: PutEntry; readonly attempt: number }
  | {
      readonly type: 'PutRecords'
      readonly stream: string
      readonly entries: readonly PutEntry[]
      readonly attempt: number
    }
  | { readonly type: 'ListShards'; readonly stream: string }
  | {
      readonly type: 'GetShardIterator'
      readonly stream: string
      readonly shard: string
      readonly position: ReadingPosition
    }
  | {
      readonly type: 'GetRecords'
      readonly iterator: ShardIterator
      readonly limit: number
      /** µs until the reader would ask again if there were nothing. */
      readonly again: Micros
      readonly reader: string
    }
  | {
      readonly type: 'SubscribeToShard'
      readonly stream: string
      readonly shard: string
      readonly consumer: string
      readonly position: ReadingPosition
    }
  /** The subscriber of the subscription with this number can take the next event. */
  | { readonly type: 'request'; readonly subscription: number }
  /** It does not want any more. */
  | { readonly type: 'cancel'; readonly subscription: number }

export type ServiceAnswer =
  | { readonly type: 'put'; readonly sequence: number }
  | { readonly type: 'put-many'; readonly results: readonly (number | 'throttled')[] }
  | { readonly type: 'shards'; readonly shards: readonly ShardDescription[] }
  | { readonly type: 'iterator'; readonly iterator: ShardIterator; readonly lastTrimmed: number }
  | {
      readonly type: 'records'
      readonly records: readonly ReadRecord[]
      /** Nothing when a closed shard is read to its end. */
      readonly next: ShardIterator | undefined
      readonly children: readonly ShardDescription[]
    }
  | { readonly type: 'subscribed'; readonly subscription: number; readonly after: number; readonly lastTrimmed: number }
  | ErrorAnswer

/** What the service pushes. */
export type ServicePush =
  | {
      readonly type: 'event'
      readonly subscription: number
      readonly records: readonly ReadRecord[]
      readonly atEnd: boolean
      readonly children: readonly ShardDescription[]
    }
  | { readonly type: 'ended'; readonly subscription: number; readonly reason: string }

/** What is asked of the table with the leases of an application. */
export type TableRequest =
  | { readonly type: 'scan'; readonly application: string }
  | { readonly type: 'create'; readonly application: string; readonly leases: readonly NewLease[] }
  | { readonly type: 'renew'; readonly application: string; readonly holdings: readonly Holding[] }
  | {
      readonly type: 'take'
      readonly application: string
      readonly leases: readonly Lease[]
      readonly owner: string
      /** For people. */
      readonly reason: string
    }
  | { readonly type: 'evict'; readonly application: string; readonly holdings: readonly Holding[] }
  | {
      readonly type: 'checkpoint'
      readonly application: string
      readonly holding: Holding
      readonly checkpoint: Checkpoint
    }

export interface NewLease {
  readonly shard: string
  readonly parents: readonly string[]
  readonly checkpoint: Checkpoint
}

/** The leases as they are now: all of a scan, those of a write whose condition held. */
export type TableAnswer = { readonly type: 'leases'; readonly leases: readonly Lease[] } | ErrorAnswer

export interface ErrorAnswer {
  readonly type: 'error'
  readonly error: string
  /** Whether it may pass: too much was asked for. */
  readonly throttled: boolean
}

export interface Numbered<T> {
  readonly number: number
  readonly body: T
}

/** A connection bears answers, and what is pushed without a question. */
export type Incoming<A, P> = Numbered<A> | { readonly push: P }

export function serviceRequestBytes(request: ServiceRequest): number {
  if (request.type === 'PutRecord') return headerBytes + entryBytes(request.entry)
  if (request.type === 'PutRecords')
    return request.entries.reduce((bytes, entry) => bytes + entryBytes(entry), headerBytes)
  return headerBytes
}

/** Bytes of a record as limits count them: its data and its partition key. */
export function entryBytes({ partitionKey, envelope }: PutEntry): number {
  return envelope.size + partitionKey.length
}

export function recordsBytes(records: readonly ReadRecord[]): number {
  return records.reduce((sum, { bytes }) => sum + bytes, headerBytes)
}

export function tableBytes(rows: number): number {
  return headerBytes + 300 * rows
}

export { headerBytes }
