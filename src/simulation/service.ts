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
  readonly process: Process
  readonly bytes: number
  readonly react: () => void
  /** Requests of one lane (a connection) are worked on one after the other, so that none overtakes. */
  readonly lane: unknown
}

/** The queue in front of the k servers of a node. */
export class Service {
  readonly #profile: ServiceProfile
  readonly #waiting: Request[] = []
  readonly #busyLanes = new Set<unknown>()
  #busy = 0

  constructor(profile: ServiceProfile) {
    this.#profile = profile
  }

  /** Requests that wait or are being worked on. */
  get load(): number {
    return this.#busy + this.#waiting.length
  }

  accept(process: Process, bytes: number, react: () => void, lane: unknown): void {
    const { perRequest, perKibibyte, servers } = this.#profile
    const request = { process, bytes, react, lane }
    if (perRequest === 0 && perKibibyte === 0) process.step(react)
    else if (this.#busy < servers && !this.#busyLanes.has(lane)) this.#begin(request)
    else this.#waiting.push(request)
  }

  /** The process died, and what it had accepted with it. */
  clear(): void {
    this.#waiting.length = 0
    this.#busyLanes.clear()
    this.#busy = 0
  }

  #begin(request: Request): void {
    this.#busy++
    this.#busyLanes.add(request.lane)
    const duration = this.#profile.perRequest + Math.ceil((this.#profile.perKibibyte * request.bytes) / 1024)
    request.process.work(duration, () => {
      this.#busy--
      this.#busyLanes.delete(request.lane)
      request.react()
      if (request.process.alive) this.#next()
    })
  }

  #next(): void {
    const place = this.#waiting.findIndex((request) => !this.#busyLanes.has(request.lane))
    const [request] = place < 0 ? [] : this.#waiting.splice(place, 1)
    if (request !== undefined) this.#begin(request)
  }
}
