import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { BrokerState } from '../core/broker-state.ts'
import type { Delivery } from '../core/channel.ts'
import { latestAcknowledgement } from '../core/settling.ts'
import type { BrokerSettings } from './broker-settings.ts'

interface Ticking {
  /** When the channel was opened, which is where its ticks count from. */
  readonly since: Micros
  /** The tick that is awaited, µs; Infinity for none. */
  due: Micros
  timer: Timer | undefined
}

/**
 * Looks after the acknowledgements that clients owe. A channel looks every tick for one that is overdue; here only the ticks at which one can
 * be are events, so that a channel that acknowledges in time costs next to nothing.
 */
export class AcknowledgementTimeouts {
  readonly #process: Process
  readonly #settings: BrokerSettings
  readonly #state: BrokerState
  readonly #check: (channel: number) => void
  readonly #channels = new Map<number, Ticking>()

  constructor(process: Process, settings: BrokerSettings, state: BrokerState, check: (channel: number) => void) {
    this.#process = process
    this.#settings = settings
    this.#state = state
    this.#check = check
  }

  opened(channel: number): void {
    if (this.#state.profile.consumerTimeout !== 'closes-channel') return
    this.#channels.set(channel, { since: this.#process.now, due: Infinity, timer: undefined })
  }

  closed(channel: number): void {
    this.#channels.delete(channel)
  }

  /** The channel got something, which it may have to acknowledge. */
  delivered(channel: number, tag: number): void {
    const delivery = this.#state.channels.get(channel)?.delivery(tag)
    if (delivery !== undefined) this.#expect(channel, delivery)
  }

  /** Looks at the next tick at which the delivery is overdue. */
  #expect(channel: number, delivery: Delivery): void {
    const ticking = this.#channels.get(channel)
    if (ticking === undefined) return
    const { consumerTimeout, channelTickInterval } = this.#settings
    const latest = Math.max(latestAcknowledgement(this.#state, delivery, consumerTimeout), this.#process.now)
    const ticks = Math.floor((latest - ticking.since) / channelTickInterval) + 1
    const due = ticking.since + ticks * channelTickInterval
    if (due >= ticking.due) return
    ticking.timer?.clear()
    ticking.due = due
    ticking.timer = this.#process.setTimer(Math.max(0, due - this.#process.now), () => this.#tick(channel))
  }

  #tick(channel: number): void {
    const ticking = this.#channels.get(channel)
    if (ticking === undefined) return
    ticking.due = Infinity
    this.#check(channel)
    for (const delivery of this.#state.channels.get(channel)?.deliveries ?? []) this.#expect(channel, delivery)
  }
}
