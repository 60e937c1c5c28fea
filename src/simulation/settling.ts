import type { Micros } from './duration.ts'
import { millisecond, second } from './duration.ts'
import type { EventTarget } from './event-queue.ts'
import type { Node } from './node.ts'
import { isToBeTriedAgain, isUnderWay, slowestUnderWay } from './under-way.ts'
import type { World } from './world.ts'

const lookDue = 12
const shortestLook: Micros = 100 * millisecond
const longestLook: Micros = second
/** Those who never stop asking one another always have something under way: nobody waits longer for that. */
const longestChatter: Micros = 10 * second

/** Somebody whose work a run waits for: a workload, a system, a service. */
export interface Participant {
  readonly name: string
  /** What it still has to do by itself before faults are healed, or nothing: a workload with messages to send. */
  busyWith(): string | undefined
  /** Whose fate is not final yet, for people, or nothing. */
  waitingFor(): string | undefined
  /** µs without any progress after which waiting longer is pointless: its longest relevant time-out. */
  readonly patience: Micros
}

/** How a run ended. Only `bound` leaves verdicts open: had it gone on, more might have happened. */
export type Ending = 'settled' | 'stuck' | 'bound'

export interface SettlingOptions {
  /** µs between the last fault (or the end of the workload) and the healing of faults that have no end of their own. */
  readonly healAfter: Micros
  /** Targets that are healed; the others stay as the faults left them. */
  readonly heal: 'all' | readonly string[]
  /** The run stops at this virtual time, whatever happens. */
  readonly bound: Micros
}

export const settlingDefaults: SettlingOptions = { healAfter: 10 * second, heal: 'all', bound: 3600 * second }

/** Looks, at growing intervals of virtual time, whether the run is over, and heals when it is time to. */
export class Settling implements EventTarget {
  readonly number = -2
  readonly #world: World
  readonly #options: SettlingOptions
  readonly #mostEvents: number
  #interval = shortestLook
  #progressSeen = 0
  #lastProgress: Micros = 0
  #calmSince: Micros | undefined

  /** With so many events a run is at its bound, whatever its virtual time; looked at when it is looked whether the run is over. */
  constructor(world: World, options: SettlingOptions, mostEvents: number) {
    this.#world = world
    this.#options = options
    this.#mostEvents = mostEvents
  }

  begin(): void {
    this.#world.engine.schedule(this.#interval, this, lookDue, undefined)
  }

  occur(): void {
    this.#noticeProgress()
    const ending = this.#ending()
    if (ending !== undefined) this.#world.end(ending, this.#waitingFor())
    else this.#world.engine.schedule(this.#nextLook(), this, lookDue, undefined)
  }

  #noticeProgress(): void {
    const { progress, engine } = this.#world
    const moved = progress !== this.#progressSeen
    this.#interval = moved ? shortestLook : Math.min(longestLook, this.#interval * 2)
    if (moved) this.#lastProgress = engine.now
    this.#progressSeen = progress
  }

  /** While faults are still to come nothing but the bound ends the run, and until something happens there is nothing new to see. */
  #nextLook(): Micros {
    const { engine, schedule } = this.#world
    const quiet = schedule.unfinished ? (engine.nextTime() ?? engine.now) - engine.now : 0
    return Math.max(1, Math.min(Math.max(this.#interval, quiet), this.#options.bound - engine.now))
  }

  #ending(): Ending | undefined {
    const { engine, schedule } = this.#world
    if (engine.now >= this.#options.bound || engine.dispatched >= this.#mostEvents) return 'bound'
    if (schedule.unfinished) return undefined
    if (this.#lasting) {
      this.#healWhenCalm()
      return undefined
    }
    const busy = this.#world.participants.some((participant) => participant.busyWith() !== undefined)
    if (busy || this.#waitingFor() !== '') return this.#isInVain(this.#patience) ? 'stuck' : undefined
    return !isUnderWay(this.#world.nodes) || this.#isInVain(longestChatter) ? 'settled' : undefined
  }

  /** Whether nothing has progressed for that long, nor for longer than whatever may still bring it takes. */
  #isInVain(patience: Micros): boolean {
    const { engine, schedule, nodes } = this.#world
    const quiet = engine.now - Math.max(this.#lastProgress, schedule.lastChange)
    return quiet > patience && quiet > 2 * slowestUnderWay(nodes) && !isToBeTriedAgain(nodes)
  }

  /** Whether something is still to be healed. Faults that nobody is asked to heal stay; waiting for them would never end. */
  get #lasting(): boolean {
    return this.#world.schedule.lastingOn(this.#toHeal)
  }

  #healWhenCalm(): void {
    const { engine, schedule, participants } = this.#world
    const busy = participants.some((participant) => participant.busyWith() !== undefined)
    const idle = engine.now - this.#lastProgress > this.#options.healAfter
    if (busy && !idle) {
      this.#calmSince = undefined
      return
    }
    this.#calmSince ??= engine.now
    if (engine.now - Math.max(this.#calmSince, schedule.lastChange) < this.#options.healAfter) return
    schedule.heal(this.#toHeal)
    this.#calmSince = undefined
  }

  get #toHeal(): readonly Node[] | 'all' {
    const { heal } = this.#options
    return heal === 'all' ? heal : heal.flatMap((target) => this.#world.targets.every(target))
  }

  #waitingFor(): string {
    return this.#world.participants
      .flatMap((participant) => participant.busyWith() ?? participant.waitingFor() ?? [])
      .join('; ')
  }

  get #patience(): Micros {
    return Math.max(longestLook, ...this.#world.participants.map((participant) => participant.patience))
  }
}
