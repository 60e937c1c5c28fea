import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { identityOf, identityOptions } from './identity.ts'
import { workThenEffect } from './none.ts'
import type { Strategy } from './strategy.ts'
import { skipped } from './strategy.ts'

const options = {
  ...identityOptions,
  bits: { type: 'count', fallback: 8192, minimum: 8, maximum: 2 ** 27, summary: 'How large it is.' },
  hashes: { type: 'count', fallback: 4, minimum: 1, maximum: 16, summary: 'How many bits stand for one id.' },
} as const satisfies OptionTable

export const bloomFilter: Strategy = {
  name: 'bloom-filter',
  summary: 'Remember a few bits of each id in the memory of the process.',
  why: 'It never takes for new what this process did, in little memory; but it takes some that are new for done, and loses them.',
  options,
  stores: {},
  writes: 'delta',
  start(_context, settings) {
    const { key, bits, hashes } = valuesOf(options, settings)
    const filter = new BloomFilter(bits, hashes)
    return function* handle(handling) {
      const id = identityOf(handling.ids, key)
      if (filter.mayHave(id)) return skipped('the filter has it')
      const outcome = yield* workThenEffect(handling)
      if (outcome.kind === 'done') filter.add(id)
      return outcome
    }
  },
}

/** A set that may claim to have what it has not, and never the other way round. */
export class BloomFilter {
  readonly #bits: Uint8Array
  readonly #hashes: number

  constructor(bits: number, hashes: number) {
    this.#bits = new Uint8Array(bits)
    this.#hashes = hashes
  }

  add(text: string): void {
    for (const place of this.#places(text)) this.#bits[place] = 1
  }

  mayHave(text: string): boolean {
    return this.#places(text).every((place) => this.#bits[place] === 1)
  }

  /** Two hashes make any number of them: the n-th is the first and n times the second. */
  #places(text: string): readonly number[] {
    const first = hashOf(text, 0x811c9dc5)
    const second = hashOf(text, 0x01000193) | 1
    return Array.from({ length: this.#hashes }, (_, index) => ((first + index * second) >>> 0) % this.#bits.length)
  }
}

/** FNV-1a, 32 bits, and a last mixing, without which texts that differ at their end have similar hashes. */
function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 15)) >>> 0
}
