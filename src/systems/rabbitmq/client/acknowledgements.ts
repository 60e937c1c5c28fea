import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Delivery } from '../../system.ts'
import type { Channel } from './channel.ts'
import { ownDelivery } from './delivery.ts'

type Done = (outcome: AcknowledgeOutcome) => void

export interface AcknowledgementOptions {
  readonly noAck: boolean
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
  /** Done with and not said yet: the number, and the latest tag. */
  #held = 0
  #latest = 0

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
    this.#held = 0
    this.#latest = 0
  }

  acknowledge(deliveries: readonly Delivery[], done: Done): void {
    const own = deliveries.map(ownDelivery)
    if (this.#options.noAck) return this.#tell(done, 'acknowledged')
    const current = own.filter(({ opening }) => this.#isCurrent(opening))
    for (const { tag } of current) this.#hold(tag)
    this.#tell(done, current.length === own.length ? 'acknowledged' : 'refused')
  }

  /** `basic.nack`, back into the queue or to what the queue does with what it gives up. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: Done): void {
    const { tag, opening } = ownDelivery(delivery)
    if (this.#options.noAck || !this.#isCurrent(opening)) return this.#tell(done, 'refused')
    this.#channel.post({ kind: 'reject', tag, requeue: how === 'again' })
    this.#tell(done, 'acknowledged')
  }

  /** Nothing is leased here. */
  extend(delivery: Delivery, done: Done): void {
    const isCurrent = this.#options.noAck || this.#isCurrent(ownDelivery(delivery).opening)
    this.#tell(done, isCurrent ? 'acknowledged' : 'refused')
  }

  /** Says what was held back. */
  flush(): void {
    if (this.#held === 0 || !this.#channel.isOpen) return
    this.#channel.post({ kind: 'acknowledge', tag: this.#latest, multiple: this.#options.every > 1 })
    this.#held = 0
  }

  #hold(tag: number): void {
    this.#latest = Math.max(this.#latest, tag)
    this.#held++
    if (this.#held >= this.#options.every || this.#options.isIdle()) this.flush()
  }

  #isCurrent(opening: number): boolean {
    return opening === this.#opening && this.#channel.isOpen
  }

  #tell(done: Done, outcome: AcknowledgeOutcome): void {
    this.#process.setTimer(0, () => done(outcome))
  }
}
