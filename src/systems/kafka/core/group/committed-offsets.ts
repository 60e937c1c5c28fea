import { partitionName, type TopicPartition } from '../controller/partition-registration.ts'

/**
 * The offsets that a group committed, as its coordinator has them after reading them from, or writing them to, its
 * partition of `__consumer_offsets`. Times are microseconds.
 */
export class CommittedOffsets {
  private readonly offsets = new Map<string, CommittedOffset>()

  /** Everything that is committed, in the order of the first commit of each partition. */
  get all(): readonly CommittedOffset[] {
    return [...this.offsets.values()]
  }

  get(of: TopicPartition): CommittedOffset | undefined {
    return this.offsets.get(partitionName(of))
  }

  /** Takes a commit that is stored. The later one wins, even if it goes back. */
  apply(commit: CommittedOffset): void {
    this.offsets.set(partitionName(commit), commit)
  }

  /**
   * Forgets every offset once the group has been empty for `retention`, counted from the later of becoming empty and
   * the commit itself. Returns what was forgotten. A group that has members keeps all.
   */
  expire(emptySince: number | undefined, retention: number, now: number): readonly CommittedOffset[] {
    if (emptySince === undefined) return []
    const expired = this.all.filter(({ committedAt }) => now - Math.max(emptySince, committedAt) >= retention)
    for (const commit of expired) this.offsets.delete(partitionName(commit))
    return expired
  }
}

export interface CommittedOffset extends TopicPartition {
  /** Offset of the next record to read. */
  readonly offset: number
  /** Leader epoch of the last record read, -1 when the client does not say. */
  readonly leaderEpoch: number
  readonly committedAt: number
}

/** The topic in which groups keep their offsets and members. */
export const offsetsTopic = '__consumer_offsets'

/** The partition of the offsets topic whose leader coordinates the group. */
export function offsetsPartition(groupId: string, partitions: number): number {
  return (javaHashCode(groupId) & 0x7fffffff) % partitions
}

/** `String.hashCode` of Java: 31 to the power of the place, over UTF-16 units, in 32 bits. */
function javaHashCode(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}
