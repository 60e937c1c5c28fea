import { present } from '../invariant.ts'

/**
 * Where a consumer stands in each of its partitions. The position is the offset of the next record that `poll` will
 * return; it moves when records are returned, not when they are fetched, and is not what is committed. Partitions are
 * named by small integers of the caller's.
 */
export class ConsumerPositions {
  private readonly partitions = new Map<number, PartitionPosition>()
  private inOrder: readonly number[] = []

  /** The partitions assigned, in order of assignment. */
  get assigned(): readonly number[] {
    return this.inOrder
  }

  /** Takes a whole assignment. Partitions that stay keep their positions, new ones have none yet. */
  assign(partitions: readonly number[]): void {
    const kept = new Map(partitions.map((partition) => [partition, this.partitions.get(partition) ?? fresh]))
    this.partitions.clear()
    for (const [partition, position] of kept) this.partitions.set(partition, position)
    this.inOrder = [...kept.keys()]
  }

  /** `undefined` for a partition that is not assigned. */
  get(partition: number): PartitionPosition | undefined {
    return this.partitions.get(partition)
  }

  /** Sets the position: after the committed offset was fetched, after a reset, or by `seek`. */
  seek(partition: number, offset: number, leaderEpoch = -1): void {
    this.move(partition, offset, leaderEpoch)
  }

  /** Moves past records that `poll` returned. */
  returned(partition: number, nextOffset: number, leaderEpoch: number): void {
    this.move(partition, nextOffset, leaderEpoch)
  }

  pause(partition: number): void {
    this.partitions.set(partition, { ...this.known(partition), isPaused: true })
  }

  resume(partition: number): void {
    this.partitions.set(partition, { ...this.known(partition), isPaused: false })
  }

  /** Partitions that have no position yet: a committed offset must be found for them, or the reset policy applied. */
  get withoutPosition(): readonly number[] {
    const without: number[] = []
    for (const [partition, { offset }] of this.partitions) if (offset === undefined) without.push(partition)
    return without
  }

  /** Whether there is anything to fetch for a partition: it has a position and is not paused. */
  isFetchable(partition: number): boolean {
    const { offset, isPaused } = this.partitions.get(partition) ?? fresh
    return offset !== undefined && !isPaused
  }

  private move(partition: number, offset: number, leaderEpoch: number): void {
    const { isPaused } = this.known(partition)
    this.partitions.set(partition, { offset, leaderEpoch, isPaused })
  }

  private known(partition: number): PartitionPosition {
    return present(this.partitions.get(partition), 'a position is changed only while its partition is assigned')
  }
}

export interface PartitionPosition {
  /** `undefined` until it is known. */
  readonly offset: number | undefined
  /** Leader epoch of the last record returned, -1 when unknown; tells a truncated log from a short one. */
  readonly leaderEpoch: number
  readonly isPaused: boolean
}

const fresh: PartitionPosition = { offset: undefined, leaderEpoch: -1, isPaused: false }
