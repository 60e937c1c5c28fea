import type { Process } from '../../../simulation/process.ts'

interface Configuration {
  readonly master: string
  readonly configurationEpoch: number
  readonly epoch: number
  readonly vote: { readonly epoch: number; readonly leader: string } | undefined
}

/** What a Sentinel writes down before it says it: whom it takes for the master since which epoch, and whom it voted for. Epochs only grow. */
export class SentinelFile {
  readonly #process: Process
  #content: Configuration

  /** `master` is what it begins with, where it has written nothing yet. */
  constructor(process: Process, master: string) {
    this.#process = process
    const file = process.disk.value<Configuration>('sentinel.conf')
    this.#content = file.value ?? { master, configurationEpoch: 0, epoch: 0, vote: undefined }
  }

  get content(): Configuration {
    return this.#content
  }

  /** Somebody knows of this epoch. */
  learnEpoch(epoch: number): void {
    if (epoch > this.#content.epoch) this.#keep({ epoch })
  }

  /** An epoch that, as far as it knows, nobody has had. */
  beginEpoch(): number {
    const epoch = this.#content.epoch + 1
    this.#keep({ epoch })
    return epoch
  }

  /** Votes once an epoch, for whoever asks first. `true` if that was now. */
  voteFor(leader: string, epoch: number): boolean {
    if ((this.#content.vote?.epoch ?? 0) >= epoch) return false
    this.#keep({ epoch: Math.max(epoch, this.#content.epoch), vote: { epoch, leader } })
    return true
  }

  /** There is another master, since this epoch. */
  adopt(master: string, configurationEpoch: number): void {
    this.#keep({ master, configurationEpoch, epoch: Math.max(configurationEpoch, this.#content.epoch) })
  }

  #keep(change: Partial<Configuration>): void {
    this.#content = { ...this.#content, ...change }
    this.#process.disk.value<Configuration>('sentinel.conf').write(this.#content)
  }
}
