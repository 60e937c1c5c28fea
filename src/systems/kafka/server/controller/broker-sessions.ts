import type { Micros } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { ClusterContext } from '../cluster-context.ts'
import { brokerNode, microsOf } from '../cluster-settings.ts'
import { RestingSessions } from '../resting-sessions.ts'
import type { MetadataChanges, MetadataCommand } from './metadata-log.ts'
import type { MetadataState } from './metadata-state.ts'

export interface BrokerSessionsOptions {
  state(): MetadataState
  /** Sessions are over: brokers are fenced by this command. */
  expired(command: MetadataCommand, changes: MetadataChanges): void
}

/** The sessions of brokers with the active controller: one timer for all, which looks again when the earliest may be over. */
export class BrokerSessions {
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #options: BrokerSessionsOptions
  readonly #resting: RestingSessions<number>
  readonly #interval: Micros
  #timer: Timer | undefined

  constructor(process: Process, context: ClusterContext, options: BrokerSessionsOptions) {
    this.#process = process
    this.#context = context
    this.#options = options
    this.#interval = microsOf(context.settings.broker['broker.heartbeat.interval.ms'])
    this.#resting = new RestingSessions<number>({
      process,
      touch: (brokerId, at) => this.#touch(brokerId, at),
      awake: () => this.watch(),
    })
  }

  watch(): void {
    const { nextExpiry, all } = this.#options.state().cluster.brokers
    if (this.#timer !== undefined || nextExpiry === undefined) return
    // Nobody's session ends as long as they rest; it is looked at again when they wake.
    if (all.every(({ brokerId, state }) => !isOpen(state) || this.#resting.has(brokerId))) return
    const oldest = Math.min(...all.filter(({ state }) => isOpen(state)).map(({ lastContactAt }) => lastContactAt))
    const silent = all.find(({ lastContactAt, state }) => lastContactAt === oldest && isOpen(state))
    const node = silent === undefined ? undefined : brokerNode(this.#context.name, silent.brokerId)
    const delay = Math.max(0, nextExpiry - this.#process.now)
    this.#timer = this.#process.setTimer(delay, () => this.#expire(), node)
  }

  /** A broker that lives and whose heartbeats change nothing need not send them. */
  rest(brokerId: number): void {
    this.#resting.rest(brokerId, this.#interval)
  }

  /** Somebody else decides now, or nobody. */
  end(): void {
    this.#resting.disturb()
    this.#timer?.clear()
    this.#timer = undefined
  }

  #expire(): void {
    this.#timer = undefined
    this.#resting.refresh()
    const expiry = this.#options.state().expireSessions(this.#process.now)
    if (expiry !== undefined) this.#options.expired(expiry.command, expiry.changes)
    this.watch()
  }

  #touch(brokerId: number, at: Micros): void {
    const { brokers } = this.#options.state().cluster
    const known = brokers.get(brokerId)
    if (known !== undefined && at > known.lastContactAt) brokers.touch(brokerId, known.brokerEpoch, at)
  }
}

function isOpen(state: string): boolean {
  return state === 'unfenced' || state === 'controlled-shutdown'
}
