import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ErrorCode, Refusal } from '../core/queue-core.ts'
import { callRetried } from '../facts.ts'
import type { SdkValues } from '../options/client-table.ts'
import type { Answer, Call } from '../protocol.ts'
import { actionOf } from '../protocol.ts'
import type { Exchanged } from './http-pool.ts'
import { HttpPool } from './http-pool.ts'
import { RetryQuota } from './retry-quota.ts'

/** How a call ended. A failure is certain when no attempt can have done anything; so is what an answer says that has failed. */
export type CallEnd =
  | {
      readonly kind: 'answer'
      readonly isCertain: boolean
      readonly answer: Exclude<Answer, { readonly type: 'error' }>
    }
  | { readonly kind: 'failed'; readonly isCertain: boolean; readonly reason: string; readonly refusal?: Refusal }

const backOffBase: Micros = 100 * millisecond
const throttledBase: Micros = 500 * millisecond
const longestBackOff: Micros = 20 * second

/** Errors after which the SDK tries again; the others say that the call is wrong. */
const retriable: readonly ErrorCode[] = ['InternalError', 'ServiceUnavailable', 'ThrottlingException']

interface Ongoing {
  readonly call: Call
  readonly ended: (end: CallEnd) => void
  readonly number: number
  attempt: number
  /** Whether an attempt may have been heard that was not answered. */
  mayHaveHappened: boolean
  paid: number | undefined
  giveUp: () => void
}

/** A client of the AWS SDK in its standard retry mode. */
export class SdkClient {
  readonly #process: Process
  readonly #values: SdkValues
  readonly #pool: HttpPool
  readonly #quota = new RetryQuota()
  readonly #name: string
  #calls = 0

  /** `purpose` tells the clients of a process apart. */
  constructor(process: Process, endpoint: string, values: SdkValues, purpose: string) {
    this.#process = process
    this.#values = values
    this.#pool = new HttpPool(process, endpoint, values)
    this.#name = `${process.name}/${process.incarnation}/${purpose}`
  }

  /** Makes a call, several times if need be. `ended` hears once how it went, never inside this call. What comes back gives it up. */
  perform(call: Call, ended: (end: CallEnd) => void): () => void {
    const number = ++this.#calls
    const first = { attempt: 1, mayHaveHappened: false, paid: undefined, giveUp: () => {} }
    const ongoing: Ongoing = { call, ended, number, ...first }
    this.#try(ongoing)
    return () => ongoing.giveUp()
  }

  close(): void {
    this.#pool.close()
  }

  #try(ongoing: Ongoing): void {
    const id = `${this.#name}/${ongoing.number}/${ongoing.attempt}`
    ongoing.giveUp = this.#pool.exchange(ongoing.call, id, (end) => this.#tried(ongoing, id, end))
  }

  #tried(ongoing: Ongoing, id: string, end: Exchanged): void {
    if (end.kind === 'answer' && end.answer.type !== 'error') {
      this.#quota.succeeded(ongoing.paid)
      ongoing.ended({ kind: 'answer', isCertain: !ongoing.mayHaveHappened, answer: end.answer })
      return
    }
    const refusal = end.kind === 'answer' && end.answer.type === 'error' ? end.answer.refusal : undefined
    if (end.kind === 'failed' && end.sent) ongoing.mayHaveHappened = true
    const reason = end.kind === 'failed' ? end.reason : (refusal?.code ?? '')
    if (this.#mayRetry(ongoing, end, refusal)) this.#retry(ongoing, id, reason, refusal)
    else
      ongoing.ended({
        kind: 'failed',
        isCertain: !ongoing.mayHaveHappened,
        reason,
        ...(refusal === undefined ? {} : { refusal }),
      })
  }

  #mayRetry(ongoing: Ongoing, end: Exchanged, refusal: Refusal | undefined): boolean {
    if (refusal !== undefined && !retriable.includes(refusal.code)) return false
    if (ongoing.attempt >= this.#values.maxAttempts) return false
    ongoing.paid = this.#quota.pay(end.kind === 'failed' && end.isTimeout)
    return ongoing.paid !== undefined
  }

  /** After a pause that doubles, of which chance takes a part away. */
  #retry(ongoing: Ongoing, id: string, reason: string, refusal: Refusal | undefined): void {
    const base = refusal?.code === 'ThrottlingException' ? throttledBase : backOffBase
    const most = Math.min(longestBackOff, base * 2 ** (ongoing.attempt - 1))
    ongoing.attempt++
    const pause = Math.floor(this.#process.randomOf(`retry/${id}`).next() * most)
    const timer = this.#process.setTimer(pause, () => {
      const { call, attempt } = ongoing
      this.#process.record(callRetried, { action: actionOf(call), attempt, reason })
      this.#try(ongoing)
    })
    ongoing.giveUp = () => timer.clear()
  }
}
