import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, sqs } from '../../../src/testing/index.ts'

export const messages = Array.from({ length: 12 }, (_, n) => ({
  key: `customer-${n % 3}`,
  value: { order: `order-${n}` },
  headers: { attribName1: 'attribValue 1', 'trace.id': `trace-${n}` },
}))

export type OrderMessage = (typeof messages)[number]

/** A check in which nothing breaks but what the code itself does; over SQS, unless it says otherwise. */
export function check(
  consumer: NonNullable<DeliveryCheck['consumer']>,
  changes: Partial<DeliveryCheck<OrderMessage>> = {},
) {
  return {
    name: 'billing',
    system: sqs(),
    stores: { ledger: { ledger: {} } },
    consumer,
    messages,
    operation: ({ value }: OrderMessage) => value.order,
    faults: [{ at: '20s', crash: 'ledger', for: '1s' }],
    members: 1,
    runs: 1,
    cases: false,
    ...changes,
  } satisfies DeliveryCheck<OrderMessage>
}

/** Under the plan and with the runs that are the defaults. */
export const byDefault: Partial<DeliveryCheck<OrderMessage>> = {
  faults: 'production-day',
  members: 2,
  runs: 200,
}

export const recognising = { ledger: { ledger: { unique: 'operation' } } }

export const crashAfterEffect = [
  { when: { fact: 'effect-applied', message: 'message-5' }, cut: 'after-step', crash: 'billing', for: '1s' },
]

export async function broken(of: DeliveryCheck<OrderMessage>): Promise<readonly string[]> {
  return (await checkDelivery(of)).failures.map(({ guarantee }) => guarantee)
}

/** What is said of a check that cannot be run. */
export async function refusal(of: DeliveryCheck<OrderMessage>): Promise<string> {
  return await checkDelivery(of).then(
    ({ text }) => `it ran: ${text}`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}
