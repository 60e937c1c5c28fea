import { present } from '../invariant.ts'
import {
  lastSequence,
  noProducerEpoch,
  noProducerId,
  type ProducedBatch,
  type RecordBatch,
  sequenceAfter,
} from './record-batch.ts'

/** How many of a producer's last batches a partition remembers, to recognise a retry. */
const retainedBatches = 5

/**
 * What one partition remembers of every idempotent producer. It lives in the log: a follower builds the same from what
 * it replicates, so duplicates are recognised across a change of leader. Open transactions are left out.
 */
export class ProducerStates {
  private readonly producers = new Map<number, ProducerState>()

  get size(): number {
    return this.producers.size
  }

  /** What is remembered of a producer, or `undefined` when nothing is. */
  stateOf(producerId: number): ProducerState | undefined {
    return this.producers.get(producerId)
  }

  /** Judges a batch that a client sent; changes nothing. */
  check(batch: ProducedBatch): ProducerCheck {
    if (batch.producerId === noProducerId) return accepted
    const state = this.producers.get(batch.producerId)
    if (state === undefined) return accepted // Nothing known of this producer: any sequence may begin.
    const original = findDuplicate(state, batch)
    if (original !== undefined) return { type: 'duplicate', ...original }
    if (batch.producerEpoch < state.producerEpoch) return invalidEpoch
    if (batch.producerEpoch > state.producerEpoch) return batch.baseSequence === 0 ? accepted : outOfOrder
    const last = state.batches.at(-1)
    if (last === undefined) return batch.baseSequence === 0 ? accepted : outOfOrder
    return batch.baseSequence === sequenceAfter(last.lastSequence, 1) ? accepted : outOfOrder
  }

  /** Remembers a batch that is in the log. Replicated batches are not judged again. */
  append(batch: RecordBatch): void {
    if (batch.producerId === noProducerId) return
    const known = this.producers.get(batch.producerId)
    const state = known ?? { producerEpoch: noProducerEpoch, lastTimestamp: 0, batches: [] }
    if (known === undefined) this.producers.set(batch.producerId, state)
    if (batch.producerEpoch > state.producerEpoch) {
      state.producerEpoch = batch.producerEpoch
      state.batches.length = 0
    }
    state.lastTimestamp = batch.maxTimestamp
    state.batches.push(remembered(batch))
    if (state.batches.length > retainedBatches) state.batches.shift()
  }

  /** Forgets producers that wrote nothing for `expiration` microseconds (`producer.id.expiration.ms`). */
  expire(now: number, expiration: number): void {
    for (const [producerId, state] of this.producers) {
      if (now - state.lastTimestamp >= expiration) this.producers.delete(producerId)
    }
  }

  /** Forgets producers all of whose remembered records lie before the new log start. */
  forgetBefore(startOffset: number): void {
    for (const [producerId, state] of this.producers) {
      const last = state.batches.at(-1)
      if (last !== undefined && last.lastOffset < startOffset) this.producers.delete(producerId)
    }
  }

  /**
   * Goes back to what the remaining log says after its tail was cut at `endOffset`. Only producers that lose a batch
   * are read again, newest batch first, and only until five of their batches are found.
   */
  truncate(endOffset: number, remaining: readonly RecordBatch[]): void {
    const cut = new Set<number>()
    for (const [producerId, state] of this.producers) {
      if ((state.batches.at(-1)?.lastOffset ?? -1) >= endOffset) cut.add(producerId)
    }
    for (const producerId of cut) this.producers.delete(producerId)
    for (const batch of lastBatchesOf(cut, remaining)) this.append(batch)
  }

  clear(): void {
    this.producers.clear()
  }
}

/** What a partition remembers of one producer. Seen from outside it is read-only. */
export interface ProducerState {
  producerEpoch: number
  /** Microseconds; expiration counts from here. */
  lastTimestamp: number
  readonly batches: RememberedBatch[]
}

export interface RememberedBatch {
  readonly baseSequence: number
  readonly lastSequence: number
  readonly baseOffset: number
  readonly lastOffset: number
}

export type ProducerCheck =
  | { readonly type: 'accepted' }
  /** A retry of a remembered batch: it is answered with the offsets of the original and not appended again. */
  | ({ readonly type: 'duplicate' } & RememberedBatch)
  | { readonly type: 'rejected'; readonly error: 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' }

const accepted: ProducerCheck = { type: 'accepted' }
const invalidEpoch: ProducerCheck = { type: 'rejected', error: 'INVALID_PRODUCER_EPOCH' }
const outOfOrder: ProducerCheck = { type: 'rejected', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }

function findDuplicate(state: ProducerState, batch: ProducedBatch): RememberedBatch | undefined {
  if (state.producerEpoch !== batch.producerEpoch) return undefined
  const last = lastSequence(batch)
  return state.batches.find((known) => known.baseSequence === batch.baseSequence && known.lastSequence === last)
}

function remembered(batch: RecordBatch): RememberedBatch {
  return {
    baseSequence: batch.baseSequence,
    lastSequence: lastSequence(batch),
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
  }
}

/** The newest batches of some producers, oldest first, enough to fill what is retained of each. */
function lastBatchesOf(producerIds: ReadonlySet<number>, log: readonly RecordBatch[]): readonly RecordBatch[] {
  const missing = new Map([...producerIds].map((producerId) => [producerId, retainedBatches]))
  const found: RecordBatch[] = []
  for (let index = log.length - 1; index >= 0 && missing.size > 0; index -= 1) {
    const batch = present(log[index], 'a log has no holes between its batches')
    const count = missing.get(batch.producerId)
    if (count === undefined) continue
    found.push(batch)
    if (count === 1) missing.delete(batch.producerId)
    else missing.set(batch.producerId, count - 1)
  }
  return found.reverse()
}
