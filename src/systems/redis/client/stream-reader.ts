import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import { compareIds, parseId } from '../core/stream-id.ts'
import type { ConsumerValues } from '../options/client-table.ts'
import type { ClientPolicy } from './client-policy.ts'
import type { Contents } from './contents.ts'
import { entriesIn } from './group-membership.ts'
import { HandOver } from './hand-over.ts'
import type { CallEnd, Whereabouts } from './redis-client.ts'
import { RedisClient } from './redis-client.ts'
import { ownDelivery, RedisDelivery } from './redis-delivery.ts'

/** Reads a stream by itself, from a position that nobody else knows: behind the last entry that it was given, or after a start that it is done with. */
export class StreamReader implements Consumer {
  readonly #process: Process
  readonly #client: RedisClient
  readonly #key: string
  readonly #values: ConsumerValues
  readonly #contents: Contents
  readonly #handOver: HandOver
  #position: string
  #isReading = false
  #isClosing = false

  constructor(
    process: Process,
    whereabouts: Whereabouts,
    policy: ClientPolicy,
    key: string,
    values: ConsumerValues,
    contents: Contents,
  ) {
    this.#process = process
    this.#key = key
    this.#values = values
    this.#contents = contents
    this.#handOver = new HandOver(process)
    this.#position = this.#file.value ?? values.start
    this.#client = new RedisClient(process, whereabouts, policy)
  }

  get held(): number {
    return this.#handOver.held
  }

  /** The stream, and the id behind which it reads on; nothing before it has read anything. */
  get reading(): { readonly key: string; readonly after: string } {
    return { key: this.#key, after: this.#position }
  }

  get alive(): boolean {
    return this.#process.alive
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    this.#handOver.ask(limit, ready)
    this.#read()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    for (const { id } of deliveries.map(ownDelivery)) this.#isDoneWith(id)
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  /** Nobody counts: to have it again is to keep it, which its program can do by itself. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') return this.acknowledge([delivery], done)
    this.#process.setTimer(0, () => done('acknowledged'))
    this.#process.setTimer(this.#values['retry-after'], () => {
      const { envelope, id } = ownDelivery(delivery)
      this.#handOver.put([new RedisDelivery(envelope, this.#key, id, true)])
    })
  }

  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  close(done: () => void): void {
    this.#isClosing = true
    this.#process.setTimer(0, () => {
      this.#client.abandon()
      done()
      this.#handOver.close()
    })
  }

  get #file() {
    return this.#process.disk.value<string>(`position-${this.#key}`)
  }

  #isDoneWith(id: string): void {
    if (this.#values.position === 'memory') return
    const known = this.#file.value
    const [before, now] = [parseId(known ?? '0'), parseId(id)]
    if (before === undefined || now === undefined || compareIds(before, now) < 0) this.#file.write(id)
  }

  #read(): void {
    if (this.#isReading || this.#isClosing || this.#handOver.room === 0) return
    this.#isReading = true
    const block = Math.ceil(this.#values.block / 1000)
    const streams = [{ key: this.#key, id: this.#position }]
    this.#client.call({ type: 'XREAD', streams, count: this.#handOver.room, block }, (end) => this.#hasRead(end), true)
  }

  #hasRead(end: CallEnd): void {
    this.#isReading = false
    if (this.#isClosing) return
    if (end.outcome !== 'answered' || end.reply.type === 'error') {
      this.#process.setTimer(this.#values['retry-after'], () => this.#read())
      return
    }
    for (const { id, fields } of entriesIn(end.reply)) {
      this.#position = id
      const payload = fields?.find((bulk) => typeof bulk === 'object')
      if (payload === undefined) continue
      this.#handOver.put([new RedisDelivery(this.#contents.of(payload.message), this.#key, id, false)])
    }
    if (this.#handOver.room > 0) this.#read()
  }
}
