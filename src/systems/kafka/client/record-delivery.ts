import type { Delivery, Envelope } from '../../system.ts'

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

  constructor(envelope: Envelope, partition: number, offset: number, assignment: number) {
    this.envelope = envelope
    this.partition = String(partition)
    this.position = offset
    this.partitionNumber = partition
    this.assignment = assignment
  }
}

export function recordOf(delivery: Delivery): RecordDelivery {
  if (delivery instanceof RecordDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
