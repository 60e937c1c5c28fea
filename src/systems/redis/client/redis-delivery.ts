import type { Delivery, Envelope } from '../../system.ts'

/** A message that was taken from a key, with what settles it: the id of its entry, or the token under which its element was claimed. */
export class RedisDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position = -1
  readonly redelivered: boolean
  readonly id: string

  constructor(envelope: Envelope, partition: string, id: string, redelivered: boolean) {
    this.envelope = envelope
    this.partition = partition
    this.id = id
    this.redelivered = redelivered
  }
}

export function ownDelivery(delivery: Delivery): RedisDelivery {
  if (delivery instanceof RedisDelivery) return delivery
  throw new Error('A consumer was given a delivery that it did not make.')
}
