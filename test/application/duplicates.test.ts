import { describe, expect, it } from 'vitest'
import { runText } from './strategies/strategy-scenario.ts'

function effectsWith(duplicates: string): readonly (readonly [message: string, operation: string])[] {
  const { history } = runText(`title: Sent twice
systems: { queue: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: queue/orders, messages: 5, rate: 100/s, duplicates: ${duplicates} } }
  billing: { receives: queue/orders }
`)
  const text = (name: number): string => history.names.text(name)
  return [...history].flatMap((fact) =>
    fact.kind === 'effect-applied' ? [[text(Number(fact['message'])), text(Number(fact['operation']))] as const] : [],
  )
}

describe('what is sent twice', () => {
  it('is another message about the same operation', () => {
    expect(effectsWith('{ messages: order-2 }').filter(([, operation]) => operation === 'order-2')).toEqual([
      ['order-2', 'order-2'],
      ["order-2'1", 'order-2'],
    ])
  })

  it('is the same message where the scenario says so, later', () => {
    const effects = effectsWith('{ messages: order-2, id: same, after: 1s }')
    expect(effects).toHaveLength(6)
    expect(effects.at(-1)).toEqual(['order-2', 'order-2'])
  })

  it('is drawn for each message by itself', () => {
    expect(effectsWith('100%')).toHaveLength(10)
    expect(effectsWith('0%')).toHaveLength(5)
  })
})
