import type { Name } from './fact.ts'

interface NumberedRange {
  readonly prefix: string
  readonly first: number
  readonly count: number
}

/**
 * The texts of a history as numbers. Single texts count up from 0; a numbered range (`order-0` to `order-999999`) counts down from -1 and
 * is spelled only when somebody reads it, so that a million message names cost nothing.
 */
export class Names {
  readonly #texts: string[] = []
  readonly #digests: number[] = []
  readonly #numbers = new Map<string, Name>()
  readonly #ranges: NumberedRange[] = []
  #reserved = 0

  /** The number of a text; a text that a numbered range spells has the number of its place there. */
  intern(text: string): Name {
    const known = this.#numbers.get(text) ?? this.#placeInRange(text)
    if (known !== undefined) return known
    const name = this.#texts.push(text) - 1
    this.#digests.push(digestOf(text))
    this.#numbers.set(text, name)
    return name
  }

  /** Reserves `${prefix}-0` … `${prefix}-${count - 1}`; the name of number n is the returned name minus n. */
  reserve(prefix: string, count: number): Name {
    const first = -1 - this.#reserved
    this.#ranges.push({ prefix, first, count })
    this.#reserved += count
    return first
  }

  /** Whether a text has a number already. */
  has(text: string): boolean {
    return this.#numbers.has(text) || this.#placeInRange(text) !== undefined
  }

  text(name: Name): string {
    if (name >= 0) return this.#texts[name] ?? `?${name}`
    for (const range of this.#ranges) {
      const number = range.first - name
      if (number >= 0 && number < range.count) return `${range.prefix}-${number}`
    }
    return `?${name}`
  }

  /** 32 bits that depend on the text alone, not on when it was first seen. */
  digest(name: Name): number {
    return name < 0 ? name : (this.#digests[name] ?? 0)
  }

  #placeInRange(text: string): Name | undefined {
    const dash = text.lastIndexOf('-')
    const digits = text.slice(dash + 1)
    if (dash < 0 || !/^(0|[1-9]\d*)$/.test(digits)) return undefined
    const prefix = text.slice(0, dash)
    const range = this.#ranges.find((candidate) => candidate.prefix === prefix && Number(digits) < candidate.count)
    return range && range.first - Number(digits)
  }
}

function digestOf(text: string): number {
  let digest = 0x811c9dc5
  for (let place = 0; place < text.length; place++) digest = Math.imul(digest ^ text.charCodeAt(place), 0x01000193)
  return digest
}
