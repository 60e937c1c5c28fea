import type { Micros } from '../../../simulation/duration.ts'
import { millisecond } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { ClusterContext } from './cluster-context.ts'
import { controllerNode, microsOf, restartBySupervisor } from './cluster-settings.ts'
import { ControllerChannel } from './controller-channel.ts'
import type { ControllerResponse } from './controller/controller-protocol.ts'
import type { MetadataEntry } from './controller/metadata-log.ts'
import { ExponentialBackOff, quorumReconnect } from './exponential-back-off.ts'
import { MetadataImage } from './metadata-image.ts'

const firstRetry = 100 * millisecond
/** How soon a broker that wants to stop asks again after the first answer. */
const shutDownRecheck = 50 * millisecond

export interface LifecycleEvents {
  /** The image has changed by these entries: first by all of them at once, when the broker is ready. */
  metadataChanged(entries: readonly MetadataEntry[]): void
  /** The broker is registered, and its image is new enough to show it. */
  ready(): void
}

/**
 * A broker as the controller sees it: it registers, follows the metadata log, sends heartbeats, and asks for leave before it stops. Nothing that
 * it hears makes it stop serving: a broker that is fenced, or alone, does not know it in time.
 */
export class BrokerLifecycle {
  readonly image = new MetadataImage()
  readonly channel: ControllerChannel
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #brokerId: number
  readonly #events: LifecycleEvents
  #brokerEpoch = -1
  #isReady = false
  #unpublished: MetadataEntry[] = []
  readonly #backOff: ExponentialBackOff
  readonly #fetchBackOff = new ExponentialBackOff(quorumReconnect)
  #heartbeatTimer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #beating = false
  #shutDown: { readonly done: () => void; asked: boolean } | undefined

  constructor(process: Process, context: ClusterContext, brokerId: number, events: LifecycleEvents) {
    this.#process = process
    this.#context = context
    this.#brokerId = brokerId
    this.#events = events
    const controllers = Array.from({ length: context.settings.controllers }, (_, index) =>
      controllerNode(context.name, index + 1),
    )
    this.channel = new ControllerChannel(process, controllers)
    this.#backOff = new ExponentialBackOff({ initial: firstRetry, maximum: this.#heartbeatInterval })
  }

  /** -1 before the registration. */
  get brokerEpoch(): number {
    return this.#brokerEpoch
  }

  /** Whether the broker is registered and its image shows it: before, nobody is served. */
  get isReady(): boolean {
    return this.#isReady
  }

  begin(): void {
    this.#register()
    this.#fetchMetadata()
  }

  /** Has leaderships moved away; `done` comes when the controller says that the broker may stop. */
  shutDown(done: () => void): void {
    if (this.#brokerEpoch < 0) {
      done()
      return
    }
    this.#shutDown = { done, asked: false }
    this.#beatSoon(0)
  }

  get #heartbeatInterval(): Micros {
    return microsOf(this.#context.settings.broker['broker.heartbeat.interval.ms'])
  }

  /** Kafka waits half a session for each answer. */
  get #timeout(): Micros {
    return Math.floor(microsOf(this.#context.settings.broker['broker.session.timeout.ms']) / 2)
  }

  #register(): void {
    const { incarnation, node } = this.#process
    const rack = node.zone === '' ? (this.#context.settings.broker['broker.rack'] ?? undefined) : node.zone
    const request = { type: 'register-broker', brokerId: this.#brokerId, incarnation, rack } as const
    this.channel.request(request, this.#timeout, (response) => {
      if (response?.type !== 'register-broker' || response.error !== 'NONE') {
        this.#process.setTimer(this.#backOff.next(), () => this.#register())
        return
      }
      this.#backOff.reset()
      this.#brokerEpoch = response.brokerEpoch
      this.#whenCaughtUp()
      if (this.#shutDown === undefined) this.#beatSoon(this.#isReady ? 0 : this.#heartbeatInterval)
    })
  }

  #fetchMetadata(): void {
    const { endOffset, lastEpoch } = this.image
    const request = {
      type: 'quorum-fetch',
      epoch: -1,
      voter: undefined,
      fetchOffset: endOffset,
      lastFetchedEpoch: lastEpoch,
      highWatermark: endOffset,
    } as const
    // Heartbeats go over the same connection: when they find it dead, this ends too.
    this.channel.request(request, Infinity, (response) => {
      if (response?.type === 'quorum-fetch' && response.diverging !== undefined) {
        // All that a broker has of the metadata log was committed. A quorum that lost it stops brokers that would have to forget it.
        this.#process.exit(restartBySupervisor)
      } else if (response?.type === 'quorum-fetch') {
        this.#fetchBackOff.reset()
        this.#take(response.entries)
        this.#fetchMetadata()
      } else this.#process.setTimer(this.#fetchBackOff.next(), () => this.#fetchMetadata())
    })
  }

  #take(entries: readonly MetadataEntry[]): void {
    for (const entry of entries) this.image.apply(entry)
    if (!this.#isReady) this.#unpublished.push(...entries)
    else if (entries.length > 0) this.#events.metadataChanged(entries)
    this.#whenCaughtUp()
  }

  get #caughtUp(): boolean {
    return this.#brokerEpoch >= 0 && this.image.broker(this.#brokerId)?.brokerEpoch === this.#brokerEpoch
  }

  #whenCaughtUp(): void {
    if (this.#isReady || !this.#caughtUp) return
    this.#isReady = true
    // What it led or followed in its last life is not its own until it is registered anew: others may lead by then.
    this.#events.metadataChanged(this.#unpublished)
    this.#unpublished = []
    this.#events.ready()
    this.#beatSoon(0)
  }

  #beatSoon(delay: Micros): void {
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#heartbeatTimer?.clear()
    this.#heartbeatTimer = this.#process.setTimer(delay, () => this.#beat())
  }

  /** The next heartbeat goes out when one would in the rhythm that is kept from here. */
  #rest(): void {
    const { now } = this.#process
    const interval = this.#heartbeatInterval
    this.#leaveLull = this.#process.beginLull(() => {
      this.#beatSoon(lastOf(now, interval, this.#process.now) + interval - this.#process.now)
    })
  }

  #beat(): void {
    if (this.#beating) return
    this.#beating = true
    const wantShutDown = this.#shutDown !== undefined
    const { brokerId, brokerEpoch } = { brokerId: this.#brokerId, brokerEpoch: this.#brokerEpoch }
    const beat = { brokerId, brokerEpoch, caughtUp: this.#caughtUp, wantFence: false, wantShutDown }
    const { lull } = this.#process
    this.channel.request({ type: 'broker-heartbeat', beat }, this.#timeout, (response) => {
      this.#beating = false
      this.#heard(response, wantShutDown, lull === this.#process.lull)
    })
  }

  /** `isCalm`: nothing has got in the way since the heartbeat was sent. */
  #heard(response: ControllerResponse | undefined, wantedShutDown: boolean, isCalm: boolean): void {
    const shutDown = this.#shutDown
    if (response?.type !== 'broker-heartbeat' || response.error !== 'NONE') {
      this.#beatSoon(this.#backOff.next())
      return
    }
    this.#backOff.reset()
    if (shutDown === undefined && response.mayRest && isCalm) this.#rest()
    else if (shutDown === undefined) this.#beatSoon(this.#heartbeatInterval)
    else if (!wantedShutDown) this.#beatSoon(0)
    else if (response.shouldShutDown) shutDown.done()
    else {
      this.#beatSoon(shutDown.asked ? this.#heartbeatInterval : shutDownRecheck)
      shutDown.asked = true
    }
  }
}
