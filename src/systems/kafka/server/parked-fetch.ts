import type { Micros } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import { takeOut } from '../../../simulation/take-out.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { FetchedPartition, FetchRequest, FetchResponse } from '../protocol.ts'
import type { HostedPartition } from './hosted-partition.ts'

/** What a parked fetch asks its broker. */
export interface FetchDesk {
  /** Reads again, changing nothing; the answers are in the order of the request. */
  read(request: FetchRequest): readonly FetchedPartition[]
  hosted(request: FetchRequest): readonly HostedPartition[]
  /** Those of followers, of which there are few and which ask for all that they follow. */
  readonly parkedFollowers: ParkedFetch[]
}

/**
 * A fetch that waits for `minBytes`, at most for `maxWait`. Its reader would then ask the same again, in vain and without end; so, where nothing
 * is in their way, it stays in a lull until there is something to say, and goes out when that reader would ask next.
 */
export class ParkedFetch {
  readonly request: FetchRequest
  readonly parkedAt: Micros
  readonly #process: Process
  readonly #desk: FetchDesk
  readonly #reply: (response: FetchResponse) => void
  readonly #partitions: readonly HostedPartition[]
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #over = false

  /** `mayRest`: the next fetch of this reader would be the same and learn nothing, unless something changes. */
  constructor(
    process: Process,
    desk: FetchDesk,
    request: FetchRequest,
    mayRest: boolean,
    reply: (response: FetchResponse) => void,
  ) {
    this.#process = process
    this.#desk = desk
    this.request = request
    this.parkedAt = process.now
    this.#reply = reply
    if (mayRest) this.#leaveLull = process.beginLull(() => this.bringNews())
    else this.#timer = this.#answerIn(request.maxWait)
    this.#partitions = desk.hosted(request)
    if (request.replica !== undefined) desk.parkedFollowers.push(this)
    else for (const partition of this.#partitions) partition.waitingConsumers.push(this)
  }

  asksFor(partition: HostedPartition): boolean {
    return this.#partitions.includes(partition)
  }

  /** When a reader that asks again every `maxWait` would last have asked. */
  get lastAskedAt(): Micros {
    return lastOf(this.parkedAt, this.request.maxWait, this.#process.now)
  }

  /** There is something to tell, if not enough to tell it at once: it goes out when the reader would ask next. */
  bringNews(): void {
    if (this.#over || this.#leaveLull === undefined) return
    this.#endLull()
    this.#timer = this.#answerIn(this.lastAskedAt + this.request.maxWait - this.#process.now)
  }

  /** The connection that it came on is gone. */
  cancel(): void {
    this.#over = true
    this.#timer?.clear()
    this.#endLull()
    if (this.request.replica !== undefined) takeOut(this.#desk.parkedFollowers, this)
    else for (const partition of this.#partitions) takeOut(partition.waitingConsumers, this)
  }

  /** Answers if there is enough now, or something that the reader must know. */
  tryAnswer(): void {
    if (this.#over) return
    const partitions = this.#desk.read(this.request)
    if (isEnough(this.request, partitions)) this.#answer(partitions)
    else if (partitions.some(({ batches }) => batches.length > 0)) this.bringNews()
  }

  /** Answers with whatever there is. */
  answer(): void {
    if (!this.#over) this.#answer(this.#desk.read(this.request))
  }

  #answer(partitions: readonly FetchedPartition[]): void {
    this.cancel()
    this.#reply({ type: 'fetch', partitions })
  }

  #answerIn(delay: Micros): Timer {
    return this.#process.setTimer(delay, () => this.answer())
  }

  #endLull(): void {
    this.#leaveLull?.()
    this.#leaveLull = undefined
  }
}

/** Whether a fetch is answered at once: with enough bytes, or with an error or a divergence. */
export function isEnough(request: FetchRequest, partitions: readonly FetchedPartition[]): boolean {
  if (request.maxWait <= 0 || request.partitions.length === 0) return true
  let bytes = 0
  for (const { error, diverging, batches, preferredReadReplica } of partitions) {
    if (error !== 'NONE' || diverging !== undefined || preferredReadReplica !== undefined) return true
    for (const batch of batches) bytes += batch.sizeBytes
  }
  return bytes >= request.minBytes
}
