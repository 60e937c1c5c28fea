import { expect, it } from 'vitest'
import { historyOf } from '../../../src/history/plain-fact.ts'
import { groundOf } from '../../../src/testing/check/ground.ts'
import { applied, handed, madeFrom, sent } from '../../checks/telling.ts'
import { billing, plainScenario } from '../../pipeline/plain-scenario.ts'

it('has moments of what is handled, and of what is done outside of any handling by whom that is', () => {
  const history = historyOf([
    sent('order-0'),
    handed('order-0'),
    { ...madeFrom('mail-0', 'order-0'), node: 'billing-1' },
    applied('order-0'),
    { fact: 'handled', node: 'billing-1', message: 'order-0', service: 'billing', attempt: 1 },
    applied('order-1', { consumer: 'billing' }),
    { ...madeFrom('receipt-0', 'order-0'), node: 'billing-2' },
  ])
  const scenario = { ...plainScenario(), services: [{ ...billing(), members: 2 }] }
  const { moments } = groundOf(scenario, history, 'billing', 1)
  expect(moments).toMatchObject([
    { anchor: { fact: 'delivered', values: { message: 'order-0' } }, struck: ['handler(order-0)'] },
    { anchor: { fact: 'effect-applied', values: { message: 'order-0' } }, struck: ['handler(order-0)'] },
    { anchor: { fact: 'handled', values: { message: 'order-0' } }, struck: ['handler(order-0)'] },
    { anchor: { fact: 'effect-applied', values: { operation: 'order-1' } }, struck: ['billing-1', 'billing-2'] },
    { anchor: { fact: 'derived', values: { parent: 'order-0' } }, struck: ['billing-2'] },
  ])
})
