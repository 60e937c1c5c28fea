import { describe, expect, it } from 'vitest'
import { ended, left, put, remained, rowOf, settled, stored } from './telling.ts'

describe('accounted', () => {
  const accounts = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'accounted', 'run')

  it('holds when every copy left its place or remained in it, and counts the fates', () => {
    const ends = [left(1, 'm1', 'acknowledged'), left(2, 'm2', 'expired'), remained(3, 'm3')]
    expect(accounts(put(1, 'm1'), put(2, 'm2'), put(3, 'm3'), ...ends, settled)).toMatchObject({
      service: 'run',
      verdict: 'holds',
      judged: 3,
      counts: { acknowledged: 1, expired: 1, remained: 1, open: 0 },
    })
  })

  it('is violated by a copy without a fate', () => {
    expect(accounts(put(1, 'm1'), settled).witnesses[0]?.sentence).toBe(
      'Copy 1 of m1 has no fate: broker put m1 into orders at 0.000 s.',
    )
  })

  it('is violated by a copy with two fates', () => {
    const row = accounts(put(1, 'm1'), left(1, 'm1', 'acknowledged'), remained(1, 'm1'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'Copy 1 of m1 has a second fate: m1 left orders: acknowledged at 0.001 s, then m1 was still in orders (ready) at 0.002 s.',
    )
  })

  it('is violated by a copy that came from nowhere', () => {
    expect(accounts(left(1, 'm1', 'acknowledged'), settled).witnesses[0]?.sentence).toContain(
      'Copy 1 of m1 was never stored',
    )
  })

  it('is violated by a copy that was stored twice', () => {
    const row = accounts(put(1, 'm1'), put(1, 'm1'), left(1, 'm1', 'acknowledged'), settled)
    expect(row.witnesses[0]?.sentence).toContain('Copy 1 of m1 was stored a second time')
  })

  it('leaves open what was under way when the run was cut off', () => {
    expect(accounts(put(1, 'm1'), ended('bound'))).toMatchObject({
      verdict: 'unknown',
      reason: '1 of 1 copies were still under way: the run reached its bound before everything had settled',
    })
  })

  it('is unknown when nothing was stored', () => {
    expect(accounts(...stored('m1'), settled)).toMatchObject({ verdict: 'unknown' })
  })
})
