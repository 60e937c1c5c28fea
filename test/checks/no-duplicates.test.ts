import { describe, expect, it } from 'vitest'
import { applied, chain, ended, handed, madeFrom, rowOf, sent, settled, stored, undone } from './telling.ts'

type Facts = Parameters<typeof rowOf>[0]

describe('no-duplicates of deliveries', () => {
  const duplicates = (...facts: Facts) => rowOf(facts, 'no-duplicates', 'delivery')

  it('holds when every message was handed over once', () => {
    expect(duplicates(...stored('m1'), handed('m1'), ...stored('m2'), handed('m2'), settled)).toMatchObject({
      verdict: 'holds',
      judged: 2,
    })
  })

  it('is violated by a redelivery, and says who was handed the message when', () => {
    const row = duplicates(...stored('m1'), handed('m1'), handed('m1', { node: 'billing-2', attempt: 2 }), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, counts: { extra: 1 } })
    expect(row.witnesses).toMatchObject([
      {
        item: 'm1',
        sentence: 'm1 was delivered twice to billing: first to billing-1 at 0.002 s, again to billing-2 at 0.003 s.',
        evidence: [{ index: 2 }, { index: 3 }],
      },
    ])
  })

  it('counts a message once however often it came, and shows the worst first', () => {
    const row = duplicates(handed('m1'), handed('m1'), handed('m2'), handed('m2'), handed('m2'), settled)
    expect(row).toMatchObject({ violations: 2, counts: { extra: 3 } })
    expect(row.witnesses[0]?.sentence).toContain('m2 was delivered 3 times to billing: first')
  })

  it('holds when an operation came by two messages, once each', () => {
    const twice = [...stored('m1'), ...stored('m2', { operation: 'm1' })]
    expect(duplicates(...twice, handed('m1'), handed('m2'), settled).verdict).toBe('holds')
  })

  it('is unknown when nothing was handed over', () => {
    expect(duplicates(...stored('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'billing was handed nothing',
    })
  })

  it('is unknown when the run was cut off before a duplicate could come', () => {
    expect(duplicates(...stored('m1'), handed('m1'), ended('bound')).verdict).toBe('unknown')
  })

  it('stays violated when the run was cut off after a duplicate', () => {
    expect(duplicates(...stored('m1'), handed('m1'), handed('m1'), ended('bound')).verdict).toBe('violated')
  })
})

describe('no-duplicates of effects', () => {
  const duplicates = (...facts: Facts) => rowOf(facts, 'no-duplicates', 'effect')

  it('holds when a message came twice and was applied once', () => {
    expect(duplicates(...stored('m1'), handed('m1'), applied('m1'), handed('m1'), settled).verdict).toBe('holds')
  })

  it('is violated by an operation that was applied twice', () => {
    const row = duplicates(
      ...stored('m1'),
      applied('m1'),
      applied('m1', { consumer: 'billing-2', attempt: 2 }),
      settled,
    )
    expect(row.witnesses[0]?.sentence).toBe(
      'm1 was applied twice by billing: first by billing-1 at 0.002 s, again by billing-2 at 0.003 s.',
    )
  })

  it('is violated by an operation that was applied once for each of two messages', () => {
    const twice = [...stored('m1'), ...stored('m2', { operation: 'm1' })]
    const row = duplicates(...twice, applied('m1'), applied('m2', { operation: 'm1' }), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
  })

  it('holds when one operation had two different effects', () => {
    expect(duplicates(applied('m1'), applied('m1', { effect: 'mail' }), settled).verdict).toBe('holds')
  })

  it('holds when the store had lost the first effect', () => {
    expect(duplicates(applied('m1'), undone('m1'), applied('m1'), settled).verdict).toBe('holds')
  })

  it('is violated by every repetition that is left after the store lost one', () => {
    expect(duplicates(applied('m1'), applied('m1'), undone('m1'), applied('m1'), settled)).toMatchObject({
      verdict: 'violated',
      violations: 1,
    })
  })

  it('is unknown when nothing was applied', () => {
    expect(duplicates(handed('m1'), settled)).toMatchObject({ verdict: 'unknown', reason: 'billing applied nothing' })
  })
})

describe('no-duplicates from end to end', () => {
  const parcel = (message: string, operation: string) =>
    sent(message, { operation, service: 'packing', channel: 'parcels', node: 'packing-1' })
  const duplicates = (level: string, ...facts: Facts) => rowOf(facts, 'no-duplicates', level, chain, 'shop→shipping')

  it('is violated when an operation reached the far end by two messages', () => {
    const twice = [madeFrom('p1', 'm1'), parcel('p1', 'o'), madeFrom('p2', 'm1'), parcel('p2', 'o')]
    const handedOver = [handed('p1', { service: 'shipping' }), handed('p2', { service: 'shipping' })]
    expect(duplicates('delivery', ...stored('m1'), ...twice, ...handedOver, settled).verdict).toBe('violated')
    const row = rowOf(
      [...stored('m1'), ...twice, ...handedOver, settled],
      'no-duplicates',
      'delivery',
      chain,
      'shipping',
    )
    expect(row.verdict).toBe('holds')
  })

  it('holds when two things were made of one message', () => {
    const two = [madeFrom('p1', 'm1'), parcel('p1', 'o1'), madeFrom('p2', 'm1'), parcel('p2', 'o2')]
    const effects = [
      applied('p1', { operation: 'o1', service: 'shipping' }),
      applied('p2', { operation: 'o2', service: 'shipping' }),
    ]
    expect(duplicates('effect', ...stored('m1'), ...two, ...effects, settled)).toMatchObject({
      verdict: 'holds',
      judged: 2,
    })
  })

  it('is unknown when nothing of the origin arrived', () => {
    const foreign = [parcel('p9', 'p9'), applied('p9', { service: 'shipping' })]
    expect(duplicates('effect', ...stored('m1'), ...foreign, settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'shipping applied nothing on the way shop→shipping',
    })
  })
})
