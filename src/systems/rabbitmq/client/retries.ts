import type { Process } from '../../../simulation/process.ts'
import type { Delivery } from '../../system.ts'
import type { FieldTable } from '../core/field-table.ts'
import { isArray, isTable } from '../core/field-table.ts'
import { headersOf } from '../core/message.ts'
import { retried, shovelled } from '../facts.ts'
import { ownDelivery } from './delivery.ts'
import type { RabbitProducer } from './producer.ts'

/** The header in which an application counts by itself. */
const ownCounter = 'x-retry'

export interface RetryPlan {
  /** Where the application publishes what it failed at; nothing: it rejects that, and the queue knows where it goes. */
  readonly retryTo: RetryTarget | undefined
  /** Where it publishes what was tried again often enough. */
  readonly parking: (RetryTarget & { readonly after: number }) | undefined
  /** Where it reads how often that was. */
  readonly counter: 'x-death' | 'x-retry'
}

/** Moves what comes to another queue, as a shovel in the mode `on-confirm` does. */
export class Shovel {
  readonly #process: Process
  readonly #target: RetryTarget

  constructor(process: Process, target: RetryTarget) {
    this.#process = process
    this.#target = target
  }

  /** `moved` says whether the broker has it. */
  move(delivery: Delivery, moved: (confirmed: boolean) => void): void {
    const { message, envelope } = ownDelivery(delivery)
    this.#process.record(shovelled, { message: envelope.message, place: this.#target.place })
    this.#target.producer().send(envelope, ({ outcome }) => moved(outcome === 'confirmed'), headersOf(message))
  }
}

export interface RetryTarget {
  /** With the system's name. */
  readonly place: string
  readonly producer: () => RabbitProducer
}

/**
 * What an application does itself about a message that its handler gave up: it looks at how often that happened, publishes the message to a queue
 * where it waits or rests, with the headers that it came with, and acknowledges it when the broker has confirmed that.
 */
export class Retries {
  readonly #process: Process
  readonly #plan: RetryPlan

  constructor(process: Process, plan: RetryPlan) {
    this.#process = process
    this.#plan = plan
  }

  /** Whether it is published somewhere; `published` says then whether the broker has it. Else it is to be rejected. */
  take(delivery: Delivery, published: (confirmed: boolean) => void): boolean {
    const { message, envelope } = ownDelivery(delivery)
    const { retryTo, parking, counter } = this.#plan
    const headers = headersOf(message)
    const count = counter === 'x-retry' ? numberOf(headers[ownCounter]) : highestDeathCount(headers)
    const isParked = parking !== undefined && count >= parking.after
    const target = isParked ? parking : retryTo
    if (target === undefined) return false
    this.#process.record(retried, { message: envelope.message, place: target.place, counter, count })
    const counted = counter === 'x-retry' && !isParked ? { ...headers, [ownCounter]: count + 1 } : headers
    target.producer().send(envelope, ({ outcome }) => published(outcome === 'confirmed'), counted)
    return true
  }
}

/** How often the queue that gave it up most often did so; 0 for a message that never died. */
function highestDeathCount(headers: FieldTable): number {
  const deaths = headers['x-death']
  if (!isArray(deaths)) return 0
  return deaths.filter(isTable).reduce((most, { count }) => Math.max(most, numberOf(count)), 0)
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
