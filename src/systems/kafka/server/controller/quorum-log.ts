import type { LogFile } from '../../../../simulation/log-file.ts'
import type { MetadataEntry } from './metadata-log.ts'

/** Bytes of an entry on the disk: an order of magnitude. */
const entryBytes = 100

interface Divergence {
  readonly epoch: number
  readonly endOffset: number
}

/** One controller's copy of the metadata log, in a file that is fsynced. */
export class QuorumLog {
  readonly #file: LogFile<MetadataEntry>
  readonly #halt: () => void

  /** What a torn write left behind its last whole entry is cut. `halt` is called when the disk refuses: a controller cannot go on without its log. */
  constructor(file: LogFile<MetadataEntry>, halt: () => void) {
    this.#file = file
    this.#halt = halt
    let whole = 0
    while (file.read(whole)?.state === 'whole') whole++
    if (whole < file.length) file.truncate(whole)
  }

  get endOffset(): number {
    return this.#file.length
  }

  get lastEpoch(): number {
    return this.epochAt(this.endOffset - 1)
  }

  /** Epoch of an entry; 0 where there is none. */
  epochAt(offset: number): number {
    return this.#file.read(offset)?.value.epoch ?? 0
  }

  entry(offset: number): MetadataEntry | undefined {
    return this.#file.read(offset)?.value
  }

  append(entry: MetadataEntry): void {
    if (this.#file.append(entry, entryBytes) !== 'written') this.#halt()
  }

  fsync(done: () => void): void {
    this.#file.fsync((outcome) => (outcome === 'written' ? done() : this.#halt()))
  }

  /** Entries from `offset` to before `until`. */
  read(offset: number, until: number): readonly MetadataEntry[] {
    const entries: MetadataEntry[] = []
    for (let place = offset; place < until; place++) {
      const entry = this.entry(place)
      if (entry !== undefined) entries.push(entry)
    }
    return entries
  }

  /** Whether this log has more than that of a candidate, who must not win then. */
  isAheadOf(other: { readonly lastEpoch: number; readonly endOffset: number }): boolean {
    if (this.lastEpoch !== other.lastEpoch) return this.lastEpoch > other.lastEpoch
    return this.endOffset > other.endOffset
  }

  /** Where a reader's log that ends at `offset` with an entry of `epoch` leaves this one, if it does. */
  divergenceFrom(offset: number, epoch: number): Divergence | undefined {
    if (offset <= this.endOffset && this.epochAt(offset - 1) === epoch) return undefined
    return this.#endOf(epoch)
  }

  /** Cuts this log where the leader's has other entries. */
  truncateAfter({ epoch, endOffset }: Divergence): void {
    this.#file.truncate(Math.min(endOffset, this.#endOf(epoch).endOffset, this.endOffset))
  }

  /** The last epoch up to `epoch` that this log has, and where it ends. */
  #endOf(epoch: number): Divergence {
    let endOffset = this.endOffset
    while (endOffset > 0 && this.epochAt(endOffset - 1) > epoch) endOffset--
    return { epoch: this.epochAt(endOffset - 1), endOffset }
  }
}
