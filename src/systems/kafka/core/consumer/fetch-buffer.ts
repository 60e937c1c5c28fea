import { present } from '../invariant.ts'
import type { RecordBatch } from '../log/record-batch.ts'
import type { ConsumerPositions } from './consumer-positions.ts'

/**
 * Records that were fetched and not returned yet. `poll` takes from it in order of arrival, one partition after the
 * other, so a large answer of one partition keeps the others waiting.
 */
export class FetchBuffer {
  private fetches: BufferedFetch[] = []

  get isEmpty(): boolean {
    return this.fetches.length === 0
  }

  has(partition: number): boolean {
    return this.fetches.some((fetch) => fetch.partition === partition)
  }

  /** Keeps the answer to a fetch at `fetchOffset`. An answer without records is not kept. */
  add(partition: number, fetchOffset: number, batches: readonly RecordBatch[]): void {
    if (batches.length === 0) return
    this.fetches.push({ partition, batches, batchIndex: 0, nextOffset: fetchOffset })
  }

  /**
   * Up to `maxRecords` (`max.poll.records`) records, whose partitions' positions move past them. What was fetched for a
   * partition that is no longer assigned, or from a position that was left by `seek`, is dropped; what belongs to a
   * paused partition is kept.
   */
  poll(positions: ConsumerPositions, maxRecords: number): PolledRecords {
    const polled: Columns = { partitions: [], offsets: [], messages: [] }
    const kept: BufferedFetch[] = []
    for (const fetch of this.fetches) {
      const position = positions.get(fetch.partition)
      if (position === undefined || position.offset !== fetch.nextOffset) continue
      if (!position.isPaused) takeFrom(fetch, maxRecords, polled, positions)
      if (fetch.batchIndex < fetch.batches.length) kept.push(fetch)
    }
    this.fetches = kept
    return polled
  }

  /** Drops what belongs to partitions that are not assigned any more. */
  retain(assigned: readonly number[]): void {
    this.fetches = this.fetches.filter((fetch) => assigned.includes(fetch.partition))
  }

  clear(): void {
    this.fetches = []
  }
}

/** Records as columns of one length: an object a record would dominate the cost of a large run. */
export interface PolledRecords {
  readonly partitions: readonly number[]
  readonly offsets: readonly number[]
  readonly messages: readonly number[]
}

interface Columns {
  readonly partitions: number[]
  readonly offsets: number[]
  readonly messages: number[]
}

interface BufferedFetch {
  readonly partition: number
  readonly batches: readonly RecordBatch[]
  batchIndex: number
  nextOffset: number
}

function takeFrom(fetch: BufferedFetch, maxRecords: number, polled: Columns, positions: ConsumerPositions): void {
  let leaderEpoch = -1
  while (fetch.batchIndex < fetch.batches.length && polled.messages.length < maxRecords) {
    const batch = present(fetch.batches[fetch.batchIndex], 'the index is within the batches')
    takeFromBatch(fetch, batch, maxRecords, polled)
    leaderEpoch = batch.leaderEpoch
    if (fetch.nextOffset > batch.lastOffset) fetch.batchIndex += 1
  }
  if (leaderEpoch >= 0) positions.returned(fetch.partition, fetch.nextOffset, leaderEpoch)
}

/** The first batch may begin before the position: those records were read already. */
function takeFromBatch(fetch: BufferedFetch, batch: RecordBatch, maxRecords: number, polled: Columns): void {
  let index = Math.max(0, fetch.nextOffset - batch.baseOffset)
  for (; index < batch.messages.length && polled.messages.length < maxRecords; index += 1) {
    polled.partitions.push(fetch.partition)
    polled.offsets.push(batch.baseOffset + index)
    polled.messages.push(present(batch.messages[index], 'the index is within the batch'))
  }
  fetch.nextOffset = index === batch.messages.length ? batch.lastOffset + 1 : batch.baseOffset + index
}
