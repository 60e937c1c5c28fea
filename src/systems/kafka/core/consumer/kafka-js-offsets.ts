/**
 * Offsets of a kafkajs consumer. A message's offset is *resolved* when its handler has finished, and only resolved ones
 * are committed: after a message when the interval or the threshold says so, after each batch, and before the consumer
 * gives way to a rebalance. Partitions are named by small integers of the caller's; times are microseconds.
 */
export class KafkaJsOffsets {
  private readonly settings: KafkaJsCommitSettings
  private readonly resolved = new Map<number, number>()
  private readonly committed = new Map<number, number>()
  private lastCommitAt: number

  constructor(settings: KafkaJsCommitSettings, now: number) {
    this.settings = settings
    this.lastCommitAt = now
  }

  /** Begins a partition at the offset that was committed, or at -1 if none was. */
  start(partition: number, committedOffset: number): void {
    this.committed.set(partition, committedOffset)
    this.resolved.set(partition, committedOffset)
  }

  /** Begins a partition that has not begun yet: at its first fetch, where the committed offset or the reset has put it. */
  startOnce(partition: number, position: number): void {
    if (!this.resolved.has(partition)) this.start(partition, position)
  }

  /** The handler is done with the message at `offset`. */
  resolve(partition: number, offset: number): void {
    this.resolved.set(partition, offset + 1)
  }

  /** Whether a commit is due after a message; between batches one is made anyway. */
  isCommitDue(now: number): boolean {
    const { autoCommitInterval, autoCommitThreshold } = this.settings
    const isLate = autoCommitInterval !== undefined && now >= this.lastCommitAt + autoCommitInterval
    return isLate || (autoCommitThreshold !== undefined && this.resolvedCount >= autoCommitThreshold)
  }

  /** Offsets that are resolved and not committed. */
  get uncommitted(): ReadonlyMap<number, number> {
    const offsets = [...this.resolved].filter(([partition, offset]) => {
      return offset >= 0 && offset !== this.committed.get(partition)
    })
    return new Map(offsets)
  }

  commitSucceeded(offsets: ReadonlyMap<number, number>, now: number): void {
    for (const [partition, offset] of offsets) this.committed.set(partition, offset)
    this.lastCommitAt = now
  }

  /** How far the resolved offsets are ahead; a partition without a commit counts from 0. */
  private get resolvedCount(): number {
    let count = 0
    for (const [partition, offset] of this.resolved) count += offset - Math.max(0, this.committed.get(partition) ?? 0)
    return count
  }
}

export interface KafkaJsCommitSettings {
  /** `undefined` (the default): not by time. */
  readonly autoCommitInterval: number | undefined
  /** `undefined` (the default): not by number. */
  readonly autoCommitThreshold: number | undefined
}
