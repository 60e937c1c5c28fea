import type { Micros } from './duration.ts'
import type { Process } from './process.ts'

/** How a node works off what arrives. */
export interface ServiceProfile {
  /** How many requests it works on at the same time; the others wait in the order of arrival. */
  readonly servers: number
  /** µs of work for each request. */
  readonly perRequest: Micros
  /** µs of work for each KiB of a request. */
  readonly perKibibyte: Micros
}

/** A node that answers at once: for programs whose time is spent elsewhere. */
export const instantService: ServiceProfile = { servers: 1, perRequest: 0, perKibibyte: 0 }

interface Request {
  readonly arrival: number
  readonly process: Process
  readonly bytes: number
  readonly react: () => void
  readonly lane: unknown
  readonly cause: number
}

/**
 * The queue in front of the k servers of a node. Requests are taken up in the order of arrival, but those of one lane (a connection) one after
 * the other, so that none overtakes another of its lane.
 *
 * Only the head of a lane that nobody works on can be next: these heads wait in `#ready`, the rest behind them, lane by lane. The plain
 * version searches one list of all requests for the first whose lane is free.
 */
export class Service {
  readonly #profile: ServiceProfile
  readonly #instant: boolean
  readonly #ready: Request[] = []
  /** By lane: what waits behind a request that is ready or being worked on. */
  readonly #behind = new Map<unknown, Request[]>()
  #arrivals = 0
  #busy = 0
  #waiting = 0

  constructor(profile: ServiceProfile) {
    this.#profile = profile
    this.#instant = profile.perRequest === 0 && profile.perKibibyte === 0
  }

  /** Requests that wait or are being worked on. */
  get load(): number {
    return this.#busy + this.#waiting
  }

  accept(process: Process, bytes: number, react: () => void, lane: unknown, cause: number): void {
    if (this.#instant) {
      process.step(react)
      return
    }
    const request = { arrival: this.#arrivals++, process, bytes, react, lane, cause }
    const behind = this.#behind.get(lane)
    this.#waiting++
    if (behind !== undefined) behind.push(request)
    else {
      this.#behind.set(lane, [])
      this.#ready.push(request)
      this.#fill()
    }
  }

  /** The process died, and what it had accepted with it. */
  clear(): void {
    this.#ready.length = 0
    this.#behind.clear()
    this.#busy = 0
    this.#waiting = 0
  }

  #fill(): void {
    while (this.#busy < this.#profile.servers) {
      const request = this.#ready.shift()
      if (request === undefined) return
      this.#begin(request)
    }
  }

  #begin(request: Request): void {
    this.#busy++
    this.#waiting--
    const duration = this.#profile.perRequest + Math.ceil((this.#profile.perKibibyte * request.bytes) / 1024)
    request.process.workFor(request.cause, duration, () => {
      request.react()
      this.#busy--
      this.#freeLane(request.lane)
      this.#fill()
    })
  }

  /** The next of the lane gets ready, in its place by arrival. */
  #freeLane(lane: unknown): void {
    const next = this.#behind.get(lane)?.shift()
    if (next === undefined) {
      this.#behind.delete(lane)
      return
    }
    const place = this.#ready.findIndex((request) => request.arrival > next.arrival)
    this.#ready.splice(place < 0 ? this.#ready.length : place, 0, next)
  }
}
