import { describe, expect, it } from 'vitest'
import { applied, ended, handed, rowOf, settled, stored, type Told } from './telling.ts'

describe('ordered-per-producer', () => {
  const order = (level: string, ...facts: readonly Told[]) => rowOf(facts, 'ordered-per-producer', level)
  const two = [...stored('m1', { key: 'a' }), ...stored('m2', { key: '' })]

  it('holds when everything of a producer came in a row, with keys and without', () => {
    expect(order('delivery', ...two, handed('m1'), handed('m2'), settled)).toMatchObject({
      verdict: 'holds',
      judged: 1,
    })
  })

  it('is violated by a message that one of another key overtook', () => {
    const row = order('delivery', ...two, handed('m2'), handed('m1'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing was handed m1 after m2, which shop-1 had sent later: m2 at 0.004 s by billing-1, m1 at 0.005 s by billing-1.',
    )
  })

  it('compares nothing across producers', () => {
    const producers = [...stored('m1'), ...stored('m2', { node: 'shop-2' })]
    expect(order('delivery', ...producers, handed('m2'), handed('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'no two operations of one producer came',
    })
  })

  it('judges effects by themselves', () => {
    const facts = [...two, handed('m1'), handed('m2'), applied('m2'), applied('m1'), settled]
    expect(order('delivery', ...facts).verdict).toBe('holds')
    expect(order('effect', ...facts).verdict).toBe('violated')
  })

  it('is unknown when the run was cut off before anything was overtaken', () => {
    expect(order('delivery', ...two, handed('m1'), handed('m2'), ended('bound')).verdict).toBe('unknown')
  })
})
