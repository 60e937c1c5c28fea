import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Payload } from '../core/bulk.ts'
import type { Command } from '../core/command.ts'
import type { ConsumerValues } from '../options/client-table.ts'
import { processingListOf } from '../options/topology.ts'
import type { ClientPolicy } from './client-policy.ts'
import type { Contents } from './contents.ts'
import { HandOver } from './hand-over.ts'
import { jobKey } from './job-key.ts'
import { Reaper } from './reaper.ts'
import type { CallEnd, Whereabouts } from './redis-client.ts'
import { RedisClient } from './redis-client.ts'
import { ownDelivery, RedisDelivery } from './redis-delivery.ts'

/**
 * Takes elements from a list, one at a time. Popped, an element is nowhere but in the hands of its worker; moved, it is in the list of those in
 * processing until it is acknowledged, and a reaper puts it back from there.
 */
export class ListWorker implements Consumer {
  readonly #process: Process
  readonly #list: string
  readonly #processing: string
  readonly #values: ConsumerValues
  readonly #contents: Contents
  readonly #taking: RedisClient
  readonly #settling: RedisClient
  readonly #handOver: HandOver
  readonly #reaper: Reaper | undefined
  #isTaking = false
  #isClosing = false
  #tokens = 0

  constructor(
    process: Process,
    whereabouts: Whereabouts,
    policy: ClientPolicy,
    list: string,
    values: ConsumerValues,
    contents: Contents,
    placeOf: (key: string) => number,
  ) {
    this.#process = process
    this.#list = list
    this.#processing = processingListOf(list, values.processing)
    this.#values = values
    this.#contents = contents
    this.#handOver = new HandOver(process)
    this.#taking = new RedisClient(process, whereabouts, policy)
    this.#settling = new RedisClient(process, whereabouts, policy)
    if (values.take === 'BLMOVE' && values['visibility_ms'] !== null)
      this.#reaper = new Reaper(this.#settling, {
        list,
        processing: this.#processing,
        values,
        operationOf: (message) => contents.of(message).operation,
        placeOf,
      })
  }

  get held(): number {
    return this.#handOver.held
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** Whether an element is in the list of those in processing until it is acknowledged. */
  get moves(): boolean {
    return this.#values.take === 'BLMOVE'
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    this.#handOver.ask(limit, ready)
    this.#take()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    if (this.#values.take !== 'BLMOVE') {
      this.#process.setTimer(0, () => done('acknowledged'))
      return
    }
    const outcomes: AcknowledgeOutcome[] = []
    for (const delivery of deliveries) {
      this.#settling.call(this.#completion(ownDelivery(delivery)), (end) => {
        outcomes.push(outcomeOf(end))
        if (outcomes.length === deliveries.length) done(worst(outcomes))
      })
    }
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') return this.acknowledge([delivery], done)
    const own = ownDelivery(delivery)
    const value = this.#contents.payloadOf(own.envelope)
    const moves = this.#values.take === 'BLMOVE'
    const keys = [this.#processing, this.#list, this.#jobOf(value)]
    const command: Command = moves
      ? { type: 'EVAL', script: 'putBack', keys, arguments: [value] }
      : { type: 'LPUSH', key: own.partition, values: [value] }
    this.#settling.call(command, (end) => done(outcomeOf(end)))
  }

  /** Notes the time anew, as long as the element is in processing. */
  extend(delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    if (this.#values.take !== 'BLMOVE' || this.#values.claims === 'none') {
      this.#process.setTimer(0, () => done('acknowledged'))
      return
    }
    const key = this.#jobOf(this.#contents.payloadOf(delivery.envelope))
    this.#settling.call({ type: 'HSET', key, fields: ['claimed-at', this.#time()] }, (end) =>
      done(end.outcome === 'answered' ? 'acknowledged' : 'unknown'),
    )
  }

  close(done: () => void): void {
    this.#isClosing = true
    this.#reaper?.close()
    this.#process.setTimer(0, () => {
      this.#taking.abandon()
      this.#settling.close(() => {
        done()
        this.#handOver.close()
      })
    })
  }

  #take(): void {
    if (this.#isTaking || this.#isClosing || !this.#handOver.isWaiting || this.#handOver.held > 0) return
    this.#isTaking = true
    this.#taking.call(this.#takingCommand(), (end) => this.#took(end), true)
  }

  #takingCommand(): Command {
    const { take, block } = this.#values
    const timeout = block / 1_000_000
    if (take === 'BLMOVE')
      return { type: 'BLMOVE', source: this.#list, destination: this.#processing, from: 'RIGHT', to: 'LEFT', timeout }
    return { type: take, keys: [this.#list, ...this.#values['and-then']], timeout }
  }

  #took(end: CallEnd): void {
    this.#isTaking = false
    if (this.#isClosing) return
    const value = takenBy(end)
    if (value !== undefined) this.#claim(value, listOf(end) ?? this.#list)
    else if (end.outcome === 'answered' && end.reply.type === 'nil') this.#take()
    else this.#process.setTimer(this.#values['retry-after'], () => this.#take())
  }

  /** The element is moved already: between the two commands nobody knows since when. */
  #claim(value: Payload, list: string): void {
    const { take, claims } = this.#values
    const token = `${this.#process.name}/${this.#process.incarnation}/${this.#tokens++}`
    const delivery = new RedisDelivery(this.#contents.of(value.message), list, token, false)
    if (take !== 'BLMOVE' || claims === 'none') return this.#handOver.put([delivery])
    const fields = claims === 'token' ? ['claimed-at', this.#time(), 'token', token] : ['claimed-at', this.#time()]
    this.#settling.call({ type: 'HSET', key: this.#jobOf(value), fields }, () => this.#handOver.put([delivery]))
  }

  #completion({ envelope, id }: RedisDelivery): Command {
    const value = this.#contents.payloadOf(envelope)
    if (this.#values.claims !== 'token') return { type: 'LREM', key: this.#processing, count: 1, value }
    const keys = [this.#processing, this.#jobOf(value)]
    return { type: 'EVAL', script: 'complete', keys, arguments: [value, id] }
  }

  #jobOf({ message }: Payload): string {
    return jobKey(this.#list, this.#contents.of(message).operation)
  }

  #time(): string {
    return String(Math.floor(this.#process.wallClock / 1000))
  }
}

function takenBy(end: CallEnd): Payload | undefined {
  if (end.outcome !== 'answered') return undefined
  const { reply } = end
  const value = reply.type === 'popped' || reply.type === 'bulk' ? reply.value : undefined
  return typeof value === 'string' ? undefined : value
}

/** Which of several lists it came from. */
function listOf(end: CallEnd): string | undefined {
  return end.outcome === 'answered' && end.reply.type === 'popped' ? end.reply.key : undefined
}

/** `LREM` and the scripts say how many they found: none means that somebody else has settled it. */
function outcomeOf(end: CallEnd): AcknowledgeOutcome {
  if (end.outcome !== 'answered') return 'unknown'
  const { reply } = end
  if (reply.type === 'error') return 'refused'
  return reply.type === 'integer' && reply.value === 0 ? 'refused' : 'acknowledged'
}

function worst(outcomes: readonly AcknowledgeOutcome[]): AcknowledgeOutcome {
  if (outcomes.includes('unknown')) return 'unknown'
  return outcomes.includes('refused') ? 'refused' : 'acknowledged'
}
