import type { Packet } from './packet.ts'

/** The packets of a direction that have not arrived, in the order of sending. */
export class PacketQueue {
  #packets: Packet[] = []
  #head = 0

  get length(): number {
    return this.#packets.length - this.#head
  }

  get first(): Packet | undefined {
    return this.#packets[this.#head]
  }

  push(packet: Packet): void {
    this.#packets.push(packet)
  }

  unshift(packet: Packet): void {
    this.#replace([packet, ...this.waiting()])
  }

  /** Takes the first one out. Room is given back in halves, so that this costs the same however many wait. */
  shift(): void {
    this.#head++
    if (this.#head === this.#packets.length) this.clear()
    else if (this.#head > 64 && this.#head * 2 > this.#packets.length) this.#replace(this.waiting())
  }

  waiting(): Packet[] {
    return this.#packets.slice(this.#head)
  }

  /** Takes out the first packet that meets the condition and all behind it. */
  cutFrom(condition: (packet: Packet) => boolean): readonly Packet[] {
    const packets = this.waiting()
    const place = packets.findIndex(condition)
    const cut = place < 0 ? [] : packets.splice(place)
    this.#replace(packets)
    return cut
  }

  clear(): void {
    // Setting the length of a short list to 0 takes longer.
    while (this.#packets.length > 0) this.#packets.pop()
    this.#head = 0
  }

  #replace(packets: Packet[]): void {
    this.#packets = packets
    this.#head = 0
  }
}
