import { expect, it } from 'vitest'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

it('strikes an operation before it leaves, applied but unanswered, and after the answer', async () => {
  let began = 0
  const { ok, runs, exercised } = await checkDelivery({
    name: 'billing',
    system: memory(),
    stores: { ledger: { ledger: { unique: 'operation' } } },
    members: 1,
    consumer:
      () =>
      async (_message, { effect }) => {
        began++
        await effect()
      },
    messages: [{ key: 'a', value: 1 }],
    faults: 'crash-at-every-operation',
    cases: false,
  })
  // Calling the code, its effect, the acknowledgement: each with its three places; and the run in which nothing breaks.
  expect({ ok, runs: (runs - 1) % 3 }).toEqual({ ok: true, runs: 0 })
  // The effect is there and unanswered, or answered; or the acknowledgement has not left.
  expect(exercised.deathsBetweenEffectAndAcknowledgement).toBeGreaterThanOrEqual(3)
  expect(began).toBeGreaterThan(runs)
})
