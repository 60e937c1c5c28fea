import type { CheckResult, ConsumerFactory, DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

/** A bug that people write, planted in a consumer, and the same consumer without it. */
export interface Canary {
  /** What is wrong, in a few words. */
  readonly bug: string
  /** What the check must find broken. */
  readonly breaks: string
  readonly broken: Planted
  readonly mended: Planted
}

/** What a consumer of a canary says of itself; the rest is the same for all. */
export type Planted = Partial<DeliveryCheck<Order>> & { readonly consumer: ConsumerFactory }

/** What canaries are fed with. */
export const orders = Array.from({ length: 8 }, (_, n) => ({
  key: `customer-${n % 3}`,
  value: { order: `order-${n}`, customer: `customer-${n % 3}`, cents: 100 + n },
}))

export type Order = (typeof orders)[number]

/** A store that takes each order once. */
export const recognising = { stores: { ledger: { ledger: { unique: 'operation' } } } }

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The check of a canary as a user would write it: the default plan and the default number of runs, unless a script wants more. */
function checkOf(name: string, planted: Partial<DeliveryCheck<Order>>, runs?: number): DeliveryCheck<Order> {
  return {
    name,
    system: memory({ 'visibility-timeout': '10s' }),
    stores: { ledger: { ledger: {} } },
    messages: orders,
    operation: ({ value }) => value.order,
    cases: false,
    ...planted,
    ...(runs === undefined ? {} : { runs }),
  }
}

export function checked(name: string, planted: Partial<DeliveryCheck<Order>>, runs?: number): Promise<CheckResult> {
  return checkDelivery(checkOf(name, planted, runs))
}
