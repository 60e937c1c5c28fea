import type { AnyFact } from '../history/fact.ts'
import { noFact } from '../history/fact.ts'
import { faultEnded, faultMissed, faultStruck } from '../history/facts.ts'
import type { EventTarget } from './event-queue.ts'
import type { Anchor, Fault, FaultCut, FaultKind, ParameterValue } from './fault.ts'
import { withFallbacks } from './fault.ts'
import type { Node, Undo } from './node.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

const strikeDue = 10
const endDue = 11

/** What became of a fault of the schedule. */
export type FaultState = 'waiting' | 'active' | 'over' | 'missed'

/** One fault of a schedule: waits for its time or its fact, strikes, ends. */
export class ScheduledFault implements EventTarget {
  readonly number = -1
  readonly #world: World
  readonly #fault: Fault
  readonly #kind: FaultKind
  readonly #index: number
  readonly #random: Random
  readonly #beforeEvent: number | undefined
  /** Fields that the fact must have for which it waits, with their values. */
  readonly #wanted: readonly (readonly [field: string, value: ParameterValue])[]
  #seen = 0
  #nodes: readonly Node[] = []
  #undo: Undo | undefined
  #state: FaultState = 'waiting'
  #lastChange = 0

  /** `random` belongs to what the fault says, not to its place in the schedule. `beforeEvent` is what a rehearsal found out. */
  constructor(
    world: World,
    fault: Fault,
    kind: FaultKind,
    index: number,
    random: Random,
    beforeEvent: number | undefined,
  ) {
    this.#world = world
    this.#fault = fault
    this.#kind = kind
    this.#index = index
    this.#random = random
    this.#beforeEvent = beforeEvent
    this.#wanted = 'when' in fault.strikes ? Object.entries(fault.strikes.when.values) : []
  }

  get state(): FaultState {
    return this.#state
  }

  /** When it last struck or ended, µs. */
  get lastChange(): number {
    return this.#lastChange
  }

  /** Whether it is still to come at its time, or to end at its time. */
  get unfinished(): boolean {
    if (this.#state === 'waiting') return 'at' in this.#fault.strikes
    return this.#state === 'active' && this.#fault.duration !== undefined
  }

  /** Whether it holds until it is healed. */
  get lasting(): boolean {
    return this.#state === 'active' && this.#fault.duration === undefined
  }

  /** Whether it strikes one of the nodes, as far as it has struck. */
  touches(nodes: readonly Node[] | 'all'): boolean {
    return nodes === 'all' || this.#nodes.some((node) => nodes.includes(node))
  }

  arm(): void {
    const { strikes } = this.#fault
    if ('at' in strikes) this.#world.engine.schedule(strikes.at, this, strikeDue, undefined)
    else if (this.#beforeEvent === undefined) {
      this.#world.listen(strikes.when.fact, (fact) => this.#factHappened(fact, strikes.when, strikes.cut))
    }
  }

  occur(code: number): void {
    if (code === strikeDue) this.#strike(noFact)
    else this.end()
  }

  /** Whether a rehearsal found that this fault belongs before the event. */
  belongsBefore(event: number): boolean {
    return this.#state === 'waiting' && this.#beforeEvent === event
  }

  strikeIfBefore(event: number): void {
    if (this.belongsBefore(event)) this.#strike(noFact)
  }

  end(): void {
    if (this.#state !== 'active') return
    this.#world.lulls.end()
    this.#state = 'over'
    this.#lastChange = this.#world.engine.now
    const ended = this.#world.recordOfRun(faultEnded, this.#description)
    this.#world.engine.onAccountOf(ended, () => this.#undo?.())
  }

  /** It will not strike any more. */
  miss(reason: string): void {
    if (this.#state !== 'waiting') return
    this.#state = 'missed'
    this.#world.recordOfRun(faultMissed, { fault: this.#index, action: this.#fault.action, reason })
  }

  /** The run is over before the fault could strike. */
  close(): void {
    this.miss('at' in this.#fault.strikes ? 'the run ended before its time' : 'what it waited for never happened')
  }

  #factHappened(fact: AnyFact, anchor: Anchor, cut: FaultCut): void {
    if (this.#state !== 'waiting' || !this.#matches(fact, anchor) || ++this.#seen !== anchor.nth) return
    const { index } = fact
    if (cut === 'before') this.#world.rehearse(this.#index)
    else this.#world.strikeInStep(sendsBefore(cut), () => this.#strike(index))
  }

  #matches(fact: AnyFact, anchor: Anchor): boolean {
    const { names } = this.#world.history
    const schema = this.#world.history.kindOf(anchor.fact)?.fields ?? {}
    for (const [field, wanted] of this.#wanted) {
      const found = fact[field]
      if ((schema[field] === 'name' ? names.text(Number(found)) : found) !== wanted) return false
    }
    return anchor.at === undefined || this.#world.targets.every(anchor.at).some((node) => node.label === fact.node)
  }

  #strike(anchoredBy: number): void {
    if (this.#state !== 'waiting') return
    const groups = this.#fault.targets.map((group) => this.#resolve(group))
    const empty = groups.findIndex((group) => group.length === 0)
    if (empty >= 0) {
      const whom = this.#fault.targets[empty]?.join(', ') ?? 'there'
      this.miss(this.#kind.concerns === undefined ? `nobody is ${whom}` : `it does nothing to ${whom}`)
      return
    }
    this.#world.lulls.end()
    this.#nodes = [...new Set(groups.flat())]
    this.#lastChange = this.#world.engine.now
    const cause = anchoredBy === noFact ? undefined : anchoredBy
    const fact = this.#world.recordOfRun(faultStruck, this.#description, cause)
    this.#world.engine.onAccountOf(fact, () => this.#takeHold(groups, fact))
  }

  #takeHold(groups: readonly (readonly Node[])[], fact: number): void {
    const { duration } = this.#fault
    this.#undo = this.#kind.strike({ world: this.#world, groups, parameters: this.#parameters, duration, fact })
    this.#state = this.#undo === undefined ? 'over' : 'active'
    if (this.#undo !== undefined && duration !== undefined) {
      this.#world.engine.scheduleFor(fact, duration, this, endDue, undefined)
    }
  }

  /** The nodes of a group, each once. The same expression in another group means the same nodes. */
  #resolve(group: readonly string[]): readonly Node[] {
    const { targets } = this.#world
    const nodes = [...new Set(group.flatMap((target) => targets.resolve(target, this.#random.fork(target))))]
    return nodes.filter((node) => this.#kind.concerns?.(node) ?? true)
  }

  get #description(): { fault: number; action: string; target: string } {
    const target = this.#nodes.map((node) => node.name).join(', ')
    return { fault: this.#index, action: this.#fault.action, target }
  }

  get #parameters(): Readonly<Record<string, ParameterValue>> {
    return withFallbacks(this.#kind, this.#fault.parameters)
  }
}

function sendsBefore(cut: Exclude<FaultCut, 'before'>): number {
  if (cut === 'after-state') return 0
  return cut === 'after-step' ? Infinity : cut.afterSends
}
