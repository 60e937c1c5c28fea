import type { Micros } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { EntryReply } from '../core/reply.ts'
import type { GroupMembership } from './group-membership.ts'
import { entriesIn } from './group-membership.ts'
import type { GroupSettling } from './group-settling.ts'
import type { CallEnd, RedisClient } from './redis-client.ts'

export interface ClaimingHost {
  /** How many more entries are wanted. */
  wanted(): number
  taken(entries: readonly EntryReply[]): void
}

/** Takes over what is pending for others for too long: before it reads on when it is time to, and now and then while there is nothing to do. */
export class Claiming {
  readonly #client: RedisClient
  readonly #membership: GroupMembership
  readonly #settling: GroupSettling
  readonly #host: ClaimingHost
  #lookedAt: Micros = -Infinity
  #isLooking = false
  /** Where the next look goes on: one looks at so many of the pending, and idle ones may come behind busy ones. */
  #cursor = '0-0'
  #timer: Timer | undefined

  constructor(client: RedisClient, membership: GroupMembership, settling: GroupSettling, host: ClaimingHost) {
    this.#client = client
    this.#membership = membership
    this.#settling = settling
    this.#host = host
  }

  close(): void {
    this.#timer?.clear()
  }

  /** Something is wanted: looks first if it is time to. */
  before(goOn: () => void): void {
    const interval = this.#membership.values['claim-interval']
    const isDue = this.#client.process.now - this.#lookedAt >= interval
    if (isDue && !this.#isLooking) this.#look(goOn)
    else goOn()
    this.#plan()
  }

  #plan(): void {
    this.#timer ??= this.#client.process.setTimer(this.#membership.values['claim-interval'], () => {
      this.#timer = undefined
      if (this.#host.wanted() === 0) return
      if (!this.#isLooking) this.#look(() => {})
      this.#plan()
    })
  }

  #look(done: () => void): void {
    const { key, group, consumer, values } = this.#membership
    const count = this.#host.wanted()
    const minIdle = Math.ceil((values['min-idle-time'] ?? 0) / 1000)
    this.#isLooking = true
    this.#lookedAt = this.#client.process.now
    const looked = (end: CallEnd): void => {
      this.#isLooking = false
      if (end.outcome === 'answered') {
        if (end.reply.type === 'auto-claimed') this.#cursor = end.reply.next
        this.#host.taken(entriesIn(end.reply))
      }
      done()
    }
    if (values['max-deliveries'] === null) {
      this.#client.call({ type: 'XAUTOCLAIM', key, group, consumer, minIdle, start: this.#cursor, count }, looked)
      return
    }
    // Whoever counts deliveries asks first how often each was delivered.
    const range = { minIdle, from: '-', to: '+', count }
    this.#client.call({ type: 'XPENDING', key, group, range }, (end) => {
      const pending = end.outcome === 'answered' && end.reply.type === 'pending' ? end.reply.entries : []
      const ids = this.#settling.sift(pending)
      if (ids.length === 0) return looked(nothing)
      this.#client.call({ type: 'XCLAIM', key, group, consumer, minIdle, ids }, looked)
    })
  }
}

const nothing: CallEnd = { outcome: 'answered', reply: { type: 'nil' }, isAgain: false }
