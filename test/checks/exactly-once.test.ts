import { expect, describe, it } from 'vitest'
import { applied, ended, handed, put, rowOf, sent, settled, stored, told } from './telling.ts'

describe('exactly-once', () => {
  const once = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'exactly-once', 'effect')

  it('holds when every confirmed operation had one effect', () => {
    expect(once(...stored('m1'), handed('m1'), applied('m1'), settled).verdict).toBe('holds')
  })

  it('is violated by a loss and by a duplicate, and shows one of each', () => {
    const row = once(...stored('m1'), ...stored('m2'), applied('m2'), applied('m2'), ...stored('m3'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 3, counts: { lost: 2, repeated: 1 } })
    expect(row.witnesses.map(({ item }) => item)).toEqual(['m1', 'm2', 'm3'])
  })

  it('is violated by a duplicate though the run was cut off', () => {
    expect(once(...stored('m1'), applied('m1'), applied('m1'), ended('bound')).verdict).toBe('violated')
  })

  it('is violated by a duplicate of a message whose outcome nobody knows', () => {
    expect(once(sent('m1'), told('m1', 'unknown'), applied('m1'), applied('m1'), settled).verdict).toBe('violated')
  })

  it('allows a message whose outcome nobody knows once, or not at all', () => {
    const known = [...stored('m2'), applied('m2')]
    expect(once(sent('m1'), told('m1', 'unknown'), ...known, settled).verdict).toBe('holds')
    expect(once(sent('m1'), told('m1', 'unknown'), applied('m1'), ...known, settled).verdict).toBe('holds')
  })

  it('holds with a parked message, and counts it', () => {
    const parked = [...stored('m2'), put(1, 'm2', 'orders-dead')]
    const row = once(...stored('m1'), applied('m1'), ...parked, settled)
    expect(row).toMatchObject({ verdict: 'holds', counts: { parked: 1 } })
  })

  it('gives both reasons when nothing can be said', () => {
    expect(once(settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'no message that was meant for billing was confirmed or assumed; billing applied nothing',
    })
  })
})
