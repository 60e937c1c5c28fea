import { describe, expect, it } from 'vitest'
import { applied, chain, ended, handed, plan, rowOf, sent, settled, stored, told, type Told } from './telling.ts'

describe('total-order', () => {
  const order = (level: string, ...facts: readonly Told[]) => rowOf(facts, 'total-order', level)
  const theirs = { node: 'web-1', service: 'web' }

  it('is violated by what came after something that was sent when it had been confirmed', () => {
    const row = order('delivery', ...stored('m1'), ...stored('m2', theirs), handed('m2'), handed('m1'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, judged: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing was handed m1 after m2, which was sent at 0.002 s, when it had been confirmed at 0.001 s: ' +
        'm2 at 0.004 s by billing-1, m1 at 0.005 s by billing-1.',
    )
    expect(row.witnesses[0]?.evidence.map(({ index }) => index)).toEqual([1, 2, 4, 5])
  })

  it('leaves open which of two comes first that were sent at the same time', () => {
    const both = [sent('m1'), sent('m2', theirs), told('m1', 'confirmed'), told('m2', 'confirmed')]
    expect(order('delivery', ...both, handed('m2'), handed('m1'), settled)).toMatchObject({
      verdict: 'holds',
      judged: 1,
    })
    expect(order('delivery', ...both, handed('m1'), handed('m2'), settled).verdict).toBe('holds')
  })

  it('leaves it open where nobody confirmed anything', () => {
    for (const outcome of ['assumed', 'unknown']) {
      const both = [sent('m1'), told('m1', outcome), sent('m2', theirs)]
      expect(order('delivery', ...both, handed('m2'), handed('m1'), settled).verdict).toBe('holds')
    }
  })

  it('is violated by what a producer sent in a row, though nothing was confirmed between', () => {
    const both = [sent('m1'), sent('m2')]
    expect(order('delivery', ...both, handed('m2'), handed('m1'), settled).verdict).toBe('violated')
  })

  it('is violated by two services that do not agree, at both', () => {
    const both = { ...plan, services: [...plan.services, { name: 'shipping', effects: false }] }
    const at = { service: 'shipping', node: 'shipping-1' }
    const sends = [sent('m1'), sent('m2', theirs)]
    const here = [handed('m1'), handed('m2')]
    const rows = (...there: readonly Told[]) =>
      ['billing', 'shipping'].map((service) =>
        rowOf([...sends, ...here, ...there, settled], 'total-order', 'delivery', both, service),
      )
    const agreeing = rows(handed('m1', at), handed('m2', at))
    expect(agreeing.map(({ verdict }) => verdict)).toEqual(['holds', 'holds'])
    const quarrelling = rows(handed('m2', at), handed('m1', at))
    expect(quarrelling.map(({ verdict }) => verdict)).toEqual(['violated', 'violated'])
    expect(quarrelling[0]?.witnesses[0]?.sentence).toContain(
      'billing was handed m2 after m1, which came to shipping the other way round',
    )
  })

  it('counts an operation once, whatever the number of reasons', () => {
    expect(order('delivery', ...stored('m1'), ...stored('m2'), handed('m2'), handed('m1'), settled).violations).toBe(1)
  })

  it('judges effects by themselves, and pairs too', () => {
    const facts = [...stored('m1'), ...stored('m2', theirs), applied('m2'), applied('m1'), settled]
    expect(order('effect', ...facts).verdict).toBe('violated')
    expect(rowOf([settled], 'total-order', 'delivery', chain, 'shop→shipping').verdict).toBe('unknown')
  })

  it('is unknown with fewer than two operations, and when the run was cut off', () => {
    expect(order('delivery', ...stored('m1'), handed('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'no two operations came',
    })
    const row = order('delivery', ...stored('m1'), ...stored('m2'), handed('m1'), handed('m2'), ended('bound'))
    expect(row.verdict).toBe('unknown')
  })
})
