import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Distribution } from './samples.ts'
import { Samples } from './samples.ts'
import type { Submissions } from './submissions.ts'

/** The figures of one service. Durations in µs; a distribution is missing where nothing was measured. */
export interface ServiceMetrics {
  readonly service: string
  readonly sent: number
  readonly confirmed: number
  readonly assumed: number
  readonly rejected: number
  /** Sends whose producer does not know what became of them, those that nobody answered among them. */
  readonly unknown: number
  readonly delivered: number
  /** Deliveries of a message that this service had been handed before. */
  readonly redeliveries: number
  readonly handled: number
  readonly failed: number
  readonly effects: number
  /** Effects of an operation that had its effect already. */
  readonly duplicateEffects: number
  /** Finished messages a second, from the first delivery to the last finish. */
  readonly handledPerSecond: number
  /** From asking to send to being told that it is done. */
  readonly confirmLatency: Distribution | undefined
  /** From asking to send to the first delivery here. */
  readonly deliveryLatency: Distribution | undefined
  /** From asking to send to the first effect here. */
  readonly effectLatency: Distribution | undefined
}

/** Counts what happens to one service. */
export class ServiceCounter {
  readonly #service: string
  readonly #submissions: Submissions
  /** Operations that had their effect, by the name of the effect. */
  readonly #operationsWith = new Map<Name, IntegerMap>()
  readonly confirmLatencies = new Samples()
  readonly effectLatencies = new Samples()
  readonly #deliveryLatencies = new Samples()
  readonly #outcomes = new Map<string, number>()
  /** 1 for each message that was sent and that nobody has answered. */
  readonly #open = new IntegerMap()
  #unanswered = 0
  #sent = 0
  #delivered = 0
  #redeliveries = 0
  #handled = 0
  #failed = 0
  #effects = 0
  #duplicateEffects = 0
  #firstDelivery: number | undefined
  #lastHandled = 0

  constructor(service: string, submissions: Submissions) {
    this.#service = service
    this.#submissions = submissions
  }

  submitted(message: Name): void {
    this.#sent++
    this.#setOpen(message, 1)
  }

  answered(message: Name, time: number, outcome: string): void {
    this.#setOpen(message, 0)
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
    if (outcome === 'confirmed') this.confirmLatencies.add(time, this.#submissions.latency(message, time))
  }

  delivered(message: Name, time: number, attempt: number): void {
    this.#delivered++
    this.#firstDelivery ??= time
    if (attempt > 1) this.#redeliveries++
    else this.#deliveryLatencies.add(time, this.#submissions.latency(message, time))
  }

  handled(time: number): void {
    this.#handled++
    this.#lastHandled = time
  }

  handlingFailed(): void {
    this.#failed++
  }

  effectApplied(message: Name, time: number, effect: Name, operation: Name): void {
    let operations = this.#operationsWith.get(effect)
    if (operations === undefined) this.#operationsWith.set(effect, (operations = new IntegerMap()))
    this.#effects++
    if (operations.add(operation, 1) > 1) this.#duplicateEffects++
    else this.effectLatencies.add(time, this.#submissions.latency(message, time))
  }

  finish(): ServiceMetrics {
    const count = (outcome: string): number => this.#outcomes.get(outcome) ?? 0
    const busy = this.#lastHandled - (this.#firstDelivery ?? this.#lastHandled)
    return {
      service: this.#service,
      sent: this.#sent,
      confirmed: count('confirmed'),
      assumed: count('assumed'),
      rejected: count('rejected'),
      unknown: count('unknown') + this.#unanswered,
      delivered: this.#delivered,
      redeliveries: this.#redeliveries,
      handled: this.#handled,
      failed: this.#failed,
      effects: this.#effects,
      duplicateEffects: this.#duplicateEffects,
      handledPerSecond: busy <= 0 ? 0 : Math.round((this.#handled * 1_000_000) / busy),
      confirmLatency: this.confirmLatencies.distribution(),
      deliveryLatency: this.#deliveryLatencies.distribution(),
      effectLatency: this.effectLatencies.distribution(),
    }
  }

  #setOpen(message: Name, open: 0 | 1): void {
    const before = this.#open.get(message)
    if (before !== open) this.#open.set(message, open)
    this.#unanswered += open - before
  }
}
