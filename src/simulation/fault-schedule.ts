import type { Fault, FaultKind } from './fault.ts'
import type { Node } from './node.ts'
import type { FaultState } from './scheduled-fault.ts'
import { ScheduledFault } from './scheduled-fault.ts'
import type { World } from './world.ts'

/**
 * By the place of a fault in the schedule, the event before which it must strike: what rehearsals of the run found out for cuts `before` a
 * step. Event -1 is the start of the nodes.
 */
export type StrikesBefore = ReadonlyMap<number, number>

/** The faults of a run: lets each strike when its time or its fact comes, and ends it. */
export class FaultSchedule {
  readonly #entries: readonly ScheduledFault[]

  constructor(world: World, faults: readonly Fault[], kinds: readonly FaultKind[], strikesBefore: StrikesBefore) {
    const random = world.random.fork('faults')
    const sayings = new Map<string, number>()
    this.#entries = faults.map((fault, index) => {
      const kind = kinds.find((candidate) => candidate.name === fault.action)
      if (kind === undefined)
        throw new Error(`There is no fault named ${fault.action}; the scenario should have been refused.`)
      const saying = sayingOf(fault)
      const nth = (sayings.get(saying) ?? 0) + 1
      sayings.set(saying, nth)
      return new ScheduledFault(world, fault, kind, index, random.fork(`${saying}#${nth}`), strikesBefore.get(index))
    })
  }

  /** Starts to wait for the times and facts. */
  arm(): void {
    for (const entry of this.#entries) entry.arm()
  }

  /** Whether a fault must strike before this event. */
  hasStrikeBefore(event: number): boolean {
    return this.#entries.some((entry) => entry.belongsBefore(event))
  }

  strikeBefore(event: number): void {
    for (const entry of this.#entries) entry.strikeIfBefore(event)
  }

  get states(): readonly FaultState[] {
    return this.#entries.map((entry) => entry.state)
  }

  /** Whether a fault with a time or an end of its own is still to come or to end. */
  get unfinished(): boolean {
    return this.#entries.some((entry) => entry.unfinished)
  }

  /** Whether a fault holds that ends only with healing these nodes. */
  lastingOn(nodes: readonly Node[] | 'all'): boolean {
    return this.#entries.some((entry) => entry.lasting && entry.touches(nodes))
  }

  /** When a fault last struck or ended, µs. */
  get lastChange(): number {
    return Math.max(0, ...this.#entries.map((entry) => entry.lastChange))
  }

  /** Ends everything that still holds and strikes one of `nodes`. */
  heal(nodes: readonly Node[] | 'all'): void {
    for (const entry of this.#entries) if (entry.touches(nodes)) entry.end()
  }

  /** The run is over: what never struck is recorded as missed. */
  close(): void {
    for (const entry of this.#entries) entry.close()
  }
}

/** What a fault says about whom it strikes and when. Its draws are keyed by this, so that taking another fault away changes none of them. */
function sayingOf({ action, targets, strikes }: Fault): string {
  return JSON.stringify([action, targets, strikes])
}
