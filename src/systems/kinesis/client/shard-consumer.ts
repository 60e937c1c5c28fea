import type { Micros } from '../../../simulation/duration.ts'
import type { Checkpoint, Lease } from '../core/lease.ts'
import { isFinished } from '../core/lease.ts'
import { batchSkipped, readingBegan, recordSkipped, shardBlocked } from '../facts.ts'
import type { ReadRecord, ShardDescription } from '../protocol.ts'
import type { CheckpointOutcome, LeaseCoordinator, WorkerContext } from './lease-coordinator.ts'
import { RecordBatch } from './record-batch.ts'
import { RecordDelivery } from './record-delivery.ts'
import { SettledRecords } from './settled-records.ts'
import { ShardEnd } from './shard-end.ts'
import type { ReaderEvents, ShardReader } from './shard-reader.ts'

export interface ShardConsumerParts {
  readonly context: WorkerContext
  readonly coordinator: LeaseCoordinator
  readonly lease: Lease
  makeReader(events: ReaderEvents): ShardReader
  /** Something can be handed out. */
  ready(): void
  /** Nothing of the shard is left to do. */
  finished(): void
}

interface Retry {
  readonly delivery: RecordDelivery
  isDue: boolean
}

/** Batches that are fetched before they are needed. */
const batchesAhead = 1

/**
 * Reads one shard for as long as its lease is this worker's: waits until its parents are done with, begins at the checkpoint, and hands batches to
 * the application, one processRecords after the other.
 */
export class ShardConsumer {
  readonly shard: string
  readonly #parts: ShardConsumerParts
  readonly #reader: ShardReader
  readonly #end: ShardEnd
  readonly #attempts = new Map<number, number>()
  #batches: RecordBatch[] = []
  #settled: SettledRecords | undefined
  #checkpoint = -1
  /** The sequence number behind which it began to read. */
  #begunAfter = -1
  #nextCheckpoint: Micros = 0
  #retry: Retry | undefined
  #isCheckpointing = false
  /** Whether a batch was asked for; the first comes without that. */
  #isAsked = true
  #isStopped = false
  #isBlocked = false

  constructor(parts: ShardConsumerParts) {
    this.#parts = parts
    this.shard = parts.lease.shard
    this.#end = new ShardEnd(parts)
    this.#reader = parts.makeReader({
      began: (after, lastTrimmed) => this.#began(after, lastTrimmed),
      records: (records) => this.#received(records),
      ended: (children) => this.#ended(children),
    })
  }

  /** The sequence number up to which nothing is left to do here; nothing before reading has begun. */
  get settledThrough(): number | undefined {
    return this.#settled?.through
  }

  /** Records that the application has in hand. */
  get unsettled(): number {
    return this.#settled?.unsettled ?? 0
  }

  /** Whether a record can be handed out now. */
  get hasRecords(): boolean {
    if (this.#retry !== undefined) return this.#retry.isDue
    return !this.#isCheckpointing && this.#batches[0]?.hasMore === true
  }

  /** Whether the application is within a processRecords of this shard. */
  get isProcessing(): boolean {
    return this.#batches[0]?.hasBegun === true
  }

  begin(): void {
    const { context, coordinator, lease } = this.#parts
    if (!context.settings['parents-first'] || lease.parents.length === 0) this.#initialize()
    else
      coordinator.look((leases) => {
        if (this.#isStopped) return
        const parent = leases?.find((other) => lease.parents.includes(other.shard) && !isFinished(other))
        if (leases !== undefined && parent === undefined) this.#initialize()
        else this.#waitFor(parent)
      })
  }

  /** The lease is somebody else's: the reader stops, and the application goes on with the batch that it has. */
  stop(): void {
    this.#isStopped = true
    this.#reader.stop()
    this.#batches = this.#batches.filter((batch) => batch.hasBegun)
  }

  /** The next records of the batch that the application is to process; the end of one batch lets the next one in. */
  take(limit: number): readonly RecordDelivery[] {
    const settled = this.#settled
    if (settled === undefined) return []
    const again = this.#retry
    if (again !== undefined) {
      this.#retry = undefined
      again.delivery.batch.handAgain()
      return [again.delivery]
    }
    const [batch] = this.#batches
    const { checkpoint } = this.#parts.context.settings
    if (batch === undefined || !batch.hasMore) return []
    if (!batch.hasBegun) {
      if (checkpoint === 'before-batch' && this.#checkpoint < batch.last) {
        this.#checkpointFirst(batch)
        return []
      }
    }
    return batch.hand(limit).map((record) => {
      settled.hand(record.sequence)
      return new RecordDelivery(record, this, batch)
    })
  }

  /** processRecords came back: the next batch may come. */
  leaveBatch(): void {
    if (this.#batches[0]?.hasBegun !== true || this.#batches[0].hasMore || this.#retry !== undefined) return
    this.#batches.shift()
    this.#askAhead()
    this.#endIfDone()
  }

  acknowledge({ position: sequence, batch }: RecordDelivery, done: (outcome: CheckpointOutcome) => void): void {
    this.#settled?.settle(sequence)
    batch.settle()
    const { context } = this.#parts
    const target = this.#checkpointAfter(sequence, batch)
    if (target === undefined) {
      const outcome = this.ownsLease ? 'acknowledged' : 'refused'
      context.process.setTimer(0, () => done(outcome))
    } else this.#write(target, done)
    this.#endIfDone()
  }

  /** The code is done with a record, and says by itself what is to be checkpointed. */
  settle({ position: sequence, batch }: RecordDelivery): void {
    this.#settled?.settle(sequence)
    batch.settle()
    this.#endIfDone()
  }

  /** Checkpoints a record and all before it, as code asks that is given a checkpointer. */
  checkpointAt(sequence: number, done: (outcome: CheckpointOutcome) => void): void {
    if (this.ownsLease) this.#write(sequence, done)
    else this.#parts.context.process.setTimer(0, () => done('refused'))
  }

  /** Whether the lease that it reads under is still its worker's. */
  get ownsLease(): boolean {
    return this.#parts.coordinator.owns(this.#parts.lease)
  }

  /** The sequence number of its latest checkpoint; -1 before the first. */
  get checkpoint(): number {
    return this.#checkpoint
  }

  /** The handler threw: the rest of the batch is skipped, or the record is tried again in its place. */
  fail(delivery: RecordDelivery): void {
    const { process, settings } = this.#parts.context
    const { position: sequence, batch } = delivery
    const attempts = (this.#attempts.get(sequence) ?? 0) + 1
    batch.settle()
    if (settings['on-exception'] === 'retry' && attempts < (settings['retry-attempts'] ?? Infinity)) {
      this.#attempts.set(sequence, attempts)
      const retry: Retry = { delivery, isDue: false }
      this.#retry = retry
      process.setTimer(settings['retry-backoff'], () => {
        retry.isDue = true
        this.#parts.ready()
      })
      return
    }
    this.#attempts.delete(sequence)
    if (settings['on-exception'] === 'retry') this.#skip(delivery, `it failed ${attempts} times`)
    else {
      this.#skip(delivery, 'its processRecords threw an exception')
      this.#skipRest(batch)
    }
    this.#endIfDone()
  }

  /** Checkpoints what is settled, as an application does that is told to shut down. Where nothing was, the lease stays as it is: at LATEST, perhaps. */
  checkpointSettled(done: () => void): void {
    const through = this.#settled?.through ?? -1
    if (this.#isStopped || through <= Math.max(this.#checkpoint, this.#begunAfter) || !this.ownsLease) done()
    else this.#write(through, done)
  }

  #initialize(): void {
    const { checkpoint } = this.#parts.lease
    if (checkpoint.type === 'SHARD_END') throw new Error('Nobody takes the lease of a shard that is done with.')
    this.#reader.begin(checkpoint)
  }

  #waitFor(parent: Lease | undefined): void {
    const { context } = this.#parts
    const { process, placeOf, settings } = context
    if (!this.#isBlocked && parent !== undefined)
      process.record(shardBlocked, { place: placeOf(this.shard), parent: placeOf(parent.shard) })
    this.#isBlocked = parent !== undefined
    process.setTimer(settings.parentShardPollIntervalMillis, () => {
      if (!this.#isStopped) this.begin()
    })
  }

  #began(after: number, lastTrimmed: number): void {
    const { context, lease } = this.#parts
    const { checkpoint } = lease
    this.#settled = new SettledRecords(after)
    this.#begunAfter = after
    if (checkpoint.type === 'AFTER_SEQUENCE_NUMBER') this.#checkpoint = checkpoint.sequence
    const values = { group: context.group, partition: context.placeOf(this.shard), offset: after + 1 }
    context.process.record(readingBegan, { ...values, reason: reasonOf(checkpoint, lastTrimmed) })
  }

  #received(records: readonly ReadRecord[]): void {
    this.#isAsked = false
    this.#batches.push(new RecordBatch(records))
    this.#askAhead()
    this.#parts.ready()
  }

  #askAhead(): void {
    if (this.#isStopped || this.#isAsked || this.#batches.length > batchesAhead) return
    this.#isAsked = true
    this.#reader.next()
  }

  #ended(children: readonly ShardDescription[]): void {
    this.#end.reached(children)
    this.#endIfDone()
  }

  #endIfDone(): void {
    if (this.#batches.every((batch) => batch.isDone) && this.unsettled === 0 && this.#retry === undefined)
      this.#end.whenDone(() => this.#isStopped)
  }

  #skip({ envelope: { message }, position: offset }: RecordDelivery, reason: string): void {
    const { process, group, placeOf } = this.#parts.context
    process.record(recordSkipped, { message, group, partition: placeOf(this.shard), offset, reason })
    this.#settled?.settle(offset)
  }

  #skipRest(batch: RecordBatch): void {
    const { process, placeOf } = this.#parts.context
    batch.threw = true
    const rest = batch.skipRest()
    process.record(batchSkipped, { place: placeOf(this.shard), records: rest.length })
    for (const record of rest) {
      this.#settled?.hand(record.sequence)
      this.#skip(new RecordDelivery(record, this, batch), 'an exception left the processRecords of its batch')
    }
  }

  // Checkpoints

  /** What is to be checkpointed now that this record is done with, as the application has it. */
  #checkpointAfter(sequence: number, batch: RecordBatch): number | undefined {
    const { process, settings } = this.#parts.context
    const through = this.#settled?.through ?? -1
    if (settings.checkpoint === 'each-record') return sequence > this.#checkpoint ? sequence : undefined
    if (settings.checkpoint === 'before-batch' || !batch.isDone || batch.threw) return undefined
    if (through <= this.#checkpoint) return undefined
    if (settings.checkpoint === 'interval') {
      if (process.now < this.#nextCheckpoint) return undefined
      this.#nextCheckpoint = process.now + settings['checkpoint-interval']
    }
    return through
  }

  #checkpointFirst(batch: RecordBatch): void {
    this.#isCheckpointing = true
    this.#write(batch.last, (outcome) => {
      this.#isCheckpointing = false
      if (outcome !== 'acknowledged') {
        this.stop()
        return
      }
      this.#parts.ready()
    })
  }

  #write(sequence: number, done: (outcome: CheckpointOutcome) => void): void {
    const checkpoint: Checkpoint = { type: 'AFTER_SEQUENCE_NUMBER', sequence }
    this.#parts.coordinator.checkpoint(this.#parts.lease, checkpoint, (outcome) => {
      if (outcome === 'acknowledged') this.#checkpoint = Math.max(this.#checkpoint, sequence)
      done(outcome)
    })
  }
}

function reasonOf(checkpoint: Checkpoint, lastTrimmed: number): string {
  if (checkpoint.type !== 'AFTER_SEQUENCE_NUMBER') return `no checkpoint, ${checkpoint.type}`
  return checkpoint.sequence < lastTrimmed ? 'what is behind its checkpoint was trimmed' : 'its checkpoint'
}
