import type { ProducedBatch } from '../../../../../src/systems/kafka/core/log/record-batch.ts'

/** A batch without idempotence, of 100 bytes a record. */
export function plainBatch(...messages: number[]): ProducedBatch {
  return { ...base(messages), producerId: -1, producerEpoch: -1, baseSequence: -1 }
}

/** A batch of an idempotent producer. */
export function sequencedBatch(
  producer: { readonly id: number; readonly epoch?: number; readonly sequence: number; readonly at?: number },
  ...messages: number[]
): ProducedBatch {
  const { id, epoch = 0, sequence, at = 0 } = producer
  return { ...base(messages), producerId: id, producerEpoch: epoch, baseSequence: sequence, maxTimestamp: at }
}

function base(messages: readonly number[]) {
  return { maxTimestamp: 0, sizeBytes: 100 * messages.length, messages }
}
