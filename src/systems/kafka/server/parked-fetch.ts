import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { FetchedPartition, FetchRequest, FetchResponse } from '../protocol.ts'
import type { HostedPartition } from './hosted-partition.ts'

/** How long a follower's fetch stays that has nothing to bring. */
const idleWait = 10 * second

/** What a parked fetch asks its broker. */
export interface FetchDesk {
  /** Reads again, changing nothing; the answers are in the order of the request. */
  read(request: FetchRequest): readonly FetchedPartition[]
  hosted(request: FetchRequest): readonly HostedPartition[]
}

/**
 * A fetch that waits for `minBytes`. A consumer's one is answered after `maxWait` at the latest, and so is a follower's one that would bring a
 * newer high watermark. A follower's one with nothing to say stays longer, where a real follower would ask again every `maxWait` in vain.
 */
export class ParkedFetch {
  readonly request: FetchRequest
  readonly parkedAt: Micros
  readonly #process: Process
  readonly #desk: FetchDesk
  readonly #reply: (response: FetchResponse) => void
  readonly #partitions: readonly HostedPartition[]
  #timer: Timer
  #isShort: boolean
  #over = false

  /** `hasNews`: the answer would tell a follower of a high watermark that it does not know. */
  constructor(
    process: Process,
    desk: FetchDesk,
    request: FetchRequest,
    hasNews: boolean,
    reply: (response: FetchResponse) => void,
  ) {
    this.#process = process
    this.#desk = desk
    this.request = request
    this.parkedAt = process.now
    this.#reply = reply
    this.#isShort = hasNews || request.replica === undefined
    this.#timer = this.#answerIn(this.#isShort ? request.maxWait : Math.max(request.maxWait, idleWait))
    this.#partitions = desk.hosted(request)
    for (const partition of this.#partitions) this.#waitersOf(partition).add(this)
  }

  /** When a real follower, which asks again every `maxWait`, would last have asked. */
  get lastAskedAt(): Micros {
    const waited = this.#process.now - this.parkedAt
    return this.#process.now - (waited % Math.max(1, this.request.maxWait))
  }

  /** There is a newer high watermark to tell: it goes out when a real follower would ask next. */
  bringNews(): void {
    if (this.#over || this.#isShort) return
    this.#isShort = true
    this.#timer.clear()
    this.#timer = this.#answerIn(this.lastAskedAt + this.request.maxWait - this.#process.now)
  }

  /** The connection that it came on is gone. */
  cancel(): void {
    this.#over = true
    this.#timer.clear()
    for (const partition of this.#partitions) this.#waitersOf(partition).delete(this)
  }

  /** Answers if there is enough now, or something that the reader must know. */
  tryAnswer(): void {
    if (this.#over) return
    const partitions = this.#desk.read(this.request)
    if (isEnough(this.request, partitions)) this.#answer(partitions)
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

  #waitersOf(partition: HostedPartition): Set<ParkedFetch> {
    return this.request.replica === undefined ? partition.waitingConsumers : partition.waitingFollowers
  }
}

/** Whether a fetch is answered at once: with enough bytes, or with an error or a divergence. */
export function isEnough(request: FetchRequest, partitions: readonly FetchedPartition[]): boolean {
  if (request.maxWait <= 0 || request.partitions.length === 0) return true
  let bytes = 0
  for (const { error, diverging, batches } of partitions) {
    if (error !== 'NONE' || diverging !== undefined) return true
    for (const batch of batches) bytes += batch.sizeBytes
  }
  return bytes >= request.minBytes
}
