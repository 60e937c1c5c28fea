import type { Micros } from './duration.ts'
import type { LinkProfile } from './link-profile.ts'
import { drawLatency } from './link-profile.ts'
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
  #connections = 0
  #busyUntil: Micros = 0
  readonly #datagramLatency: Random
  readonly #datagramLoss: Random
  readonly #datagramDuplication: Random

  constructor(name: string, profile: LinkProfile, random: Random) {
    this.name = name
    this.#profile = profile
    this.#random = random.fork(name)
    this.#datagramLatency = this.#random.fork('datagrams')
    this.#datagramLoss = this.#random.fork('datagrams/loss')
    this.#datagramDuplication = this.#random.fork('datagrams/duplication')
  }

  /** The streams of one more connection over this link: its n-th packet always gets the n-th draw. */
  openStreams(): { readonly latency: Random; readonly loss: Random } {
    const random = this.#random.fork(String(++this.#connections))
    return { latency: random, loss: random.fork('loss') }
  }

  addFault(fault: LinkFault): void {
    this.#faults.add(fault)
  }

  removeFault(fault: LinkFault): void {
    this.#faults.delete(fault)
  }

  /** The fact of a fault that this link is under, if any. */
  get faultFact(): number | undefined {
    for (const fault of this.#faults) return fault.fact
    return undefined
  }

  drawLatency(random: Random): Micros {
    let latency = drawLatency(this.#profile.latency, random)
    for (const fault of this.#faults) latency = Math.floor(latency * fault.slower) + fault.delay
    return latency
  }

  drawLoss(random: Random): boolean {
    let loss = this.#profile.loss
    for (const fault of this.#faults) loss += fault.loss
    return random.chance(loss)
  }

  /** When the last of `bytes` has left the host, which sends one thing after the other. */
  departure(now: Micros, bytes: number): Micros {
    const begin = Math.max(now, this.#busyUntil)
    this.#busyUntil = begin + Math.floor((bytes * 1_000_000) / this.#profile.bandwidth)
    return this.#busyUntil
  }

  /** The latencies at which the copies of one datagram arrive: none when it is lost, two when it is doubled. */
  drawDatagram(): readonly Micros[] {
    const latency = this.drawLatency(this.#datagramLatency)
    const lost = this.drawLoss(this.#datagramLoss)
    let duplication = this.#profile.duplication
    for (const fault of this.#faults) duplication += fault.duplication
    const doubled = this.#datagramDuplication.chance(duplication)
    if (lost) return []
    return doubled ? [latency, this.drawLatency(this.#datagramDuplication)] : [latency]
  }
}
