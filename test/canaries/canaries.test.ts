import { describe, expect, it } from 'vitest'
import type { HandlingSpec } from '../../src/application/service.ts'
import { database } from '../../src/application/stores/database/database.ts'
import { ledger as ledgerKind } from '../../src/application/stores/ledger.ts'
import { upsert } from '../../src/application/strategies/upsert.ts'
import { checks } from '../../src/checks/registry.ts'
import { run } from '../../src/run.ts'
import { defaultSettings } from '../../src/systems/option.ts'
import type { Consumer, Delivery, SystemKind } from '../../src/systems/system.ts'
import { memory } from '../../src/systems/memory/memory.ts'
import { billing, plainScenario, shop } from '../pipeline/plain-scenario.ts'
import { canarySystem, consumerHanding } from './canary-systems.ts'

/** The verdict on a guarantee of billing (or of the run) when the scenario runs on a product, and somebody wants to know. */
function verdictOf(
  guarantee: string,
  level: string,
  product: SystemKind,
  writing: 'deltas' | 'states',
): string | undefined {
  const expectations = [{ service: 'billing', guarantee, level: undefined, verdict: 'holds' }] as const
  const services = [shop(), billing(writing === 'states' ? writingStates : {}, { limit: 4 })]
  const scenario = plainScenario({ services, stores: { ledger, accounts }, expectations })
  const { rows } = run(scenario, { products: [product] })
  return rows.find((row) => row.guarantee === guarantee && row.level === level)?.verdict
}

const ledger = { kind: 'ledger', settings: defaultSettings(ledgerKind.options) }
const accounts = { kind: 'database', settings: defaultSettings(database.options) }

const writingStates: Partial<HandlingSpec> = {
  store: 'accounts',
  strategy: { name: 'upsert', settings: defaultSettings(upsert.options), stores: {} },
}

const canaries: readonly {
  readonly guarantee: string
  readonly levels: readonly string[]
  readonly bug: string
  readonly product: SystemKind
  /** What billing writes; `deltas` when it does not matter. */
  readonly writing?: 'deltas' | 'states'
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
    guarantee: 'ordered-per-partition',
    levels: ['delivery', 'effect'],
    bug: 'lets the neighbours in a batch change places, which are of different keys',
    product: canarySystem({ consumer: consumerHanding(swapped) }),
  },
  {
    guarantee: 'ordered-per-producer',
    levels: ['delivery', 'effect'],
    bug: 'hands out every batch by key',
    product: canarySystem({
      consumer: consumerHanding((deliveries) =>
        deliveries.toSorted((one, other) => (one.envelope.key < other.envelope.key ? 1 : -1)),
      ),
    }),
  },
  {
    guarantee: 'total-order',
    levels: ['delivery', 'effect'],
    bug: 'lets the last of a batch go first',
    product: canarySystem({ consumer: consumerHanding(lastFirst) }),
  },
  {
    guarantee: 'no-stale-writes',
    levels: ['effect'],
    bug: 'hands an old message out once more at the end',
    writing: 'states',
    product: canarySystem({ consumer: rerunning }),
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

function lastFirst(deliveries: readonly Delivery[]): readonly Delivery[] {
  return [...deliveries.slice(-1), ...deliveries.slice(0, -1)]
}

function swapped(deliveries: readonly Delivery[]): readonly Delivery[] {
  return deliveries.flatMap((_, place) => (place % 2 === 0 ? deliveries.slice(place, place + 2).toReversed() : []))
}

/** After the last message comes once more the first one of the same key. */
function rerunning(honest: Consumer): Consumer {
  const reruns = new Set<Delivery>()
  let first: Delivery | undefined
  const handing = consumerHanding((deliveries) =>
    deliveries.flatMap((delivery) => {
      const { sequence } = delivery.envelope
      if (sequence === 2) first = delivery
      if (sequence !== 29 || first === undefined) return [delivery]
      const rerun = { ...first }
      reruns.add(rerun)
      return [delivery, rerun]
    }),
  )(honest)
  const acknowledge: Consumer['acknowledge'] = (deliveries, done) =>
    honest.acknowledge(
      deliveries.filter((delivery) => !reruns.has(delivery)),
      done,
    )
  return { ...handing, acknowledge }
}

function isHonest({ envelope }: Delivery): boolean {
  return envelope.message > -1_000_000
}

describe.each(canaries)('a product that $bug', ({ guarantee, levels, product, writing = 'deltas' }) => {
  it(`is caught by ${guarantee}, and the honest one is not`, () => {
    const judged = levels.filter((level) => verdictOf(guarantee, level, memory, writing) !== undefined)
    expect(judged).not.toEqual([])
    for (const level of judged) {
      expect({
        level,
        honest: verdictOf(guarantee, level, memory, writing),
        canary: verdictOf(guarantee, level, product, writing),
      }).toEqual({
        level,
        honest: 'holds',
        canary: 'violated',
      })
    }
  })
})

it('There is a canary for every check.', () => {
  expect(canaries.map(({ guarantee }) => guarantee).toSorted()).toEqual(checks.map(({ name }) => name).toSorted())
})
