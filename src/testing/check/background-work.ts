import { acknowledged, handled } from '../../history/facts.ts'
import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { Participant } from '../../simulation/settling.ts'
import type { World } from '../../simulation/world.ts'
import type { Inside } from '../bridge/inside.ts'

/** Longer than that nobody waits for what may never come: a report every hour is no part of the handling. */
const longest: Micros = 10 * second

/** So long a call may take of a dependency that was slow. */
const longestCall: Micros = 600 * second

/**
 * What code does beside the handling of messages, on a timer of its own: a relay that empties an outbox, a buffer that is flushed. The broker has
 * nothing left by then, so a run would be over before it; this makes it go on for two rounds and a second more. These count from when nothing is
 * under way: neither an operation of the code, nor work of a store, which may be for somebody who died and keeps the rounds of others from
 * getting anywhere (an API that still executes a call refuses another with the same idempotency key).
 */
export class BackgroundWork implements Participant {
  readonly name = 'background'
  readonly #stores: ReadonlySet<string>
  #world: World | undefined
  readonly #processes: Inside[] = []
  #since: Micros = 0
  #busyUntil: Micros = 0

  /** `stores` are the names of what the code works with. */
  constructor(stores: readonly string[]) {
    this.#stores = new Set(stores)
  }

  /** A process begins, whose code may set timers. */
  begin(inside: Inside): void {
    this.#processes.push(inside)
    this.#since = this.#world?.engine.now ?? 0
  }

  watch(world: World): void {
    this.#world = world
    for (const { name } of [handled, acknowledged]) world.listen(name, () => void (this.#since = world.engine.now))
    world.addParticipant(this)
  }

  busyWith(): undefined {}

  waitingFor(): string | undefined {
    return this.#world !== undefined && this.#isDue(this.#world) ? 'what the code does in the background' : undefined
  }

  get patience(): Micros {
    return this.#delay === 0 ? 0 : longestCall
  }

  #isDue(world: World): boolean {
    const { engine, schedule } = world
    const delay = this.#delay
    if (delay === 0) return false
    const calm = Math.max(this.#since, schedule.lastChange)
    if (engine.now - calm < longestCall && this.#isUnderWay(world)) this.#busyUntil = engine.now
    return engine.now - Math.max(calm, this.#busyUntil) < Math.min(longest, 2 * delay + second)
  }

  #isUnderWay({ nodes }: World): boolean {
    return (
      this.#processes.some(({ waits }) => waits) ||
      nodes.some(({ name, process }) => this.#stores.has(name) && process.isWorking)
    )
  }

  /** The longest that it rests between two rounds. */
  get #delay(): Micros {
    return Math.max(0, ...this.#processes.map(({ backgroundDelay }) => backgroundDelay))
  }
}
