import { describe, expect, it } from 'vitest'
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

describe('the plan of a scenario', () => {
  const planned = (billing: string, more = '') => {
    const text = `
systems: { q: { memory: { queues: { orders: {} } } } }
stores: { accounts: { database: {} } }
services:
  shop: { sends: { to: q/orders, messages: 1 } }
  billing: { receives: q/orders, handling: ${billing} }
${more}`
    const parsed = parseScenario(text, catalogue, { file: 'plan.yaml' })
    if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '))
    return planOf(parsed.scenario, buildWorld(parsed.scenario).systems)
  }

  it.each([
    ['{ effect: billed, strategy: upsert }', { effects: true, writes: 'state' }],
    ['{ effect: billed, strategy: inbox }', { effects: true, writes: 'delta' }],
    ['{ effect: billed }', { effects: true, writes: 'delta' }],
  ])('says of %s what its effects are', (handling, expected) => {
    expect(planned(handling).services).toEqual([{ name: 'billing', ...expected }])
  })

  it('asks for what the scenario expects something of', () => {
    expect(planned('{ effect: billed }').asked).toEqual([])
    const { asked } = planned('{ effect: billed }', 'expect: { billing: { total-order/effect: holds } }')
    expect(asked).toMatchObject([{ service: 'billing', guarantee: 'total-order', level: 'effect' }])
  })
})
