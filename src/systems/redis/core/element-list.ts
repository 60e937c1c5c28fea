import type { Bulk } from './bulk.ts'
import { bytesOf, isSame } from './bulk.ts'
import type { End } from './list-command.ts'

/** A list: constant time at both ends, in a ring that doubles when it is full. The plain version is an array. */
export class ElementList {
  readonly type = 'list'
  #ring: (Bulk | undefined)[] = new Array<Bulk | undefined>(smallestRing)
  #head = 0
  #length = 0
  #bytes = 0

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  at(place: number): Bulk | undefined {
    return place >= 0 && place < this.#length ? this.#ring[this.#slot(place)] : undefined
  }

  push(element: Bulk, end: End): void {
    if (this.#length === this.#ring.length) this.#grow()
    if (end === 'LEFT') this.#head = this.#slot(this.#ring.length - 1)
    this.#length++
    this.#ring[this.#slot(end === 'LEFT' ? 0 : this.#length - 1)] = element
    this.#bytes += bytesOf(element) + elementOverhead
  }

  pop(end: End): Bulk | undefined {
    if (this.#length === 0) return undefined
    const slot = this.#slot(end === 'LEFT' ? 0 : this.#length - 1)
    const element = this.#ring[slot]
    this.#ring[slot] = undefined
    if (end === 'LEFT') this.#head = this.#slot(1)
    this.#length--
    if (element !== undefined) this.#bytes -= bytesOf(element) + elementOverhead
    return element
  }

  /** The elements from one place to another, both included. */
  slice(start: number, stop: number): Bulk[] {
    const elements: Bulk[] = []
    for (let place = Math.max(0, start); place <= stop; place++) {
      const element = this.at(place)
      if (element === undefined) break
      elements.push(element)
    }
    return elements
  }

  /** Removes up to `most` elements that are the same as this one, from the left or from the right; returns how many. */
  remove(element: Bulk, most: number, from: End): number {
    const all = [...this]
    if (from === 'RIGHT') all.reverse()
    let removed = 0
    const kept = all.filter((each) => removed === most || !isSame(each, element) || (removed++, false))
    if (from === 'RIGHT') kept.reverse()
    this.#replace(kept)
    return removed
  }

  /** Keeps the elements from one place to another alone; returns the others. */
  trim(start: number, stop: number): readonly Bulk[] {
    const all = [...this]
    this.#replace(all.slice(start, stop + 1))
    return [...all.slice(0, start), ...all.slice(Math.max(start, stop + 1))]
  }

  copy(): ElementList {
    const copy = new ElementList()
    copy.#ring = this.#ring.slice()
    copy.#head = this.#head
    copy.#length = this.#length
    copy.#bytes = this.#bytes
    return copy
  }

  *[Symbol.iterator](): Generator<Bulk> {
    for (let place = 0; place < this.#length; place++) {
      const element = this.#ring[this.#slot(place)]
      if (element !== undefined) yield element
    }
  }

  #replace(elements: readonly Bulk[]): void {
    this.#ring = new Array<Bulk | undefined>(smallestRing)
    this.#head = 0
    this.#length = 0
    this.#bytes = 0
    for (const element of elements) this.push(element, 'RIGHT')
  }

  #slot(place: number): number {
    return (this.#head + place) & (this.#ring.length - 1)
  }

  #grow(): void {
    const ring = new Array<Bulk | undefined>(this.#ring.length * 2)
    for (let place = 0; place < this.#length; place++) ring[place] = this.#ring[this.#slot(place)]
    this.#ring = ring
    this.#head = 0
  }
}

/** A power of two, as every later size is. */
const smallestRing = 16
/** Bytes beside the content, roughly. */
const elementOverhead = 8
