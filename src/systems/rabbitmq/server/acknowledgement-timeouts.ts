import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { BrokerState } from '../core/broker-state.ts'
import type { BrokerSettings } from './broker-settings.ts'

/**
 * Looks after the acknowledgements that clients owe. A channel looks every tick for one that is overdue; here only the ticks at which one can
 * be are events, so that a channel that acknowledges in time costs next to nothing.
 */
export class AcknowledgementTimeouts {
  readonly #process: Process
  readonly #settings: BrokerSettings
  readonly #state: BrokerState
  readonly #check: (channel: number) => void
  /** When each channel was opened, which is where its ticks count from, and whether one is awaited. */
  readonly #channels = new Map<number, { readonly since: Micros; armed: boolean }>()

  constructor(process: Process, settings: BrokerSettings, state: BrokerState, check: (channel: number) => void) {
    this.#process = process
    this.#settings = settings
    this.#state = state
    this.#check = check
  }

  opened(channel: number): void {
    if (this.#settings.consumerTimeout === Infinity) return
    if (this.#state.profile.consumerTimeout !== 'closes-channel') return
    this.#channels.set(channel, { since: this.#process.now, armed: false })
  }

  closed(channel: number): void {
    this.#channels.delete(channel)
  }

  /** The channel got something to acknowledge. */
  delivered(channel: number): void {
    const ticking = this.#channels.get(channel)
    const oldest = this.#state.channels.get(channel)?.oldest
    if (ticking === undefined || ticking.armed || oldest === undefined) return
    const { consumerTimeout, channelTickInterval } = this.#settings
    const ticks = Math.floor((oldest.at + consumerTimeout - ticking.since) / channelTickInterval) + 1
    const due = ticking.since + ticks * channelTickInterval
    ticking.armed = true
    this.#process.setTimer(Math.max(0, due - this.#process.now), () => this.#tick(channel))
  }

  #tick(channel: number): void {
    const ticking = this.#channels.get(channel)
    if (ticking === undefined) return
    ticking.armed = false
    this.#check(channel)
    this.delivered(channel)
  }
}
