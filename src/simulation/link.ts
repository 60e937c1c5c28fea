import type { Micros } from './duration.ts'
import type { LinkProfile } from './link-profile.ts'
import { drawFrom } from './quantiles.ts'
import type { Random } from './random.ts'

/** What a fault does to a link while it lasts. */
export interface LinkFault {
  /** Latency × this. */
  readonly slower: number
  /** Added to every latency, µs. */
  readonly delay: Micros
  /** Probability of loss on top of the profile's. */
  readonly loss: number
  /** Probability that a datagram is doubled, on top of the profile's. */
  readonly duplication: number
  readonly fact: number
}

/** One direction between two hosts, shared by all that goes that way. */
export class Link {
  readonly name: string
  readonly #profile: LinkProfile
  readonly #random: Random
  readonly #faults = new Set<LinkFault>()
  readonly #streams = new Map<string, number>()
  /** Since when it has been sending without a break, and how many bytes: small packets take less than a µs each. */
  #busySince: Micros = 0
  #busyBytes = 0

  constructor(name: string, profile: LinkProfile, random: Random) {
    this.name = name
    this.#profile = profile
    this.#random = random.fork(name)
  }

  /** The draws of the next connection to `port` over this link: its n-th packet gets the same draws whatever became of the others. */
  openStream(port: string): LinkStream {
    const number = (this.#streams.get(port) ?? 0) + 1
    this.#streams.set(port, number)
    return new LinkStream(this, this.#random.fork(`${port}/${number}`))
  }

  addFault(fault: LinkFault): void {
    this.#faults.add(fault)
  }

  removeFault(fault: LinkFault): void {
    this.#faults.delete(fault)
  }

  /** Whether everything gets through in its usual time. */
  get isWell(): boolean {
    return this.#faults.size === 0 && this.#profile.loss === 0
  }

  /** The fact of a fault that this link is under, if any. */
  get faultFact(): number | undefined {
    for (const fault of this.#faults) return fault.fact
    return undefined
  }

  drawLatency(random: Random): Micros {
    let latency = drawFrom(this.#profile.latency, random)
    for (const fault of this.#faults) latency = Math.floor(latency * fault.slower) + fault.delay
    return latency
  }

  /** Probability that a packet is lost now. */
  get loss(): number {
    let loss = this.#profile.loss
    for (const fault of this.#faults) loss += fault.loss
    return loss
  }

  /** Probability that a datagram is doubled now. */
  get duplication(): number {
    let duplication = this.#profile.duplication
    for (const fault of this.#faults) duplication += fault.duplication
    return duplication
  }

  /** When the last of `bytes` has left the host, which sends one thing after the other. */
  departure(now: Micros, bytes: number): Micros {
    const { bandwidth } = this.#profile
    if (now >= this.#busySince + (this.#busyBytes * 1_000_000) / bandwidth) {
      this.#busySince = now
      this.#busyBytes = 0
    }
    this.#busyBytes += bytes
    return this.#busySince + Math.ceil((this.#busyBytes * 1_000_000) / bandwidth)
  }
}

/** What chance has in store for one connection, or for the datagrams of one port, on one link. */
export class LinkStream {
  readonly #link: Link
  readonly #random: Random
  readonly #latency: Random
  #packets = 0

  constructor(link: Link, random: Random) {
    this.#link = link
    this.#random = random
    this.#latency = random.fork('latency')
  }

  /** The number of the next packet of this stream. */
  nextPacket(): number {
    return this.#packets++
  }

  /** The latency of the next packet. */
  drawLatency(): Micros {
    return this.#link.drawLatency(this.#latency)
  }

  /** The latency of something that is no packet: an opening, the second copy of a datagram. */
  drawLatencyOf(what: string): Micros {
    return this.#link.drawLatency(this.#random.fork(what))
  }

  /** Whether this attempt to send a packet fails. Where that is certain, nothing is drawn. */
  drawLoss(packet: number | string, attempt: number): boolean {
    const { loss } = this.#link
    return loss > 0 && (loss >= 1 || this.#random.fork(`loss/${packet}/${attempt}`).chance(loss))
  }

  drawDuplication(packet: number): boolean {
    const { duplication } = this.#link
    return duplication > 0 && (duplication >= 1 || this.#random.fork(`duplication/${packet}`).chance(duplication))
  }
}
