import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBandwidth,
  formatDuration,
  formatProbability,
  formatRate,
  formatSize,
  parseBandwidth,
  parseDrift,
  parseDuration,
  parseFactor,
  parseNumber,
  parseProbability,
  parseRate,
  parseSize,
  roundDuration,
} from '../../src/scenario/quantity.ts'

describe('a duration', () => {
  it.each([
    ['5ms', 5_000],
    ['2s', 2_000_000],
    ['1.5 min', 90_000_000],
    ['45 s', 45_000_000],
    ['500us', 500],
    ['500 µs', 500],
    ['500 μs', 500],
    ['1 h 30 min', 5_400_000_000],
    ['1h30min', 5_400_000_000],
    ['2 days', 172_800_000_000],
    ['0', 0],
    ['0ms', 0],
    ['-2s', -2_000_000],
    ['1_000ms', 1_000_000],
    ['1e3 ms', 1_000_000],
    ['1.1ms', 1_100],
    ['0.3s', 300_000],
    ['16.000001s', 16_000_001],
    ['.5s', 500_000],
    ['5MS', 5_000],
  ])('%s is %i µs', (text, micros) => {
    expect(parseDuration(text)).toBe(micros)
  })

  it.each([
    '',
    '5',
    'ms',
    '5 m',
    '5 parsecs',
    '5ms later',
    'five ms',
    '5ms -2s',
    '0.5us',
    '1e999s',
    '1.2.3s',
    '--5ms',
    '5msms',
    'Infinity s',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('is written so that it is read as the same number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (micros) => {
        expect(parseDuration(formatDuration(micros))).toBe(micros === 0 ? 0 : micros)
      }),
    )
  })

  it('is written the same way for round numbers of any unit', () => {
    const units = fc.constantFrom(1, 1_000, 1_000_000, 60_000_000, 3_600_000_000)
    fc.assert(
      fc.property(units, fc.nat(100_000), (unit, count) => {
        expect(parseDuration(formatDuration(unit * count))).toBe(unit * count)
      }),
    )
  })

  it.each([
    [0, '0s'],
    [5_000, '5ms'],
    [1_500, '1.5ms'],
    [2_000_000, '2s'],
    [90_000_000, '1.5min'],
    [95_000_000, '95s'],
    [3_600_000_000, '1h'],
    [86_400_000_000, '1d'],
    [1_234_567, '1234.567ms'],
    [999, '999us'],
    [-2_000, '-2ms'],
    [1, '1us'],
  ])('of %i µs is written %s', (micros, text) => {
    expect(formatDuration(micros)).toBe(text)
  })

  it('can be rounded for people', () => {
    expect(formatDuration(roundDuration(1_234_567))).toBe('1.23s')
    expect(roundDuration(12)).toBe(12)
    expect(roundDuration(0)).toBe(0)
  })
})

describe('other quantities', () => {
  it.each([
    ['100/s', 100],
    ['6000/min', 100],
    ['1/h', 1 / 3600],
    ['100', 100],
    ['100 per second', 100],
    ['2/ms', 2000],
  ])('the rate %s is %d a second', (text, rate) => {
    expect(parseRate(text)).toBe(rate)
  })

  it.each([
    ['1 KiB', 1024],
    ['10kB', 10_000],
    ['10 KB', 10_000],
    ['512', 512],
    ['512 B', 512],
    ['1.5 MiB', 1_572_864],
    ['2gb', 2_000_000_000],
  ])('the size %s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each([
    ['5%', 0.05],
    ['0.05', 0.05],
    ['0.1 %', 0.001],
    ['100%', 1],
  ])('the probability %s is %d', (text, share) => {
    expect(parseProbability(text)).toBe(share)
  })

  it('knows factors, drifts and bandwidths', () => {
    expect([parseFactor('10'), parseFactor('10x'), parseFactor('1.5 ×')]).toEqual([10, 10, 1.5])
    expect([parseDrift('50 ppm'), parseDrift('2ms/s'), parseDrift('-3'), parseDrift('2 ms')]).toEqual([
      50,
      2000,
      -3,
      undefined,
    ])
    expect([parseBandwidth('10 MB/s'), parseBandwidth('1 Gbit/s'), parseBandwidth('unlimited')]).toEqual([
      10_000_000,
      125_000_000,
      Infinity,
    ])
  })

  it.each(['', '/s', 'fast', '100/fortnight', '1/2/s', 'NaN/s', 'Infinity'])('%j is no rate', (text) => {
    expect(parseRate(text)).toBeUndefined()
  })

  it.each(['0.5 B', '1.0001 KiB', '', 'KiB', '1 KiBs', '9e99 GB'])('%j is no size', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })

  it('is written so that it is read as the same number', () => {
    const positive = fc.double({ min: 0, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(positive, fc.maxSafeInteger(), fc.double({ min: 0, max: 1, noNaN: true }), (rate, size, share) => {
        expect(parseRate(formatRate(rate))).toBe(rate)
        expect(parseSize(formatSize(Math.abs(size)))).toBe(Math.abs(size))
        expect(parseBandwidth(formatBandwidth(Math.abs(size)))).toBe(Math.abs(size))
        expect(parseProbability(formatProbability(share))).toBe(share)
      }),
    )
  })

  it('never fails on a text, and never answers what is no number', () => {
    const parsers = [
      parseDuration,
      parseRate,
      parseSize,
      parseProbability,
      parseFactor,
      parseDrift,
      parseBandwidth,
      parseNumber,
    ]
    const numeric = fc.stringMatching(/^[-+0-9._e ]{0,12}(ms|s|us|\/s|%|KiB|x| min)?$/)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), numeric), (text) => {
        for (const parser of parsers) {
          const value = parser(text)
          expect(
            value === undefined || Number.isFinite(value) || (value === Infinity && parser === parseBandwidth),
          ).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
