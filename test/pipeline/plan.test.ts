import { expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { planOf } from '../../src/pipeline/plan.ts'
import { buildWorld } from '../../src/pipeline/simulate.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

it('A message is parked only for who receives from a queue that gave it up', () => {
  const text = `
systems:
  q: { memory: { queues: { orders: { dead-letter: undeliverable }, undeliverable: { dead-letter: morgue }, bills: {} } } }
services:
  shop: { sends: [{ to: q/orders, name: order, messages: 1 }, { to: q/bills, name: bill, messages: 1 }] }
  billing: { receives: { from: q/orders } }
  ledger: { receives: { from: q/bills } }
  clerk: { receives: { from: q/undeliverable } }
`
  const parsed = parseScenario(text, catalogue, { file: 'plan.yaml' })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '))
  const { parked } = planOf(parsed.scenario, buildWorld(parsed.scenario).systems)
  expect(parked).toEqual({
    'q/undeliverable': ['billing'],
    'q/morgue': ['billing', 'clerk'],
    'q/bills.dead': ['ledger'],
  })
})
