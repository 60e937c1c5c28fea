import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BloomFilter } from '../../../src/application/strategies/bloom-filter.ts'

const names = Array.from({ length: 200 }, (_, index) => `order-${index}`)

/** How many of the names that were not added it takes for added, after half of them were. */
function mistakenWith(bits: number, hashes: number): number {
  const filter = new BloomFilter(bits, hashes)
  for (const name of names.slice(0, 100)) filter.add(name)
  return names.slice(100).filter((name) => filter.mayHave(name)).length
}

describe('a Bloom filter', () => {
  it('has everything that was added', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.integer({ min: 8, max: 64 }),
        fc.integer({ min: 1, max: 16 }),
        (texts, bits, hashes) => {
          const filter = new BloomFilter(bits, hashes)
          for (const text of texts) filter.add(text)
          return texts.every((text) => filter.mayHave(text))
        },
      ),
    )
  })

  it('takes about as many for added as its size says', () => {
    // 100 names of 4 hashes in 1000 bits: (1 - e^(-0.4))^4 is 1.2 %; in 100 bits it is 93 %.
    expect(mistakenWith(1000, 4)).toBeLessThan(6)
    expect(mistakenWith(100, 4)).toBeGreaterThan(80)
  })
})
