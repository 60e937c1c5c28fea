import type { Micros } from '../../../simulation/duration.ts'
import type { Delivery, Envelope } from '../../system.ts'

/** What is known of a record from where it was fetched. */
export interface RecordOrigin {
  /** The end of the partition as far as it may be read, at that time. */
  readonly highWatermark: number
  /** `CreateTime` of the newest record of its batch, µs since 1970 by the producer's clock. */
  readonly timestamp: Micros
}

/** A record as the application has it. */
export class RecordDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position: number
  /** Kafka does not mark what it delivers again. */
  readonly redelivered = false
  readonly partitionNumber: number
  /** Counts the assignments of the consumer; in a later one the partition may be somebody else's. */
  readonly assignment: number
  /** Nothing where no application asks for it. */
  readonly origin: RecordOrigin | undefined

  constructor(envelope: Envelope, partition: number, offset: number, assignment: number, origin?: RecordOrigin) {
    this.envelope = envelope
    this.partition = String(partition)
    this.position = offset
    this.partitionNumber = partition
    this.assignment = assignment
    this.origin = origin
  }
}

export function recordOf(delivery: Delivery): RecordDelivery {
  if (delivery instanceof RecordDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
