import { describe, expect, it } from 'vitest'
import { applied, chain, ended, handed, madeFrom, rowOf, sent, settled, stored, undone } from './telling.ts'

type Facts = Parameters<typeof rowOf>[0]

describe('ordered-per-key', () => {
  const order = (level: string, ...facts: Facts) => rowOf(facts, 'ordered-per-key', level)
  const two = [...stored('m1'), ...stored('m2')]
  const three = [...two, ...stored('m3')]

  it('holds when what was sent in a row came in a row', () => {
    expect(order('delivery', ...two, handed('m1'), handed('m2'), settled)).toMatchObject({
      verdict: 'holds',
      judged: 1,
    })
  })

  it('is violated by a message that was overtaken, and names both', () => {
    const row = order('delivery', ...two, handed('m2'), handed('m1', { node: 'billing-2' }), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing was handed m1 after m2, which shop-1 had sent later (key k): m2 at 0.004 s by billing-1, m1 at 0.005 s by billing-2.',
    )
    expect(row.witnesses[0]?.evidence.map(({ index }) => index)).toEqual([0, 2, 4, 5])
  })

  it('asks nothing of what has no key', () => {
    const keyless = [...stored('m1', { key: '' }), ...stored('m2', { key: '' })]
    expect(order('delivery', ...keyless, handed('m2'), handed('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      judged: 0,
    })
  })

  it('takes no redelivery of something old for a change of order', () => {
    expect(order('delivery', ...two, handed('m1'), handed('m2'), handed('m1'), settled).verdict).toBe('holds')
  })

  it('takes no second message of an old operation for a change of order', () => {
    const again = [...stored('m3', { operation: 'm1', sequence: 1 })]
    expect(order('delivery', ...two, ...again, handed('m1'), handed('m2'), handed('m3'), settled).verdict).toBe('holds')
  })

  it('takes no gap for a change of order', () => {
    expect(order('delivery', ...three, handed('m1'), handed('m3'), settled).verdict).toBe('holds')
  })

  it('counts every message that was overtaken, the furthest first', () => {
    const row = order('delivery', ...three, handed('m3'), handed('m2'), handed('m1'), settled)
    expect(row.violations).toBe(2)
    expect(row.witnesses.map(({ item }) => item)).toEqual(['m1', 'm2'])
  })

  it('holds a message against all that came before it, and not only against the last', () => {
    expect(order('delivery', ...three, handed('m3'), handed('m1'), handed('m2'), settled).violations).toBe(2)
  })

  it('compares nothing across keys and across producers', () => {
    const keys = [...stored('m1'), ...stored('m2', { key: 'other' })]
    expect(order('delivery', ...keys, handed('m2'), handed('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'no two operations of one producer and key came',
    })
    const producers = [...stored('m1'), ...stored('m2', { node: 'shop-2' })]
    expect(order('delivery', ...producers, handed('m2'), handed('m1'), settled).verdict).toBe('unknown')
  })

  it('judges effects by themselves', () => {
    const deliveries = [handed('m1'), handed('m2')]
    const facts = [...two, ...deliveries, applied('m2'), applied('m1'), settled]
    expect(order('delivery', ...facts).verdict).toBe('holds')
    expect(order('effect', ...facts).witnesses[0]?.sentence).toContain('billing applied m1 after m2')
  })

  it('forgets an effect that a store lost', () => {
    const lostFirst = [applied('m2'), undone('m2'), applied('m1'), applied('m2')]
    expect(order('effect', ...two, ...lostFirst, settled).verdict).toBe('holds')
    const remade = [applied('m1'), undone('m1'), applied('m2'), applied('m1')]
    expect(order('effect', ...two, ...remade, settled).verdict).toBe('violated')
  })

  it('is unknown when the run was cut off before anything was overtaken', () => {
    expect(order('delivery', ...two, handed('m1'), handed('m2'), ended('bound')).verdict).toBe('unknown')
  })

  it('compares from end to end what the origin had sent in a row', () => {
    const parcel = (message: string, node: string) => sent(message, { service: 'packing', channel: 'parcels', node })
    const parcels = [madeFrom('p1', 'm1'), parcel('p1', 'packing-1'), madeFrom('p2', 'm2'), parcel('p2', 'packing-2')]
    const facts = [
      ...two,
      ...parcels,
      handed('p2', { service: 'shipping' }),
      handed('p1', { service: 'shipping' }),
      settled,
    ]
    expect(rowOf(facts, 'ordered-per-key', 'delivery', chain, 'shop→shipping')).toMatchObject({ violations: 1 })
    expect(rowOf(facts, 'ordered-per-key', 'delivery', chain, 'shipping').verdict).toBe('unknown')
  })
})
