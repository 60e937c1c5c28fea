import { describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, CheckError, DeliveryError, memory } from '../../../src/testing/index.ts'

const messages = Array.from({ length: 10 }, (_, n) => ({
  key: `customer-${n % 3}`,
  value: { order: `order-${n}`, cents: 100 * n },
}))

type OrderMessage = (typeof messages)[number]

/** A consumer that bills each order, over a store that takes an order once or each time anew. */
function billing(
  unique: 'none' | 'operation',
  changes: Partial<DeliveryCheck<OrderMessage>> = {},
): DeliveryCheck<OrderMessage> {
  return {
    name: 'billing',
    system: memory(),
    stores: { ledger: { ledger: { unique } } },
    consumer:
      () =>
      async (_message, { effect, log }) => {
        log('billing it')
        await effect()
      },
    messages,
    operation: ({ value }) => value.order,
    faults: 'crashes-and-redelivery',
    runs: 30,
    cases: false,
    ...changes,
  }
}

describe('checkDelivery', () => {
  it('finds the duplicate of a consumer that does not recognise what it has done, and makes it small', async () => {
    const { ok, failures, text } = await checkDelivery(billing('none'))
    expect(ok).toBe(false)
    expect(failures[0]).toMatchObject({ guarantee: 'no-duplicates', level: 'effect', faults: 1 })
    expect(failures[0]?.messages).toBeLessThanOrEqual(2)
    expect(text).toMatch(/^no-duplicates does not hold: order-\d was applied twice by billing/)
    expect(text).toContain('billing logged: billing it')
  })

  it('passes when the store recognises it, and says what was exercised', async () => {
    const { ok, runs, text } = await checkDelivery(billing('operation'))
    expect(text).toMatch(/^billing: no-loss, no-duplicates held in 31 runs \(seed onceproof\), with \d+ crash/)
    expect({ ok, runs }).toEqual({ ok: true, runs: 31 })
  })

  it('is undecided when no fault got in the way of a message', async () => {
    const { ok, undecided, text } = await checkDelivery(
      billing('operation', { faults: [{ at: '20s', crash: 'ledger', for: '1s' }], runs: 1 }),
    )
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(text).toContain('nothing was exercised')
  })

  it('gives the same result again', async () => {
    const [one, other] = await Promise.all([checkDelivery(billing('none')), checkDelivery(billing('none'))])
    expect(other.text).toBe(one.text)
  })

  it('throws at the line that called it', async () => {
    const line = lineOf(new Error('here')) + 1
    const result = await checkDelivery(billing('none'))
    expect(() => result.assertHolds()).toThrow(DeliveryError)
    expect(lineOf(thrownBy(() => result.assertHolds()))).toBe(line)
  })
})

describe('toHold', () => {
  it('takes the promise of a check and what it came to', async () => {
    await expect(checkDelivery(billing('operation'))).toHold()
    await expect(await checkDelivery(billing('operation'))).toHold()
    await expect(checkDelivery(billing('none'))).not.toHold()
  })

  it('throws what the check found', async () => {
    const failing = expect(checkDelivery(billing('none'))).toHold()
    await expect(failing).rejects.toThrow(/^no-duplicates does not hold/)
  })

  it('refuses anything else', async () => {
    await expect(async () => expect(7).toHold()).rejects.toThrow('toHold() is for what checkDelivery({ ... }) gives.')
  })
})

describe('a check that is wrong', () => {
  it('is told everything that is wrong with it, at its line', async () => {
    const wrong = { nam: 'billing', guarantees: ['exactly-one'], messages: [], faults: 'production-dya', runs: 0 }
    const line = lineOf(new Error('here')) + 1
    const error = await checkDelivery(JSON.parse(JSON.stringify(wrong))).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CheckError)
    expect(error instanceof CheckError ? error.problems : []).toEqual([
      'there is no option `nam`. Did you mean name?',
      '`name` is missing: it says which check failed, and names its saved cases',
      "no system is given: expected kafka({ ... }), rabbitmq({ ... }), sqs({ ... }), redis({ ... }), kinesis({ ... }), memory() or scenario('file.yaml', { service })",
      'there is nothing to test: expected `consumer: () => async (message, tools) => { ... }`, or `handle`',
      '`messages` is empty: there is nothing to deliver',
      'there is no guarantee `exactly-one`. Did you mean exactly-once?',
      'there is no fault plan `production-dya`. Did you mean production-day?',
      '`runs` is 0: expected a whole number from 1 to 1000000',
    ])
    expect(lineOf(error)).toBe(line)
  })
})

function thrownBy(code: () => void): unknown {
  try {
    code()
  } catch (error) {
    return error
  }
  return undefined
}

/** The line of this file at the top of the stack. */
function lineOf(error: unknown): number {
  const frame = error instanceof Error ? error.stack?.split('\n').find((line) => /^\s+at /.test(line)) : undefined
  return Number(/check-delivery\.test\.ts:(\d+):\d+\)?$/.exec(frame ?? '')?.[1])
}
