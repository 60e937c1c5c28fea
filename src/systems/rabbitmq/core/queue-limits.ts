import type { QueueOptions } from './queue-options.ts'
import type { ReadyMessages } from './ready-messages.ts'

interface Clock {
  /** µs. */
  readonly now: number
  /** `tick` is wanted at this time, in µs. */
  alarm(at: number): void
}

type GiveUpHead = (reason: 'maxlen' | 'expired') => void

/** What makes a queue give up its head: how much it may have ready, and how long a message may wait. */
export class QueueLimits {
  readonly #clock: Clock
  readonly #ready: ReadyMessages
  readonly #giveUpHead: GiveUpHead
  #options: QueueOptions
  /** When the head is looked at for its age. As in the server, a message of higher priority that comes later does not bring it forward. */
  #headExpiry = Infinity

  constructor(clock: Clock, ready: ReadyMessages, options: QueueOptions, giveUpHead: GiveUpHead) {
    this.#clock = clock
    this.#ready = ready
    this.#options = options
    this.#giveUpHead = giveUpHead
  }

  /** µs; Infinity for never. */
  get deadline(): number {
    return this.#headExpiry
  }

  configure(options: QueueOptions): void {
    this.#options = options
  }

  tick(): void {
    if (this.#headExpiry > this.#clock.now) return
    this.#headExpiry = Infinity
    this.dropHead()
    this.dropExpired()
  }

  /** The next tick, at this very time, looks at everything. */
  lookSoon(): void {
    this.#headExpiry = this.#clock.now
    this.#clock.alarm(this.#clock.now)
  }

  /** Whether a message of this size is one too many for a queue that refuses those. */
  refuses(bytes: number): boolean {
    return this.#options.overflow !== 'drop-head' && this.#exceeds(1, bytes)
  }

  /** Whether it had to. */
  dropHead(): boolean {
    if (this.#options.overflow !== 'drop-head' || !this.#exceeds(0, 0)) return false
    while (this.#exceeds(0, 0)) this.#giveUpHead('maxlen')
    return true
  }

  dropExpired(): void {
    const { now } = this.#clock
    while ((this.#ready.first()?.expiresAt ?? Infinity) <= now) this.#giveUpHead('expired')
    const next = this.#ready.first()?.expiresAt ?? Infinity
    if (next + timerSlack >= this.#headExpiry) return
    this.#headExpiry = next
    this.#clock.alarm(next)
  }

  #exceeds(moreMessages: number, moreBytes: number): boolean {
    const { maxLength, maxLengthBytes } = this.#options
    return this.#ready.length + moreMessages > maxLength || this.#ready.bytes + moreBytes > maxLengthBytes
  }
}

/** µs by which an earlier head may be late before the timer is set anew. */
const timerSlack = 1000
