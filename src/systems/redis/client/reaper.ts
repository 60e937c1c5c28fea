import type { Timer } from '../../../simulation/timer.ts'
import type { Bulk, Payload } from '../core/bulk.ts'
import { reclaimed } from '../facts.ts'
import type { ConsumerValues } from '../options/client-table.ts'
import { jobKey } from './job-key.ts'
import type { CallEnd, RedisClient } from './redis-client.ts'

export interface ReaperTask {
  readonly list: string
  readonly processing: string
  readonly values: ConsumerValues
  /** Under which operation a message is known. */
  operationOf(message: number): number
  placeOf(list: string): number
}

/** Puts back what is in processing for longer than a worker may take. Redis does not do it: a worker runs this beside its work. */
export class Reaper {
  readonly #client: RedisClient
  readonly #task: ReaperTask
  #timer: Timer | undefined
  #isClosed = false

  constructor(client: RedisClient, task: ReaperTask) {
    this.#client = client
    this.#task = task
    this.#plan()
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.clear()
  }

  #plan(): void {
    if (this.#isClosed) return
    this.#timer = this.#client.process.setTimer(this.#task.values['reap-interval'], () => this.#look())
  }

  #look(): void {
    const { processing } = this.#task
    this.#client.call({ type: 'LRANGE', key: processing, start: 0, stop: -1 }, (end) => {
      for (const value of valuesIn(end)) if (typeof value === 'object') this.#judge(value)
      this.#plan()
    })
  }

  #judge(value: Payload): void {
    const job = jobKey(this.#task.list, this.#task.operationOf(value.message))
    this.#client.call({ type: 'HMGET', key: job, fields: ['claimed-at', 'enqueued-at'] }, (end) => {
      const [claimedAt, enqueuedAt] = valuesIn(end)
      if (this.#isOverdue(claimedAt, enqueuedAt)) this.#putBack(value, job, claimedAt ?? '')
    })
  }

  #isOverdue(claimedAt: Bulk | undefined, enqueuedAt: Bulk | undefined): boolean {
    const limit = (this.#task.values['visibility_ms'] ?? Infinity) / 1000
    const now = Math.floor(this.#client.process.wallClock / 1000)
    if (typeof claimedAt === 'string') return now - Number(claimedAt) > limit
    return typeof enqueuedAt === 'string' && now - Number(enqueuedAt) > 2 * limit
  }

  #putBack(value: Payload, job: string, claimedAt: Bulk): void {
    const { list, processing, values, placeOf } = this.#task
    const { process } = this.#client
    const noted = (): void => {
      process.record(reclaimed, { message: value.message, place: placeOf(list) })
    }
    if (values.reaper === 'script') {
      const keys = [processing, list, job]
      this.#client.call({ type: 'EVAL', script: 'reclaim', keys, arguments: [value, claimedAt] }, (end) => {
        if (isOne(end)) noted()
      })
      return
    }
    // One command after the other: whoever dies between them has the element in no list, and who does not look how many were taken out puts back two.
    this.#client.call({ type: 'LREM', key: processing, count: 1, value }, (taken) => {
      if (taken.outcome !== 'answered') return
      this.#client.call({ type: 'LPUSH', key: list, values: [value] }, (end) => {
        if (end.outcome === 'answered' && end.reply.type === 'integer') noted()
      })
    })
  }
}

function valuesIn(end: CallEnd): readonly (Bulk | undefined)[] {
  return end.outcome === 'answered' && end.reply.type === 'bulks' ? end.reply.values : []
}

function isOne(end: CallEnd): boolean {
  return end.outcome === 'answered' && end.reply.type === 'integer' && end.reply.value === 1
}
