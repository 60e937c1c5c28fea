import { perform } from '../../../application/program.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import { recordOf } from '../../../systems/kinesis/client/record-delivery.ts'
import type { AcknowledgeOutcome } from '../../../systems/system.ts'
import type { Inside } from '../../bridge/inside.ts'

/** Called with the name of an exception of the library, or with the sequence number that is checkpointed. */
type Checkpointed = (error: string | null, sequenceNumber?: string) => void

/** What a record processor says with how far it is. */
export class Checkpointer {
  readonly #inside: Inside
  /** What processors were given and nobody has checkpointed. */
  #open: readonly Handling[] = []
  #batch: readonly Handling[] = []
  #isBusy = false

  constructor(inside: Inside) {
    this.#inside = inside
  }

  begin(batch: readonly Handling[]): void {
    this.#batch = batch
    this.#open = [...this.#open, ...batch]
  }

  /** Checkpoints the record of this sequence number and all before it; without one, the last record of the batch. */
  checkpoint(sequenceNumber: string | Checkpointed | null, callback?: Checkpointed): void {
    const called = typeof sequenceNumber === 'function' ? sequenceNumber : (callback ?? ignored)
    const number = typeof sequenceNumber === 'string' ? sequenceNumber : undefined
    if (this.#isBusy) return called('Cannot checkpoint while another checkpoint is already in progress.')
    this.#isBusy = true
    void this.#write(number).then((error) => {
      this.#isBusy = false
      if (error === undefined) called(null, number ?? this.#last)
      else called(error)
    })
  }

  get #last(): string {
    return String(this.#batch.at(-1)?.delivery.position ?? '')
  }

  /** Comes back with the name of an exception, or nothing. */
  async #write(number: string | undefined): Promise<string | undefined> {
    const last = this.#batch.at(-1)
    if (last === undefined) return 'InvalidStateException'
    const { consumer, position } = recordOf(last.delivery)
    const sequence = number === undefined ? position : Number(number)
    if (!Number.isSafeInteger(sequence) || sequence > position || sequence < consumer.checkpoint)
      return 'IllegalArgumentException'
    const outcome = await this.#inside.perform(() =>
      perform<AcknowledgeOutcome>('checkpoint', (resume) => {
        this.#noteUpTo(consumer.shard, sequence)
        consumer.checkpointAt(sequence, resume)
      }),
    )
    if (outcome === 'acknowledged') return undefined
    return outcome === 'refused' ? 'ShutdownException' : 'KinesisClientLibDependencyException'
  }

  #noteUpTo(shard: string, sequence: number): void {
    const isBehind = ({ delivery: { partition, position } }: Handling): boolean =>
      partition === shard && position <= sequence
    for (const handling of this.#open) if (isBehind(handling)) handling.noteAcknowledged()
    this.#open = this.#open.filter((handling) => !isBehind(handling))
  }
}

const ignored: Checkpointed = () => {}
