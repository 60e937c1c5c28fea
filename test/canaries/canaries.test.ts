import { describe, expect, it } from 'vitest'
import { run } from '../../src/run.ts'
import type { Delivery, SystemKind } from '../../src/systems/system.ts'
import { memory } from '../../src/systems/memory/memory.ts'
import { billing, plainScenario, shop } from '../pipeline/plain-scenario.ts'
import { canarySystem, consumerHanding } from './canary-systems.ts'

/** The verdict on a guarantee of billing (or of the run) when the scenario runs on a product. */
function verdictOf(guarantee: string, level: string, product: SystemKind): string | undefined {
  const scenario = plainScenario({ services: [shop(), billing({}, { limit: 4 })] })
  const { rows } = run(scenario, { products: [product] })
  return rows.find((row) => row.guarantee === guarantee && row.level === level)?.verdict
}

const canaries: readonly {
  readonly guarantee: string
  readonly levels: readonly string[]
  readonly bug: string
  readonly product: SystemKind
}[] = [
  {
    guarantee: 'no-loss',
    levels: ['delivery', 'effect'],
    bug: 'drops the sixth message on its way to the consumer',
    product: canarySystem({
      consumer: consumerHanding((deliveries) => deliveries.filter(({ envelope }) => envelope.sequence !== 5)),
    }),
  },
  {
    guarantee: 'no-duplicates',
    levels: ['delivery', 'effect'],
    bug: 'hands the sixth message out twice',
    product: canarySystem({
      consumer: consumerHanding((deliveries) =>
        deliveries.flatMap((delivery) => (delivery.envelope.sequence === 5 ? [delivery, delivery] : [delivery])),
      ),
    }),
  },
  {
    guarantee: 'exactly-once',
    levels: ['delivery', 'effect'],
    bug: 'hands the sixth message out twice',
    product: canarySystem({
      consumer: consumerHanding((deliveries) =>
        deliveries.flatMap((delivery) => (delivery.envelope.sequence === 5 ? [delivery, delivery] : [delivery])),
      ),
    }),
  },
  {
    guarantee: 'no-invention',
    levels: ['delivery', 'effect'],
    bug: 'hands out a message that nobody sent',
    product: canarySystem({
      consumer: (honest) => {
        const handing = consumerHanding((deliveries) =>
          deliveries.flatMap((delivery) =>
            delivery.envelope.sequence === 5 ? [delivery, ghostOf(delivery)] : [delivery],
          ),
        )(honest)
        return { ...handing, acknowledge: (deliveries, done) => honest.acknowledge(deliveries.filter(isHonest), done) }
      },
    }),
  },
  {
    guarantee: 'ordered-per-key',
    levels: ['delivery', 'effect'],
    bug: 'hands every batch out backwards',
    product: canarySystem({ consumer: consumerHanding((deliveries) => deliveries.toReversed()) }),
  },
  {
    guarantee: 'accounted',
    levels: ['delivery', 'run'],
    bug: 'does not know what became of a copy',
    product: canarySystem({
      system: (honest) => ({
        takeInventory: () => {},
        waitingFor: () => undefined,
        sourcesOf: (address) => honest.sourcesOf(address),
      }),
      consumer: (honest) => ({
        ...consumerHanding((deliveries) => deliveries)(honest),
        acknowledge: (deliveries, done) =>
          honest.acknowledge(
            deliveries.filter(({ envelope }) => envelope.sequence !== 5),
            done,
          ),
      }),
    }),
  },
  {
    guarantee: 'all-settled',
    levels: ['run'],
    bug: 'never comes to rest',
    product: canarySystem({ system: () => ({ waitingFor: () => 'order-5, for ever' }) }),
  },
]

function ghostOf(delivery: Delivery): Delivery {
  const { envelope } = delivery
  return {
    ...delivery,
    envelope: { ...envelope, message: envelope.message - 1_000_000, operation: envelope.operation - 1_000_000 },
  }
}

function isHonest({ envelope }: Delivery): boolean {
  return envelope.message > -1_000_000
}

describe.each(canaries)('a product that $bug', ({ guarantee, levels, product }) => {
  it(`is caught by ${guarantee}, and the honest one is not`, () => {
    const judged = levels.filter((level) => verdictOf(guarantee, level, memory) !== undefined)
    expect(judged).not.toEqual([])
    for (const level of judged) {
      expect({
        level,
        honest: verdictOf(guarantee, level, memory),
        canary: verdictOf(guarantee, level, product),
      }).toEqual({
        level,
        honest: 'holds',
        canary: 'violated',
      })
    }
  })
})
