import { describe, expect, it } from 'vitest'
import { applied, chain, ended, handed, madeFrom, rowOf, sent, settled, stored, told } from './telling.ts'

type Facts = Parameters<typeof rowOf>[0]

describe('no-invention', () => {
  const invention = (level: string, ...facts: Facts) => rowOf(facts, 'no-invention', level)

  it('holds when everything that came was sent', () => {
    const facts = [...stored('m1'), handed('m1'), applied('m1'), settled]
    expect(invention('delivery', ...facts)).toMatchObject({ verdict: 'holds', judged: 1 })
    expect(invention('effect', ...facts).verdict).toBe('holds')
  })

  it('is violated by a message that nobody sent', () => {
    const row = invention('delivery', handed('m9'), handed('m9'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, counts: { unsent: 1, rejected: 0 } })
    expect(row.witnesses[0]?.sentence).toBe('billing was handed m9 (billing-1 at 0.000 s), but nobody ever sent m9.')
  })

  it('is violated by an effect that nobody asked for', () => {
    expect(invention('effect', applied('m9'), settled).witnesses[0]?.sentence).toBe(
      'billing applied m9 (billing-1 at 0.000 s), but nobody ever sent m9.',
    )
  })

  it('is violated by a message that was refused and came all the same', () => {
    const row = invention('delivery', sent('m1'), told('m1', 'rejected'), handed('m1'), settled)
    expect(row).toMatchObject({ verdict: 'violated', counts: { unsent: 0, rejected: 1 } })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing was handed m1 (billing-1 at 0.002 s), although its producer was told that m1 was refused (at 0.001 s).',
    )
  })

  it('is violated when the refusal comes after the message', () => {
    expect(invention('delivery', sent('m1'), handed('m1'), told('m1', 'rejected'), settled).verdict).toBe('violated')
  })

  it('allows an effect of an operation of which only one message was refused', () => {
    const again = sent('m2', { operation: 'm1' })
    const facts = [sent('m1'), told('m1', 'rejected'), again, applied('m2', { operation: 'm1' }), settled]
    expect(invention('effect', ...facts).verdict).toBe('holds')
  })

  it('allows a refused message that was sent once more', () => {
    expect(invention('delivery', sent('m1'), told('m1', 'rejected'), sent('m1'), handed('m1'), settled).verdict).toBe(
      'holds',
    )
  })

  it('allows a message of which another send was never answered', () => {
    const replayed = [sent('m1'), sent('m1'), told('m1', 'rejected')]
    expect(invention('delivery', ...replayed, handed('m1'), settled).verdict).toBe('holds')
    expect(invention('delivery', ...replayed, told('m1', 'rejected'), handed('m1'), settled).verdict).toBe('violated')
  })

  it('allows a message whose outcome nobody knows', () => {
    expect(invention('delivery', sent('m1'), told('m1', 'unknown'), handed('m1'), settled).verdict).toBe('holds')
  })

  it('is unknown when nothing came, or the run was cut off', () => {
    expect(invention('delivery', ...stored('m1'), settled).verdict).toBe('unknown')
    expect(invention('delivery', ...stored('m1'), handed('m1'), ended('bound')).verdict).toBe('unknown')
  })

  it('is violated from end to end by what was made of a message that nobody sent', () => {
    const parcel = sent('p1', { service: 'packing', channel: 'parcels' })
    const facts = [madeFrom('p1', 'm9'), parcel, applied('p1', { service: 'shipping' }), settled]
    expect(rowOf(facts, 'no-invention', 'effect', chain, 'shop→shipping').witnesses[0]?.sentence).toBe(
      'shipping applied p1, which goes back to m9 (billing-1 at 0.002 s), but nobody ever sent m9.',
    )
    expect(rowOf(facts, 'no-invention', 'effect', chain, 'shipping').verdict).toBe('holds')
  })
})
