import { describe, expect, it } from 'vitest'
import { noFact } from '../../src/history/fact.ts'
import { effectApplied } from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'
import { factPhrase } from '../../src/report/fact-phrase.ts'
import { countText, durationText, momentText, shareText, sizeText } from '../../src/report/quantities.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('a quantity for people', () => {
  it.each([
    [0, '0 µs'],
    [950, '950 µs'],
    [1_234, '1.23 ms'],
    [41_200, '41.2 ms'],
    [999_600, '1 s'],
    [59_940_000, '59.9 s'],
    [59_960_000, '1 min'],
    [3_725_000_000, '1 h 2 min 5 s'],
    [-1_500, '-1.5 ms'],
  ])('writes %i µs as %s', (micros, text) => {
    expect(plain(durationText(micros))).toBe(text)
  })

  it('writes moments in seconds, as the sentences of the checks do', () => {
    expect(plain(momentText(1_204_000))).toBe('1.204 s')
    expect(plain(momentText(204_512))).toBe('0.204512 s')
  })

  it('groups thousands, and rounds shares and sizes', () => {
    expect([countText(1_234_567), countText(999), plain(shareText(0.0512)), plain(sizeText(1_536))]).toEqual([
      '1,234,567',
      '999',
      '5.12 %',
      '1.5 KiB',
    ])
  })

  it('keeps a number and its unit on one line', () => {
    expect(durationText(1_000)).toBe('1\u00a0ms')
  })
})

it('a phrase ends before a preposition that has nothing to name', () => {
  const history = new History()
  const bill = { operation: 'o', effect: 'e', service: 's', key: '', version: 1, value: 1, attempt: 1 }
  const applied = { ...bill, message: 'order-1', consumer: 'billing' }
  history.record(effectApplied, 0, history.names.intern('billing'), { ...applied, store: '' }, noFact)
  history.record(effectApplied, 0, history.names.intern('billing'), { ...applied, store: 'ledger' }, noFact)
  expect([...history].map((fact) => factPhrase(history, fact))).toEqual([
    'billing applied order-1',
    'billing applied order-1 to ledger',
  ])
})
