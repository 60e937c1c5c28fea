import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Cluster } from '../cluster.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { FetchedPartition } from '../protocol.ts'
import type { ConsumerParts, ConsumerUse } from './consumer-parts.ts'
import { closeParts, consumerParts } from './consumer-parts.ts'
import { HandlerCalls } from './handler-calls.ts'
import { KafkaJsCommits } from './kafka-js-commits.ts'
import { KafkaJsFailures } from './kafka-js-failures.ts'
import type { LoopError } from './kafka-js-fetch-loop.ts'
import { KafkaJsFetchLoop } from './kafka-js-fetch-loop.ts'
import { KafkaJsHeartbeats } from './kafka-js-heartbeats.ts'
import type { KafkaJsConsumerSettings } from './kafka-js-settings.ts'
import { batchOf } from './kafka-js-batch.ts'
import type { BatchError, KafkaJsBatch } from './kafka-js-workers.ts'
import { KafkaJsWorkers } from './kafka-js-workers.ts'
import type { RecordDelivery } from './record-delivery.ts'
import { recordOf } from './record-delivery.ts'

/**
 * The consumer of kafkajs 2.2 with `eachMessage`, or `eachBatch` where the application says so. The client calls handlers, here by answering `receive` with one message at a time, and does
 * everything else in between: heartbeats, commits, noticing a rebalance. While handlers run, only brokers that lead none of its partitions
 * keep it alive. What goes wrong is tried again some times, then the consumer leaves its group and starts anew.
 *
 * A handler has returned when its message is acknowledged or rejected, or when the application receives again while only one handler may run:
 * handlers that hand their message on and return at once are committed by the client before anybody has dealt with them.
 *
 * Left out: `seek`; fetchers that are made anew when a broker joins or leaves; that a fetch with stale metadata joins the group before
 * the other fetches are back.
 */
export class KafkaJsConsumer implements Consumer {
  readonly #process: Process
  readonly #cluster: Cluster
  readonly #use: ConsumerUse
  readonly #settings: KafkaJsConsumerSettings
  readonly #parts: ConsumerParts
  readonly #commits: KafkaJsCommits
  readonly #heartbeats: KafkaJsHeartbeats
  readonly #calls: HandlerCalls
  readonly #workers: KafkaJsWorkers
  readonly #failures: KafkaJsFailures
  #loops: readonly KafkaJsFetchLoop[] = []
  #running = 0
  #error: LoopError = 'NONE'
  #hasBegun = false
  #assignedCount = 0
  #closing: (() => void) | undefined
  #leaving = false
  #batches: { readonly autoResolve: boolean } | undefined

  constructor(process: Process, cluster: Cluster, use: ConsumerUse, settings: KafkaJsConsumerSettings) {
    this.#process = process
    this.#cluster = cluster
    this.#use = use
    this.#settings = settings
    this.#calls = new HandlerCalls(process, settings.concurrency)
    this.#failures = new KafkaJsFailures(settings.retry)
    this.#workers = new KafkaJsWorkers(settings.concurrency, {
      isStopping: () => this.#closing !== undefined,
      takesBatches: () => this.#batches !== undefined,
      isPaused: (partition) => this.#parts.positions.get(partition)?.isPaused === true,
      handle: (record, done) => this.#call([record], done),
      handleBatch: ({ records }, done) => this.#call(records, done),
      heartbeat: (done) => this.heartbeat(done),
      commitIfDue: (done) => this.#commits.commitIfDue(done),
      commit: (done) => this.#commits.commit(done),
    })
    this.#parts = consumerParts(process, cluster, use, settings, {
      changed: () => this.#changed(),
      assigned: (partitions) => this.#assigned(partitions),
      gaveUp: () => this.#restart(settings.retry.initialRetryTime),
    })
    this.#commits = new KafkaJsCommits(process, use, settings, this.#parts)
    this.#heartbeats = new KafkaJsHeartbeats(process, this.#parts.membership, settings.heartbeatInterval)
  }

  get alive(): boolean {
    return this.#process.alive
  }

  get unsettled(): number {
    return this.#process.alive ? this.#calls.running : 0
  }

  receive(_limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (!this.#leaving) this.#calls.receive(ready)
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const records = deliveries.map(recordOf)
    const told = (outcome: AcknowledgeOutcome): void => {
      done(outcome)
      for (const record of records) this.#calls.acknowledged(record)
    }
    if (this.#settings.autoCommit) this.#process.setTimer(0, () => told('acknowledged'))
    else this.#commits.commitFor(records, told)
  }

  /** `again` is a handler that throws, and `discard` one that returns without having done anything. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') {
      this.acknowledge([delivery], done)
      return
    }
    this.#process.setTimer(0, () => {
      done('acknowledged')
      this.#calls.ended(recordOf(delivery), 'HANDLER_FAILED')
    })
  }

  /** Records are not leased: they stay with their consumer as long as it heartbeats. */
  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  close(done: () => void): void {
    this.#closing = done
    this.#process.setTimer(0, () => {
      this.#calls.drop()
      if (this.#running === 0) this.#leave()
      else for (const loop of this.#loops) loop.stop()
    })
  }

  // What an application does that is given the client itself

  /** The commits of the application, and what it resolves. */
  get commits(): KafkaJsCommits {
    return this.#commits
  }

  get concurrency(): number {
    return this.#settings.concurrency
  }

  get autoCommit(): boolean {
    return this.#settings.autoCommit
  }

  get topic(): string {
    return this.#use.topic
  }

  /** The partitions that it has. */
  get assigned(): readonly number[] {
    return this.#parts.positions.assigned
  }

  get isRunning(): boolean {
    return this.#closing === undefined
  }

  /** Hands on whole batches: `eachBatch`. With `autoResolve` all of a batch is resolved when its handler returns. Said before the first `receive`. */
  takeBatches(autoResolve: boolean): void {
    this.#batches = { autoResolve }
  }

  /** The handler that was called with this message, or with the batch that it begins, returned (`NONE`) or threw. */
  handlerEnded(delivery: Delivery, error: BatchError): void {
    this.#process.setTimer(0, () => this.#calls.ended(recordOf(delivery), error))
  }

  /** Sends a heartbeat, unless the last one was a moment ago: the client does so where it comes by, and handlers may. */
  heartbeat(done: (error: KafkaError) => void): void {
    this.#heartbeats.send((error) => {
      // Whoever hears of a rebalance commits before giving way.
      if (isRebalancing(error)) this.#commits.commit(() => done(error))
      else done(error)
    })
  }

  /** Hands on and fetches nothing more of these partitions; what a handler has already, it keeps. */
  pause(partitions: readonly number[]): void {
    const { positions } = this.#parts
    for (const each of partitions) if (positions.get(each) !== undefined) positions.pause(each)
  }

  resume(partitions: readonly number[]): void {
    const { positions } = this.#parts
    for (const each of partitions) if (positions.get(each) !== undefined) positions.resume(each)
    this.#changed()
  }

  #call(records: readonly RecordDelivery[], done: (error: BatchError) => void): void {
    this.#calls.call(records, (how) => {
      if (how === 'dropped') this.#process.setTimer(0, () => done('NONE'))
      else if (how === 'returned') {
        const last = records.at(-1)
        if (last !== undefined && this.#batches?.autoResolve !== false) this.#commits.resolve(last)
        done('NONE')
      } else done(how.threw)
    })
  }

  // Being a member

  #changed(): void {
    if (this.#closing !== undefined) return
    if (!this.#hasBegun && this.#parts.metadata.partitionCount !== undefined) {
      this.#hasBegun = true
      this.#join()
    }
    for (const loop of this.#loops) loop.start()
  }

  #join(): void {
    this.#assignedCount = this.#parts.metadata.partitionCount ?? 0
    this.#parts.membership.join()
  }

  #assigned(partitions: readonly number[]): void {
    const { positions, finder } = this.#parts
    this.#commits.restart()
    positions.assign([])
    positions.assign(partitions)
    finder.restart()
    this.#failures.forget()
    if (this.#closing === undefined) this.#startLoops()
    else this.#leave()
  }

  // Fetching

  #startLoops(): void {
    const { topic } = this.#use
    const { fetch: settings, links } = this.#settings
    this.#error = 'NONE'
    this.#running = this.#cluster.bootstrap.length
    this.#loops = this.#cluster.bootstrap.map((node) => {
      return new KafkaJsFetchLoop({
        process: this.#process,
        topic,
        node,
        parts: this.#parts,
        settings,
        requestTimeout: links.requestTimeout,
        rack: this.#settings.rack,
        hasStaleAssignment: () => this.#parts.metadata.partitionCount !== this.#assignedCount,
        work: (fetched, done) => this.#workers.push(this.#batchesOf(fetched), done),
        heartbeat: (done) => this.heartbeat(done),
        ended: (error) => this.#loopEnded(error),
      })
    })
    for (const loop of this.#loops) loop.start()
  }

  #batchesOf(fetched: readonly FetchedPartition[]): readonly KafkaJsBatch[] {
    return fetched.map((each) => {
      const from = this.#parts.positions.get(each.partition)?.offset ?? 0
      this.#commits.fetched(each.partition, from)
      return batchOf(each, from, this.#commits.assignment, this.#cluster.records)
    })
  }

  /** One that fails ends them all; when they are over, the consumer decides how to go on. */
  #loopEnded(error: LoopError): void {
    if (this.#error === 'NONE') this.#error = error
    this.#running -= 1
    if (this.#running > 0) for (const loop of this.#loops) loop.stop()
    else if (this.#closing !== undefined) this.#leave()
    else this.#process.setTimer(0, () => this.#recover(this.#error))
  }

  #recover(error: LoopError): void {
    if (this.#closing !== undefined) this.#leave()
    else if (error === 'REJOIN' || error === 'UNKNOWN_MEMBER_ID' || isRebalancing(error)) this.#join()
    else {
      const { wait, isTooOften } = this.#failures.next(this.#process.random)
      if (isTooOften) this.#restart(wait)
      else this.#process.setTimer(wait, () => this.#fetchAgain())
    }
  }

  #fetchAgain(): void {
    if (this.#closing !== undefined) this.#leave()
    else if (this.#parts.membership.stable) this.#startLoops()
    else this.#join()
  }

  /** The consumer crashes: it leaves the group, and starts again as a new member. */
  #restart(wait: Micros): void {
    this.#parts.membership.leave()
    this.#parts.preferred.clear()
    this.#process.setTimer(wait, () => {
      if (this.#closing === undefined) this.#join()
      else this.#leave()
    })
  }

  #leave(): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#parts.membership.leave(() => {
      closeParts(this.#parts)
      this.#calls.close()
      this.#closing?.()
    })
  }
}

function isRebalancing(error: LoopError): error is KafkaError {
  return error === 'REBALANCE_IN_PROGRESS' || error === 'NOT_COORDINATOR' || error === 'ILLEGAL_GENERATION'
}
