import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Reply } from '../core/reply.ts'
import type { ClientPolicy } from './client-policy.ts'
import type { Contents } from './contents.ts'
import { HandOver } from './hand-over.ts'
import { RedisClient } from './redis-client.ts'
import type { Whereabouts } from './redis-client.ts'
import { RedisDelivery } from './redis-delivery.ts'

/** Listens to a channel, and subscribes again with each new connection. There is nothing to acknowledge, and nothing comes again. */
export class Subscriber implements Consumer {
  readonly #process: Process
  readonly #client: RedisClient
  readonly #channel: string
  readonly #contents: Contents
  readonly #handOver: HandOver

  constructor(process: Process, whereabouts: Whereabouts, policy: ClientPolicy, channel: string, contents: Contents) {
    this.#process = process
    this.#channel = channel
    this.#contents = contents
    this.#handOver = new HandOver(process)
    this.#client = new RedisClient(process, whereabouts, policy, {
      ready: () => this.#subscribe(),
      pushed: (reply) => this.#pushed(reply),
    })
  }

  get held(): number {
    return 0
  }

  get alive(): boolean {
    return this.#process.alive
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    this.#handOver.ask(limit, ready)
    this.#client.resumeReading()
  }

  acknowledge(_deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  reject(_delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done(how === 'again' ? 'refused' : 'acknowledged'))
  }

  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  close(done: () => void): void {
    this.#process.setTimer(0, () => {
      this.#client.abandon()
      done()
      this.#handOver.close()
    })
  }

  #subscribe(): void {
    this.#client.call({ type: 'SUBSCRIBE', channels: [this.#channel] }, () => {})
  }

  #pushed(reply: Reply): void {
    if (reply.type !== 'message' || typeof reply.message === 'string') return
    const envelope = this.#contents.of(reply.message.message)
    this.#handOver.put([new RedisDelivery(envelope, this.#channel, '', false)])
    // Who reads in the thread that does the work leaves the rest in the socket.
    if (!this.#client.readsAhead) this.#client.pauseReading()
  }
}
