import { acknowledged, handled } from '../../history/facts.ts'
import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { World } from '../../simulation/world.ts'
import type { Inside } from '../bridge/inside.ts'

/** Longer than that nobody waits for what may never come: a report every hour is no part of the handling. */
const longest: Micros = 10 * second

/** So long it may wait for one answer of a dependency that was slow. */
const longestCall: Micros = 600 * second

/**
 * What code does beside the handling of messages, on a timer of its own: a relay that empties an outbox, a buffer that is flushed. The broker has
 * nothing left by then, so a run would be over before it; this makes it go on for two rounds and a second more.
 */
export class BackgroundWork {
  #world: World | undefined
  readonly #processes: Inside[] = []
  #since: Micros = 0
  #busyUntil: Micros = 0

  /** A process begins, whose code may set timers. */
  begin(inside: Inside): void {
    this.#processes.push(inside)
    this.#since = this.#world?.engine.now ?? 0
  }

  watch(world: World): void {
    this.#world = world
    const delay = (): Micros => this.#delay
    for (const { name } of [handled, acknowledged]) world.listen(name, () => void (this.#since = world.engine.now))
    world.addParticipant({
      name: 'background',
      busyWith: () => undefined,
      waitingFor: () => (this.#isDue(world) ? 'what the code does in the background' : undefined),
      get patience() {
        return delay() === 0 ? 0 : longestCall
      },
    })
  }

  #isDue({ engine, schedule }: World): boolean {
    const delay = this.#delay
    if (delay === 0) return false
    const calm = Math.max(this.#since, schedule.lastChange)
    if (engine.now - calm < longestCall && this.#processes.some(({ waits }) => waits)) this.#busyUntil = engine.now
    return engine.now - Math.max(calm, this.#busyUntil) < Math.min(longest, 2 * delay + second)
  }

  /** The longest that it rests between two rounds. */
  get #delay(): Micros {
    return Math.max(0, ...this.#processes.map(({ backgroundDelay }) => backgroundDelay))
  }
}
