const chunkBits = 16
const chunkSize = 1 << chunkBits
const chunkMask = chunkSize - 1
const firstSize = 64
/** A chunk of 65,536 comes of five such steps. */
const growth = 4

/** How many bits the numbers of a chunk take, as the power of two that this is. */
type Width = 3 | 4 | 5

interface Chunk {
  words: Int32Array
  width: Width
}

/**
 * A column of whole numbers of 32 bits that takes one, two or four bytes for each, as the numbers of a chunk of 65,536 need: most columns of a
 * history hold small numbers. Whatever their width, they are packed into words of 32 bits, because a place in the code that meets arrays of
 * three kinds is three times as slow. The plain version is an Int32Array, at twice the memory.
 */
export class IntColumn {
  readonly #chunks: Chunk[] = []
  #words: Int32Array = new Int32Array(firstSize >> 2)
  #width: Width = 3
  /** How far a number is shifted to the left and back to see whether it fits. */
  #unused = 24
  #capacity = firstSize
  #length = 0

  constructor() {
    this.#chunks.push({ words: this.#words, width: this.#width })
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    const place = this.#length & chunkMask
    if (place === this.#capacity || (place === 0 && this.#length > 0)) this.#grow()
    // Also true of a fraction and of what is no number.
    if ((value << this.#unused) >> this.#unused !== value) this.#widen(value, place)
    const bit = place << this.#width
    const word = bit >> 5
    // The bits were zero before; those that do not belong to the number are shifted out.
    this.#words[word] = (this.#words[word] ?? 0) | (((value << this.#unused) >>> this.#unused) << (bit & 31))
    this.#length++
  }

  /** The number at `index`; 0 beyond the end. */
  at(index: number): number {
    const chunk = this.#chunks[index >>> chunkBits]
    if (chunk === undefined || index >= this.#length) return 0
    return read(chunk, index & chunkMask)
  }

  #grow(): void {
    if (this.#capacity === chunkSize) {
      this.#begin(new Int32Array(chunkSize >> (5 - this.#width)))
      this.#chunks.push({ words: this.#words, width: this.#width })
    } else {
      const words = new Int32Array(this.#words.length * growth)
      words.set(this.#words)
      this.#begin(words)
      this.#chunks[this.#chunks.length - 1] = { words, width: this.#width }
    }
  }

  #begin(words: Int32Array): void {
    this.#words = words
    this.#capacity = words.length << (5 - this.#width)
  }

  /** Packs the numbers of the last chunk anew, so that `value` fits. */
  #widen(value: number, count: number): void {
    if ((value | 0) !== value) throw new RangeError(`A fact holds whole numbers of 32 bits; ${value} is none.`)
    const narrow: Chunk = { words: this.#words, width: this.#width }
    const capacity = this.#capacity
    this.#width = value >= -32_768 && value < 32_768 ? 4 : 5
    this.#unused = 32 - (1 << this.#width)
    this.#begin(new Int32Array(capacity >> (5 - this.#width)))
    const wide: Chunk = { words: this.#words, width: this.#width }
    for (let place = 0; place < count; place++) write(wide, place, read(narrow, place))
    this.#chunks[this.#chunks.length - 1] = wide
  }
}

function read({ words, width }: Chunk, place: number): number {
  const unused = 32 - (1 << width)
  const bit = place << width
  return ((words[bit >> 5] ?? 0) << (unused - (bit & 31))) >> unused
}

function write({ words, width }: Chunk, place: number, value: number): void {
  const unused = 32 - (1 << width)
  const bit = place << width
  words[bit >> 5] = (words[bit >> 5] ?? 0) | (((value << unused) >>> unused) << (bit & 31))
}
