import { invariant, present } from '../invariant.ts'

/**
 * Places records without a key: all on one partition until `batch.size` bytes went there, then on another. The next
 * one is drawn, evenly or by how long the partitions' queues are (`choosePartition`).
 */
export class StickyPartitioner {
  private readonly stickyBytes: number
  private chosen: number | undefined
  private producedBytes = 0

  /** `batchSize`: `batch.size` in bytes, at least 1. */
  constructor(batchSize: number) {
    invariant(batchSize >= 1, 'the sticky partitioner counts at least one byte')
    this.stickyBytes = batchSize
  }

  /** Where records go now; `undefined` when the next partition must be chosen first. */
  get partition(): number | undefined {
    return this.chosen
  }

  choose(partition: number): void {
    this.chosen = partition
    this.producedBytes = 0
  }

  /**
   * Counts what was appended. Enough bytes end the stay, but while the last batch is not full only at twice as many:
   * switching earlier would leave fractional batches behind. Says whether the next partition must be chosen.
   */
  appended(bytes: number, allBatchesFull: boolean): boolean {
    this.producedBytes += bytes
    const isEnough = this.producedBytes >= this.stickyBytes && allBatchesFull
    if (!isEnough && this.producedBytes < this.stickyBytes * 2) return false
    this.chosen = undefined
    return true
  }
}

/** A partition that could be chosen, and how many batches wait for it. */
export interface PartitionLoad {
  readonly partition: number
  readonly queuedBatches: number
}

/**
 * Chooses a partition by a draw (an integer from 0 to 2^31-1). With `partitioner.adaptive.partitioning.enable`, a
 * partition's chance is inverse to its queue: the longest queue plus one, less its own. `candidates` leave out
 * partitions without a leader and those whose broker is slower than `partitioner.availability.timeout.ms`; `allOf`
 * counts every partition of the topic.
 */
export function choosePartition(
  candidates: readonly PartitionLoad[],
  allOf: number,
  adaptive: boolean,
  draw: number,
): number {
  if (candidates.length === 0) return draw % allOf
  const weights = adaptive ? weightsOf(candidates) : candidates.map(() => 1)
  let rest = draw % weights.reduce((sum, weight) => sum + weight, 0)
  const index = weights.findIndex((weight) => (rest -= weight) < 0)
  return present(candidates[index], 'the weights cover every draw').partition
}

/** What `partitioner.class` other than the default does: the partitions in turn, those with a leader if there are any. */
export class RoundRobinPartitioner {
  private next: number

  /** `start` is 0 in the Java client; kafkajs begins anywhere. */
  constructor(start: number) {
    this.next = start
  }

  choose(available: readonly number[], allOf: number): number {
    const turn = this.next
    this.next = turn === 2_147_483_647 ? 0 : turn + 1
    return available[turn % available.length] ?? turn % allOf
  }
}

function weightsOf(candidates: readonly PartitionLoad[]): readonly number[] {
  const longest = Math.max(...candidates.map((candidate) => candidate.queuedBatches))
  return candidates.map((candidate) => longest + 1 - candidate.queuedBatches)
}
