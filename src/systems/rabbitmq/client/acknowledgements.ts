import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Delivery } from '../../system.ts'
import type { Channel } from './channel.ts'
import { ownDelivery } from './delivery.ts'

type Done = (outcome: AcknowledgeOutcome) => void

export interface AcknowledgementOptions {
  readonly noAck: () => boolean
  /** Deliveries that one `basic.ack` is for. */
  readonly every: number
  /** Whether nothing is there to wait for before it is said. */
  readonly isIdle: () => boolean
}

/**
 * The consumer's word for its deliveries. AMQP has no answer to it: an acknowledgement counts as taken when it is written, and may be lost all the
 * same. A delivery of a channel that is gone cannot be settled any more: the Java client drops such tags, amqplib throws.
 */
export class Acknowledgements {
  readonly #process: Process
  readonly #channel: Channel
  readonly #options: AcknowledgementOptions
  /** How often the channel was opened; deliveries of earlier openings are nobody's. */
  #opening = 0
  /** Tags of deliveries that nothing has been said of, oldest first, and whether the program is done with them. Only where several are said at once. */
  readonly #open = new Map<number, boolean>()
  /** How many of these are done. */
  #done = 0

  constructor(process: Process, channel: Channel, options: AcknowledgementOptions) {
    this.#process = process
    this.#channel = channel
    this.#options = options
  }

  get opening(): number {
    return this.#opening
  }

  /** The channel is open anew. */
  begin(): void {
    this.#opening++
    this.#open.clear()
    this.#done = 0
  }

  /** A delivery came that will have to be settled. */
  delivered(tag: number): void {
    if (this.#saysSeveral) this.#open.set(tag, false)
  }

  acknowledge(deliveries: readonly Delivery[], done: Done): void {
    const own = deliveries.map(ownDelivery)
    if (this.#options.noAck()) return this.#tell(done, 'acknowledged')
    const current = own.filter(({ opening }) => this.#isCurrent(opening))
    for (const { tag } of current) this.#finish(tag)
    this.#tell(done, current.length === own.length ? 'acknowledged' : 'refused')
  }

  /** `basic.nack`, back into the queue or to what the queue does with what it gives up. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: Done): void {
    const { tag, opening } = ownDelivery(delivery)
    if (this.#options.noAck() || !this.#isCurrent(opening)) return this.#tell(done, 'refused')
    this.#open.delete(tag)
    this.#channel.post({ kind: 'reject', tag, requeue: how === 'again' })
    this.#tell(done, 'acknowledged')
  }

  /** Nothing is leased here. */
  extend(delivery: Delivery, done: Done): void {
    const isCurrent = this.#options.noAck() || this.#isCurrent(ownDelivery(delivery).opening)
    this.#tell(done, isCurrent ? 'acknowledged' : 'refused')
  }

  /** Says of everything that is done, up to the oldest delivery that is not: an acknowledgement of several is for all before it, too. */
  flush(): void {
    if (this.#done === 0 || !this.#channel.isOpen) return
    let upTo: number | undefined
    for (const [tag, isDone] of this.#open) {
      if (!isDone) break
      upTo = tag
      this.#open.delete(tag)
      this.#done--
    }
    if (upTo !== undefined) this.#channel.post({ kind: 'acknowledge', tag: upTo, multiple: true })
  }

  get #saysSeveral(): boolean {
    return this.#options.every > 1 && !this.#options.noAck()
  }

  #finish(tag: number): void {
    if (!this.#saysSeveral) {
      this.#channel.post({ kind: 'acknowledge', tag })
      return
    }
    this.#open.set(tag, true)
    this.#done++
    if (this.#done >= this.#options.every || this.#options.isIdle()) this.flush()
  }

  #isCurrent(opening: number): boolean {
    return opening === this.#opening && this.#channel.isOpen
  }

  #tell(done: Done, outcome: AcknowledgeOutcome): void {
    this.#process.setTimer(0, () => done(outcome))
  }
}
