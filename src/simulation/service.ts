import type { Micros } from './duration.ts'
import type { Process } from './process.ts'
import type { Task } from './work.ts'

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

/** Requests that must not overtake one another, as those of a connection: what waits of them, and whether one is ready or being worked on. */
export class Lane {
  busy = false
  readonly behind: Request[] = []
}

/**
 * The queue in front of the k servers of a node. Requests are taken up in the order of arrival, but those of one lane (a connection) one after
 * the other.
 *
 * Only the head of a lane that nobody works on can be next: these heads wait in `#ready`, the rest behind them, lane by lane. The plain
 * version searches one list of all requests for the first whose lane is free.
 */
export class Service {
  readonly #profile: ServiceProfile
  readonly #instant: boolean
  readonly #ready: Request[] = []
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

  accept(process: Process, bytes: number, reaction: Task, lane: Lane, cause: number): void {
    if (this.#instant) {
      process.perform(reaction)
      return
    }
    const request = new Request(this, lane, this.#arrivals++, process, bytes, reaction, cause)
    this.#waiting++
    if (lane.busy) lane.behind.push(request)
    else {
      lane.busy = true
      this.#ready.push(request)
      this.#fill()
    }
  }

  /** A request is done, and its reaction has run. */
  finished(lane: Lane): void {
    this.#busy--
    this.#freeLane(lane)
    this.#fill()
  }

  /** The process died, and what it had accepted with it. */
  clear(): void {
    this.#ready.length = 0
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
    request.process.workFor(request.cause, duration, request)
  }

  /** The next of the lane gets ready, in its place by arrival. */
  #freeLane(lane: Lane): void {
    const next = lane.behind.shift()
    if (next === undefined) {
      lane.busy = false
      return
    }
    const place = this.#ready.findIndex((request) => request.arrival > next.arrival)
    this.#ready.splice(place < 0 ? this.#ready.length : place, 0, next)
  }
}

/** Something to be worked on. The reaction runs when the work is done, and the next of its lane is taken up. */
class Request implements Task {
  readonly arrival: number
  readonly process: Process
  readonly bytes: number
  readonly cause: number
  readonly #service: Service
  readonly #lane: Lane
  readonly #reaction: Task

  constructor(
    service: Service,
    lane: Lane,
    arrival: number,
    process: Process,
    bytes: number,
    reaction: Task,
    cause: number,
  ) {
    this.#service = service
    this.#lane = lane
    this.arrival = arrival
    this.process = process
    this.bytes = bytes
    this.#reaction = reaction
    this.cause = cause
  }

  run(): void {
    this.#reaction.run()
    this.#service.finished(this.#lane)
  }
}
