/** Which leader wrote from which offset on: the memory that lets a follower find where its log left the leader's. */
export class LeaderEpochCache {
  /** Epochs and starts both ascend strictly: an epoch that wrote nothing gives way to the next one. */
  private entries: EpochStart[] = []

  get latestEpoch(): number | undefined {
    return this.entries.at(-1)?.epoch
  }

  get epochs(): readonly EpochStart[] {
    return this.entries
  }

  /**
   * Notes that `epoch` starts at `startOffset`. An epoch that is already the latest keeps its start. Entries that the
   * new one contradicts (a later epoch, or a start at or after this one) go.
   */
  assign(epoch: number, startOffset: number): void {
    const latest = this.entries.at(-1)
    if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return
    while (contradicts(this.entries.at(-1), epoch, startOffset)) this.entries.pop()
    this.entries.push({ epoch, startOffset })
  }

  /**
   * The largest known epoch not after `requested`, and where it ends: at the start of the next epoch, or at the log
   * end for the latest one. `undefined` when the cache cannot say (empty, or asked about a later epoch).
   */
  endOffsetFor(requested: number, logEndOffset: number): EpochEnd | undefined {
    if (this.latestEpoch === requested) return { epoch: requested, endOffset: logEndOffset }
    const next = this.entries.findIndex((entry) => entry.epoch > requested)
    const later = this.entries[next]
    if (later === undefined) return undefined
    // Before the first known epoch: the records are gone from the head, and the follower continues at the log start.
    const floor = this.entries[next - 1]
    return { epoch: floor?.epoch ?? requested, endOffset: later.startOffset }
  }

  /** Epoch that wrote the record at `offset`. */
  epochAt(offset: number): number | undefined {
    return this.entries.findLast((entry) => entry.startOffset <= offset)?.epoch
  }

  /** Forgets epochs that start at or after the new log end. */
  truncateFromEnd(endOffset: number): void {
    while ((this.entries.at(-1)?.startOffset ?? -1) >= endOffset) this.entries.pop()
  }

  /** Moves the start of the epoch that holds `startOffset` up to it, and forgets earlier epochs. */
  truncateFromStart(startOffset: number): void {
    const kept = this.entries.findLastIndex((entry) => entry.startOffset <= startOffset)
    const first = this.entries[kept]
    if (first === undefined) return
    this.entries = [{ epoch: first.epoch, startOffset }, ...this.entries.slice(kept + 1)]
  }

  clear(): void {
    this.entries = []
  }
}

export interface EpochStart {
  readonly epoch: number
  readonly startOffset: number
}

export interface EpochEnd {
  readonly epoch: number
  /** Offset after the last record of the epoch. */
  readonly endOffset: number
}

function contradicts(entry: EpochStart | undefined, epoch: number, startOffset: number): boolean {
  return entry !== undefined && (entry.epoch >= epoch || entry.startOffset >= startOffset)
}
