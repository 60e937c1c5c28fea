import { describe, expect, it } from 'vitest'
import { acknowledged, ended, handed, put, remained, rowOf, settled, stored } from './telling.ts'

describe('all-settled', () => {
  const liveness = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'all-settled', 'run')

  it('holds when the run settled', () => {
    expect(liveness(...stored('m1'), handed('m1'), settled)).toMatchObject({
      service: 'run',
      verdict: 'holds',
      judged: 1,
    })
  })

  it('is violated when the run got stuck, by every message that waits', () => {
    const row = liveness(...stored('m1'), put(1, 'm1'), remained(1, 'm1', 'orders', 'processing'), ended('stuck', 'm1'))
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, reason: 'the run got stuck, waiting for m1' })
    expect(row.witnesses.map(({ item, sentence }) => [item, sentence])).toEqual([
      ['m1', 'm1 was still in orders (processing) at 0.003 s, when the run got stuck, waiting for m1.'],
    ])
  })

  it('does not blame parked messages', () => {
    const row = liveness(...stored('m1'), remained(1, 'm1', 'orders-dead'), ended('stuck', 'the desk of billing'))
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
    expect(row.witnesses[0]?.sentence).toBe('The run got stuck, waiting for the desk of billing.')
  })

  it('blames in a log, where everything remains, what one of its receivers has not acknowledged', () => {
    const done = (message: string) => [handed(message), acknowledged(message)]
    const facts = [...stored('m1'), ...stored('m2'), put(1, 'm1'), put(2, 'm2')]
    const kept = [remained(1, 'm1'), remained(2, 'm2'), ended('stuck', 'm2')]
    const row = liveness(...facts, ...done('m1'), handed('m2'), ...kept)
    expect(row).toMatchObject({ violations: 1, counts: { remained: 1 } })
    expect(row.witnesses.map(({ item }) => item)).toEqual(['m2'])
    const audit = handed('m2', { service: 'audit', node: 'audit-1' })
    const both = liveness(...facts, ...done('m1'), ...done('m2'), audit, ...kept)
    expect(both.witnesses.map(({ item }) => item)).toEqual(['m1', 'm2'])
  })

  it('blames everything that remained where all that was handed out is acknowledged', () => {
    const facts = [...stored('m1'), put(1, 'm1'), handed('m1'), acknowledged('m1')]
    expect(liveness(...facts, remained(1, 'm1'), ended('stuck')).witnesses.map(({ item }) => item)).toEqual(['m1'])
  })

  it.each(['bound', 'stopped'])('is unknown when the run ended by %s', (ending) => {
    expect(liveness(...stored('m1'), ended(ending)).verdict).toBe('unknown')
  })

  it('is unknown when nothing was sent', () => {
    expect(liveness(settled)).toMatchObject({ verdict: 'unknown', reason: 'nothing was sent' })
  })
})
