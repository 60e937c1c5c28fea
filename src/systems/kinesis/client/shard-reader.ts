import type { ReadRecord, ShardDescription } from '../protocol.ts'
import type { ReadingPosition } from '../core/stream.ts'

/** What a reader finds. */
export interface ReaderEvents {
  /** It reads on behind this sequence number; `lastTrimmed` is the last one of the shard that is gone. */
  began(after: number, lastTrimmed: number): void
  records(records: readonly ReadRecord[]): void
  /** A closed shard is read to its end. */
  ended(children: readonly ShardDescription[]): void
}

/** Brings the records of one shard, a batch for each time that it is asked. */
export interface ShardReader {
  begin(position: ReadingPosition): void
  /** The next batch can come. */
  next(): void
  stop(): void
}
