import type { Delivery } from '../../../systems/system.ts'
import type { RecordOrigin } from '../../../systems/kafka/client/record-delivery.ts'
import { recordOf } from '../../../systems/kafka/client/record-delivery.ts'
import { bytesOf } from '../payload.ts'

/** A record as kafkajs hands it to a handler. */
export interface KafkaMessage {
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** Milliseconds since 1970. */
  readonly timestamp: string
  readonly attributes: number
  readonly offset: string
  readonly headers: Record<string, Buffer>
}

export function messageOf(delivery: Delivery): KafkaMessage {
  const { envelope, position } = delivery
  const { key, body, headers } = envelope
  return {
    key: key === '' ? null : Buffer.from(key),
    value: bytesOf(body),
    timestamp: String(Math.floor((originOf(delivery)?.timestamp ?? 0) / 1000)),
    attributes: 0,
    offset: String(position),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)])),
  }
}

export function originOf(delivery: Delivery): RecordOrigin | undefined {
  return recordOf(delivery).origin
}

export function partitionOf(delivery: Delivery): number {
  return recordOf(delivery).partitionNumber
}
