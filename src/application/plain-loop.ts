import { effectApplied, handled } from '../history/facts.ts'
import type { Delivery } from '../systems/system.ts'
import type { SourceContext } from './handling.ts'
import { effectOf, recordAcknowledgement, recordDelivery } from './handling.ts'
import { isTold } from './operations.ts'
import { effectIn } from './stores/store.ts'

/** Whether handling needs nothing beside working, an effect in the service itself, and an acknowledgement, one delivery after the other. */
export function isPlain({ process, spec, turns, store, outputs, reply }: SourceContext): boolean {
  const { concurrency, acknowledge, varies, fails, knows } = spec
  const worksOnly = concurrency === 1 && varies === 0 && fails === undefined && knows === undefined
  const asksNobody = store === undefined && outputs.length === 0 && reply === undefined && acknowledge !== 'before'
  return worksOnly && asksNobody && turns === undefined && !isTold(process)
}

/**
 * The loop of a consumer whose handling is plain. It does what the program does that receives and handles, fact by fact and event by event, but
 * as a machine of its own: most messages of large runs go this way, and as programs they take twice as long.
 */
export class PlainLoop {
  readonly #context: SourceContext
  readonly #limit: number
  #deliveries: readonly Delivery[] = []
  /** Which of the deliveries is being handled, and which delivery of its message it is. */
  #place = 0
  #attempt = 0

  /** `limit`: how many deliveries to ask for at a time. */
  constructor(context: SourceContext, limit: number) {
    this.#context = context
    this.#limit = limit
  }

  begin(): void {
    this.#receive()
  }

  #receive(): void {
    this.#context.consumer.receive(this.#limit, this.#took)
  }

  readonly #took = (deliveries: readonly Delivery[]): void => {
    this.#deliveries = deliveries
    this.#place = 0
    this.#goOn()
  }

  /** Handles what is there, up to the first thing that takes time. */
  #goOn(): void {
    const { inHand, process, service, spec } = this.#context
    for (let delivery = this.#current; delivery !== undefined; delivery = this.#current) {
      inHand.count++
      this.#attempt = this.#context.deliveries.note(service, process.node.label, delivery.envelope.message)
      recordDelivery(this.#context, delivery, this.#attempt)
      if (spec.takes > 0) {
        process.work(spec.takes, this.#worked)
        return
      }
      if (this.#finish(delivery)) return
    }
    this.#receive()
  }

  get #current(): Delivery | undefined {
    return this.#deliveries[this.#place]
  }

  readonly #worked = (): void => {
    const delivery = this.#current
    if (delivery === undefined || !this.#finish(delivery)) this.#goOn()
  }

  /** What follows the work; whether the acknowledgement is to be waited for. */
  #finish(delivery: Delivery): boolean {
    const { process, service, spec, consumer } = this.#context
    const attempt = this.#attempt
    const effect = effectOf(this.#context, delivery, attempt)
    if (effect !== undefined) process.record(effectApplied, effectIn('', effect))
    process.record(handled, { message: delivery.envelope.message, service, attempt })
    if (spec.acknowledge === 'never') {
      this.#settled()
      return false
    }
    recordAcknowledgement(this.#context, delivery, attempt)
    consumer.acknowledge([delivery], this.#acknowledged)
    return true
  }

  readonly #acknowledged = (): void => {
    this.#settled()
    this.#goOn()
  }

  #settled(): void {
    this.#context.inHand.count--
    this.#place++
  }
}
