import type { Delivery, Envelope } from '../../system.ts'
import type { ReadRecord } from '../protocol.ts'
import type { RecordBatch } from './record-batch.ts'
import type { ShardConsumer } from './shard-consumer.ts'

/** A record as the application has it. */
export class RecordDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position: number
  /** Kinesis does not mark what it delivers again. */
  readonly redelivered = false
  /** Who read it: with a later lease somebody else reads the shard. */
  readonly consumer: ShardConsumer
  readonly batch: RecordBatch

  constructor({ content, sequence }: ReadRecord, consumer: ShardConsumer, batch: RecordBatch) {
    this.envelope = content
    this.partition = consumer.shard
    this.position = sequence
    this.consumer = consumer
    this.batch = batch
  }
}

export function recordOf(delivery: Delivery): RecordDelivery {
  if (delivery instanceof RecordDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
