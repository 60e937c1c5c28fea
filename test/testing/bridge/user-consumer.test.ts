import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src/run.ts'
import type { Fault } from '../../../src/simulation/fault.ts'
import { billing, memorySettings, plainScenario, shop } from '../../pipeline/plain-scenario.ts'
import { runOnce, type SmallConsumer } from './small-consumer.ts'

/** The verdicts of billing when this code handles its messages. */
async function verdicts(
  consumer: SmallConsumer,
  faults: readonly Fault[] = [],
  unique = 'none',
): Promise<Record<string, string>> {
  const plain = plainScenario()
  const scenario = {
    ...plain,
    systems: { queue: { kind: 'memory', version: '', settings: memorySettings({ 'visibility-timeout': 5_000_000 }) } },
    stores: {
      ledger: { kind: 'ledger', settings: { values: { timeout: 5_000_000, unique, disk: 'nvme' }, explicit: [] } },
    },
    services: [shop(), billing()],
    faults,
  }
  const found = await runOnce(scenario, consumer)
  const again = await runOnce(scenario, consumer)
  expect(again.fingerprint).toBe(found.fingerprint)
  return verdictsOf(found)
}

function verdictsOf({ rows }: Run): Record<string, string> {
  return Object.fromEntries(
    rows
      .filter(({ service }) => service === 'billing')
      .map(({ guarantee, level, verdict }) => [`${guarantee}/${level}`, verdict]),
  )
}

const crashAfterEffect: Fault = {
  action: 'crash',
  targets: [['billing']],
  parameters: {},
  strikes: { when: { fact: 'effect-applied', values: { message: 'order-7' }, nth: 1 }, cut: 'after-step' },
  duration: 1_000_000,
}

const crashAfterAcknowledgement: Fault = {
  ...crashAfterEffect,
  strikes: { when: { fact: 'acknowledged', values: { message: 'order-7' }, nth: 1 }, cut: 'after-step' },
}

describe('user code as a handler', () => {
  it('holds everything when it awaits its effect and nothing breaks', async () => {
    const found = await verdicts(() => async (_message, { effect, sleep }) => {
      await sleep(1)
      await effect()
    })
    expect(found).toMatchObject({
      'no-loss/effect': 'holds',
      'exactly-once/effect': 'holds',
      'ordered-per-key/effect': 'holds',
    })
  })

  it('applies an effect twice when it retries what worked', async () => {
    const found = await verdicts(() => async (_message, { effect }) => {
      await effect()
      await effect()
    })
    expect(found).toMatchObject({ 'no-loss/effect': 'holds', 'no-duplicates/effect': 'violated' })
  })

  it('loses an effect when it does not await it and its process dies after the acknowledgement', async () => {
    const found = await verdicts(
      () =>
        async (_message, { effect, sleep }) => {
          void sleep(2).then(effect)
        },
      [crashAfterAcknowledgement],
    )
    expect(found).toMatchObject({ 'no-loss/effect': 'violated' })
  })

  it('is not saved by a memory that dies with its process', async () => {
    const found = await verdicts(() => {
      const seen = new Set<string>()
      return async (message, { effect }) => {
        if (seen.has(message.id)) return
        await effect()
        seen.add(message.id)
      }
    }, [crashAfterEffect])
    expect(found).toMatchObject({ 'no-loss/effect': 'holds', 'no-duplicates/effect': 'violated' })
  })

  it('is exactly once when the store recognises the effect', async () => {
    const found = await verdicts(
      () =>
        async (_message, { effect }) =>
          effect(),
      [crashAfterEffect],
      'operation',
    )
    expect(found).toMatchObject({
      'no-loss/effect': 'holds',
      'exactly-once/effect': 'holds',
      'no-duplicates/delivery': 'violated',
    })
  })

  it('loses what it swallows, and gets again what it throws', async () => {
    const failing = (swallows: boolean): SmallConsumer => {
      const failed = new Set<string>()
      return () =>
        async ({ id }, { effect }) => {
          try {
            if (id === 'order-7' && !failed.has(id)) {
              failed.add(id)
              throw new Error('the card was refused')
            }
            await effect()
          } catch (error) {
            if (!swallows) throw error
          }
        }
    }
    // The same factory would remember the failure of the first run, as module state does.
    expect(await verdictsOnce(failing(true))).toMatchObject({ 'no-loss/effect': 'violated' })
    expect(await verdictsOnce(failing(false))).toMatchObject({ 'no-loss/effect': 'holds' })
  })
})

async function verdictsOnce(consumer: SmallConsumer): Promise<Record<string, string>> {
  return verdictsOf(await runOnce(plainScenario(), consumer))
}
