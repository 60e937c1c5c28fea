const chunkBits = 16
const chunkSize = 1 << chunkBits
const chunkMask = chunkSize - 1
const firstSize = 256
/** A chunk of 65,536 comes of three such steps. */
const growth = 4

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/**
 * A column of numbers. The first chunk grows until it holds 65,536, so that a small run allocates little; from there on the column grows by
 * whole chunks, so that growing copies nothing and ten million facts waste less than one chunk.
 * The plain version would be `number[]`, at two to three times the memory.
 */
export class Column<A extends NumberArray> {
  readonly #allocate: (size: number) => A
  readonly #chunks: A[] = []
  #last: A
  #length = 0

  constructor(allocate: (size: number) => A) {
    this.#allocate = allocate
    this.#last = allocate(firstSize)
    this.#chunks.push(this.#last)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    const place = this.#length & chunkMask
    if (place === this.#last.length || (place === 0 && this.#length > 0)) this.#grow()
    this.#last[place] = value
    this.#length++
  }

  /** The number at `index`; 0 beyond the end. */
  at(index: number): number {
    return this.#chunks[index >>> chunkBits]?.[index & chunkMask] ?? 0
  }

  #grow(): void {
    const full = this.#last.length === chunkSize
    const next = this.#allocate(full ? chunkSize : this.#last.length * growth)
    if (!full) {
      next.set(this.#last)
      this.#chunks.pop()
    }
    this.#chunks.push(next)
    this.#last = next
  }
}
