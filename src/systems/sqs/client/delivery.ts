import type { Delivery, Envelope } from '../../system.ts'
import type { Receipt } from '../core/queue-core.ts'
import type { ReceivedEntry } from '../protocol.ts'

/** A message that was received, with the receipt handle that settles it. */
export class SqsDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position = -1
  /** What its ApproximateReceiveCount says. */
  readonly redelivered: boolean
  readonly receipt: Receipt
  /** As it was received. */
  readonly entry: ReceivedEntry

  constructor(queue: string, entry: ReceivedEntry) {
    const { envelope, receipt, receives } = entry
    this.entry = entry
    this.envelope = envelope
    this.partition = queue
    this.redelivered = receives > 1
    this.receipt = receipt
  }
}

/** The delivery, which must be one of this client. */
export function ownDelivery(delivery: Delivery): SqsDelivery {
  if (delivery instanceof SqsDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
