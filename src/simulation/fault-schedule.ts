import type { AnyFact } from '../history/fact.ts'
import { faultEnded, faultMissed, faultStruck } from '../history/facts.ts'
import type { Anchor, Fault, FaultCut, FaultKind, ParameterValue } from './fault.ts'
import type { EventTarget } from './event-queue.ts'
import type { Node, Undo } from './node.ts'
import type { World } from './world.ts'

const strikeDue = 10
const endDue = 11

/** What became of a fault of the schedule. */
export type FaultState = 'waiting' | 'active' | 'over' | 'missed'

/** A fault that must strike before an event: what a rehearsal of the run found out for a cut `before`. */
export type StrikesBefore = ReadonlyMap<number, number>

/** The faults of a run: lets each strike when its time or its fact comes, and ends it. */
export class FaultSchedule {
  readonly #world: World
  readonly #entries: readonly ScheduledFault[]

  constructor(world: World, faults: readonly Fault[], kinds: readonly FaultKind[], strikesBefore: StrikesBefore) {
    this.#world = world
    this.#entries = faults.map((fault, index) => {
      const kind = kinds.find((candidate) => candidate.name === fault.action)
      if (kind === undefined)
        throw new Error(`There is no fault named ${fault.action}; the scenario should have been refused.`)
      return new ScheduledFault(world, fault, kind, index, strikesBefore.get(index))
    })
  }

  /** Starts to wait for the times and facts. */
  arm(): void {
    for (const entry of this.#entries) entry.arm()
  }

  /** The first event before which a fault must strike, or `undefined`. */
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

  /** Whether a fault holds that ends only with healing. */
  get lasting(): boolean {
    return this.#entries.some((entry) => entry.lasting)
  }

  /** When a fault last struck or ended, µs. */
  get lastChange(): number {
    return Math.max(0, ...this.#entries.map((entry) => entry.lastChange))
  }

  /** Ends everything that still holds, or, of the lasting faults, those that strike one of `nodes`. */
  heal(nodes: readonly Node[] | 'all'): void {
    for (const entry of this.#entries) entry.heal(nodes)
  }

  /** The run is over: what never struck is recorded as missed. */
  close(): void {
    for (const entry of this.#entries) if (entry.state === 'waiting') entry.miss('what it waited for never happened')
  }

  /** Whether a fault still waits for something to happen. */
  get waiting(): boolean {
    return this.#entries.some((entry) => entry.state === 'waiting')
  }

  get world(): World {
    return this.#world
  }
}

class ScheduledFault implements EventTarget {
  readonly number = -1
  readonly #world: World
  readonly #fault: Fault
  readonly #kind: FaultKind
  readonly #index: number
  readonly #beforeEvent: number | undefined
  #seen = 0
  #nodes: readonly Node[] = []
  #undo: Undo | undefined
  state: FaultState = 'waiting'
  lastChange = 0

  constructor(world: World, fault: Fault, kind: FaultKind, index: number, beforeEvent: number | undefined) {
    this.#world = world
    this.#fault = fault
    this.#kind = kind
    this.#index = index
    this.#beforeEvent = beforeEvent
  }

  get unfinished(): boolean {
    return (
      (this.state === 'waiting' && 'at' in this.#fault.strikes) ||
      (this.state === 'active' && this.#fault.duration !== undefined)
    )
  }

  get lasting(): boolean {
    return this.state === 'active' && this.#fault.duration === undefined
  }

  arm(): void {
    const { strikes } = this.#fault
    if ('at' in strikes) this.#world.engine.schedule(strikes.at, this, strikeDue, undefined)
    else if (this.#beforeEvent === undefined) {
      this.#world.listen(strikes.when.fact, (fact) => this.#factHappened(fact, strikes.when, strikes.cut))
    }
  }

  occur(code: number): void {
    if (code === strikeDue) this.#strike()
    else this.#end()
  }

  strikeIfBefore(event: number): void {
    if (this.#beforeEvent === event) this.#strike()
  }

  heal(nodes: readonly Node[] | 'all'): void {
    if (this.state === 'active' && (nodes === 'all' || this.#nodes.some((node) => nodes.includes(node)))) this.#end()
  }

  miss(reason: string): void {
    this.state = 'missed'
    this.#world.recordOfRun(faultMissed, { fault: this.#index, action: this.#fault.action, reason })
  }

  #factHappened(fact: AnyFact, anchor: Anchor, cut: FaultCut): void {
    if (this.state !== 'waiting' || !this.#matches(fact, anchor)) return
    if (++this.#seen < anchor.nth) return
    if (cut === 'before') this.#world.rehearse(this.#index)
    else
      this.#world.strikeInStep(cut === 'after-state' ? 0 : cut === 'after-step' ? Infinity : cut.afterSends, () =>
        this.#strike(),
      )
  }

  #matches(fact: AnyFact, anchor: Anchor): boolean {
    const { names } = this.#world.history
    const schema = this.#world.history.kindOf(anchor.fact)?.fields ?? {}
    for (const [field, wanted] of Object.entries(anchor.values)) {
      const found = fact[field]
      if ((schema[field] === 'name' ? names.text(Number(found)) : found) !== wanted) return false
    }
    if (anchor.at === undefined) return true
    return this.#world.targets.resolve(anchor.at, this.#random).some((node) => node.label === fact.node)
  }

  #strike(): void {
    if (this.state !== 'waiting') return
    const groups = this.#fault.targets.map((group) =>
      group.flatMap((target) => this.#world.targets.resolve(target, this.#random)),
    )
    const empty = groups.findIndex((group) => group.length === 0)
    if (empty >= 0) {
      this.miss(`nobody is ${this.#fault.targets[empty]?.join(', ') ?? 'there'}`)
      return
    }
    this.#nodes = groups.flat()
    this.lastChange = this.#world.engine.now
    const fact = this.#world.recordOfRun(faultStruck, this.#description)
    const { duration } = this.#fault
    this.#undo = this.#kind.strike({ world: this.#world, groups, parameters: this.#parameters, duration, fact })
    this.state = this.#undo === undefined ? 'over' : 'active'
    if (this.#undo !== undefined && duration !== undefined)
      this.#world.engine.schedule(duration, this, endDue, undefined)
  }

  #end(): void {
    if (this.state !== 'active') return
    this.state = 'over'
    this.lastChange = this.#world.engine.now
    this.#world.recordOfRun(faultEnded, this.#description)
    this.#undo?.()
  }

  get #description(): { fault: number; action: string; target: string } {
    return { fault: this.#index, action: this.#fault.action, target: this.#nodes.map((node) => node.name).join(', ') }
  }

  get #parameters(): Readonly<Record<string, ParameterValue>> {
    const fallbacks = Object.entries(this.#kind.parameters).map(([name, { fallback }]) => [name, fallback] as const)
    return { ...Object.fromEntries(fallbacks), ...this.#fault.parameters }
  }

  get #random(): ReturnType<World['random']['fork']> {
    return this.#world.random.fork(`faults/${this.#index}`)
  }
}
