/**
 * The brokers that the controller knows, and whether it believes them alive. A broker is fenced from its registration
 * until it has caught up with the metadata, and again when its session expires without a heartbeat. Times are
 * microseconds of the controller's clock.
 */
export class BrokerRegistry {
  private readonly brokers = new Map<number, BrokerRegistration>()
  private readonly sessionTimeout: number
  private nextBrokerEpoch = 1
  /** What {@link all} says, until something changes. */
  private inOrder: readonly BrokerRegistration[] | undefined

  /** `sessionTimeout`: `broker.session.timeout.ms` in microseconds. */
  constructor(sessionTimeout: number) {
    this.sessionTimeout = sessionTimeout
  }

  get(brokerId: number): BrokerRegistration | undefined {
    return this.brokers.get(brokerId)
  }

  /** Every registration, in order of broker id. */
  get all(): readonly BrokerRegistration[] {
    this.inOrder ??= [...this.brokers.values()].sort((a, b) => a.brokerId - b.brokerId)
    return this.inOrder
  }

  /** Brokers that may lead and be in an ISR: neither fenced nor shutting down. */
  get active(): ReadonlySet<number> {
    return new Set(this.all.filter(isActive).map((broker) => broker.brokerId))
  }

  /**
   * Registers an incarnation of a broker and gives it a new epoch. While the session of an earlier incarnation lasts,
   * another one is refused: a broker that was killed waits for its own expiry. One that left by a controlled shutdown
   * may come back at once.
   */
  register(request: RegistrationRequest, now: number): RegistrationOutcome {
    const known = this.brokers.get(request.brokerId)
    if (known !== undefined && known.incarnation === request.incarnation) {
      return { type: 'registered', brokerEpoch: known.brokerEpoch, isNewIncarnation: false }
    }
    if (known !== undefined && this.holdsSession(known, now)) {
      return { type: 'refused', error: 'DUPLICATE_BROKER_REGISTRATION' }
    }
    const brokerEpoch = this.nextBrokerEpoch
    this.nextBrokerEpoch += 1
    const { brokerId, incarnation, rack } = request
    this.replace({ brokerId, incarnation, rack, brokerEpoch, state: 'fenced', lastContactAt: now })
    return { type: 'registered', brokerEpoch, isNewIncarnation: true }
  }

  /** Notes a sign of life, or says why it does not count. */
  touch(brokerId: number, brokerEpoch: number, now: number): BrokerRegistration | StaleBroker {
    const known = this.brokers.get(brokerId)
    if (known === undefined) return 'BROKER_ID_NOT_REGISTERED'
    if (known.brokerEpoch !== brokerEpoch) return 'STALE_BROKER_EPOCH'
    const { incarnation, rack, state } = known
    return this.replace({ brokerId, incarnation, rack, brokerEpoch, state, lastContactAt: now })
  }

  setState(brokerId: number, state: BrokerState): void {
    const known = this.brokers.get(brokerId)
    if (known !== undefined) this.replace({ ...known, state })
  }

  /** Brokers still counted as alive whose session is over, in order of broker id. */
  expired(now: number): readonly number[] {
    return this.all.filter((broker) => this.isExpired(broker, now)).map((broker) => broker.brokerId)
  }

  /** The earliest moment at which a session ends unless a heartbeat comes; `undefined` when none is open. */
  get nextExpiry(): number | undefined {
    const open = this.all.filter((broker) => isOpen(broker.state))
    if (open.length === 0) return undefined
    return Math.min(...open.map((broker) => broker.lastContactAt + this.sessionTimeout))
  }

  private holdsSession(broker: BrokerRegistration, now: number): boolean {
    return broker.state !== 'shut-down' && now - broker.lastContactAt < this.sessionTimeout
  }

  private isExpired(broker: BrokerRegistration, now: number): boolean {
    return isOpen(broker.state) && now - broker.lastContactAt >= this.sessionTimeout
  }

  private replace(broker: BrokerRegistration): BrokerRegistration {
    this.brokers.set(broker.brokerId, broker)
    this.inOrder = undefined
    return broker
  }
}

/** `shut-down` is fenced after a controlled shutdown. */
export type BrokerState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shut-down'

export interface BrokerRegistration {
  readonly brokerId: number
  /** Different for every start of the process. */
  readonly incarnation: number
  readonly brokerEpoch: number
  /** `undefined` when `broker.rack` is not set. */
  readonly rack: string | undefined
  readonly state: BrokerState
  readonly lastContactAt: number
}

export interface RegistrationRequest {
  readonly brokerId: number
  readonly incarnation: number
  readonly rack: string | undefined
}

export type RegistrationOutcome =
  | { readonly type: 'registered'; readonly brokerEpoch: number; readonly isNewIncarnation: boolean }
  | { readonly type: 'refused'; readonly error: 'DUPLICATE_BROKER_REGISTRATION' }

export type StaleBroker = 'BROKER_ID_NOT_REGISTERED' | 'STALE_BROKER_EPOCH'

function isActive(broker: BrokerRegistration): boolean {
  return broker.state === 'unfenced'
}

function isOpen(state: BrokerState): boolean {
  return state === 'unfenced' || state === 'controlled-shutdown'
}
