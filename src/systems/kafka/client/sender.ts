import type { Process } from '../../../simulation/process.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { SendAnswer } from '../../system.ts'
import type { KafkaError } from '../core/error-table.ts'
import { decideOnAnswer } from '../core/producer/produce-answer.ts'
import type { ProducerBatch } from '../core/producer/producer-batch.ts'
import type { ProducerSequences } from '../core/producer/producer-sequences.ts'
import type { LedPartition, RecordAccumulator } from '../core/producer/record-accumulator.ts'
import type { ProduceRequest, ProduceResult } from '../protocol.ts'
import type { Answer } from './broker-link.ts'
import type { BrokerLinks } from './broker-links.ts'
import type { ProducerSettings } from './producer-settings.ts'
import type { TopicMetadata } from './topic-metadata.ts'

export interface SenderContext {
  readonly process: Process
  readonly topic: string
  readonly settings: ProducerSettings
  readonly links: BrokerLinks
  readonly metadata: TopicMetadata
  readonly accumulator: RecordAccumulator
  readonly sequences: ProducerSequences | undefined
  /** The fate of a batch is known. */
  settled(batch: ProducerBatch, answer: SendAnswer): void
}

/** How long the sender waits when a socket takes no more, µs. */
const fullSocketWait = 10_000

/**
 * The loop of a producer's sender: gives batches up that ran out of time, sends what is due to the leaders that are reachable, and does about
 * each answer what the client does. It runs when something changed, or when the earliest of its deadlines comes.
 */
export class Sender {
  readonly #context: SenderContext
  /** Batches in flight whose fate is open, in the order of sending. */
  readonly #inFlight = new Set<ProducerBatch>()
  readonly #nextIndex = new Map<string, number>()
  #timer: Timer | undefined
  #wakesAt: Micros = Infinity
  #askingForId = false
  #closed = false

  constructor(context: SenderContext) {
    this.#context = context
  }

  /** Runs after the step that asks for it. */
  wake(): void {
    this.wakeIn(0)
  }

  /** Runs in `delay` µs at the latest. */
  wakeIn(delay: Micros): void {
    const { process } = this.#context
    const at = process.now + delay
    if (this.#closed || delay === Infinity || at >= this.#wakesAt) return
    this.#timer?.clear()
    this.#wakesAt = at
    this.#timer = process.setTimer(delay, () => this.#run())
  }

  close(): void {
    this.#closed = true
    this.#timer?.clear()
  }

  #run(): void {
    if (this.#closed) return
    this.#wakesAt = Infinity
    this.#timer = undefined
    const { accumulator, process } = this.#context
    this.#expire()
    if (this.#hasIdentity()) this.#sendWhatIsDue()
    const expiry = Math.min(accumulator.nextExpiry ?? Infinity, this.#nextInFlightExpiry())
    this.wakeIn(Math.max(1, expiry - process.now))
  }

  /** An idempotent producer needs an id before it sends anything. */
  #hasIdentity(): boolean {
    const { sequences } = this.#context
    if (sequences === undefined) return true
    sequences.resolve()
    sequences.bumpIfNeeded()
    if (sequences.identity !== undefined) return true
    if (!this.#askingForId) this.#askForId(sequences)
    return false
  }

  #askForId(sequences: ProducerSequences): void {
    const { links, process, settings } = this.#context
    this.#askingForId = true
    links.leastLoaded().request({ type: 'init-producer-id' }, (answer) => {
      const failed = typeof answer === 'string' || answer.error !== 'NONE'
      const retry = (): void => {
        this.#askingForId = false
        this.wake()
      }
      if (!failed) sequences.initialise(answer.producerId, answer.producerEpoch)
      if (failed) process.setTimer(settings.accumulator.retryBackoff.initial, retry)
      else retry()
    })
  }

  #sendWhatIsDue(): void {
    const { accumulator, metadata, process } = this.#context
    const ready: string[] = []
    for (let partition = 0; partition < (metadata.partitionCount ?? 0); partition++) {
      const leader = metadata.leader(partition)
      const due = accumulator.sendableAt(partition, leader?.leaderEpoch ?? -1)
      if (leader === undefined) {
        if (due !== undefined) metadata.requestUpdate()
        continue
      }
      if (due === undefined) continue
      if (due > process.now) this.wakeIn(due - process.now)
      else if (!ready.includes(leader.node)) ready.push(leader.node)
    }
    for (const { node, led } of ready.map((each) => ({ node: each, led: this.#ledBy(each) }))) this.#sendTo(node, led)
  }

  #ledBy(node: string): readonly LedPartition[] {
    const { metadata } = this.#context
    const led: LedPartition[] = []
    for (let partition = 0; partition < (metadata.partitionCount ?? 0); partition++) {
      const leader = metadata.leader(partition)
      if (leader?.node === node) led.push({ partition, leaderEpoch: leader.leaderEpoch })
    }
    return led
  }

  #sendTo(node: string, led: readonly LedPartition[]): void {
    const { accumulator, links, process, settings } = this.#context
    const link = links.to(node)
    link.connect()
    if (!link.connected) {
      if (!link.connecting) this.wakeIn(Math.max(1, link.mayConnectAt - process.now))
      return
    }
    while (link.inFlight < settings.maxInFlight) {
      if (!link.writable) {
        this.wakeIn(fullSocketWait)
        return
      }
      const start = this.#nextIndex.get(node) ?? 0
      const drained = accumulator.drain(led, start, settings.maxRequestSize, process.now)
      this.#nextIndex.set(node, drained.nextIndex + 1)
      if (drained.batches.length === 0) return
      this.#produce(node, drained.batches)
      if (!this.#hasMoreDue(led)) return
    }
  }

  #hasMoreDue(led: readonly LedPartition[]): boolean {
    const { accumulator, process } = this.#context
    return led.some(({ partition, leaderEpoch }) => {
      return (accumulator.sendableAt(partition, leaderEpoch) ?? Infinity) <= process.now
    })
  }

  #produce(node: string, batches: readonly ProducerBatch[]): void {
    const { accumulator, links, process, settings, topic } = this.#context
    const { acks, ackTimeout: timeout } = settings
    const named = batches.map((batch) => ({ topic, partition: batch.partition, batch: batch.toProduced() }))
    const request: ProduceRequest = { type: 'produce', acks, timeout, batches: named }
    if (acks === 'none') {
      links.to(node).post(request)
      process.setTimer(0, () => {
        for (const batch of batches) this.#settle(batch, { outcome: 'assumed', reason: '' })
      })
      return
    }
    for (const batch of batches) {
      this.#inFlight.add(batch)
      if (settings.maxInFlight === 1) accumulator.mute(batch.partition)
    }
    links.to(node).request(request, (answer) => this.#answered(batches, answer))
  }

  #answered(batches: readonly ProducerBatch[], answer: Answer<ProduceRequest>): void {
    for (const [index, batch] of batches.entries()) {
      if (this.#context.settings.maxInFlight === 1) this.#context.accumulator.unmute(batch.partition)
      // A batch that ran out of time while it was in flight has had its answer.
      if (!this.#inFlight.delete(batch)) continue
      const result = typeof answer === 'string' ? undefined : answer.results[index]
      this.#noteLeader(result)
      this.#decide(batch, result?.error ?? 'NETWORK_EXCEPTION')
    }
    this.#timer?.clear()
    this.#run()
  }

  #noteLeader(result: ProduceResult | undefined): void {
    if (result?.currentLeader !== undefined) this.#context.metadata.noteLeader(result.partition, result.currentLeader)
  }

  #decide(batch: ProducerBatch, error: KafkaError): void {
    const { accumulator, metadata, process, sequences, settings } = this.#context
    const hasExpired = accumulator.hasExpired(batch, process.now)
    const decision = decideOnAnswer(error, batch, { retries: settings.retries, hasExpired, sequences })
    switch (decision.type) {
      case 'complete':
        sequences?.completed(batch)
        this.#settle(batch, { outcome: 'confirmed', reason: '' })
        break
      case 'split':
        accumulator.splitAndReenqueue(batch)
        break
      case 'retry':
        accumulator.reenqueue(batch, process.random.next(), process.now)
        if (decision.refreshMetadata) metadata.requestUpdate()
        break
      case 'fail':
        sequences?.failed(batch, decision.leavesGap)
        if (decision.isUnresolved && sequences !== undefined) sequences.markUnresolved(batch)
        if (decision.refreshMetadata) metadata.requestUpdate()
        this.#settle(batch, failure(error, batch))
    }
  }

  /** The delivery timeout is over for what is queued or in flight. */
  #expire(): void {
    const { accumulator, process, sequences } = this.#context
    const inFlight = [...this.#inFlight].filter((batch) => accumulator.hasExpired(batch, process.now))
    for (const batch of [...inFlight, ...accumulator.takeExpired(process.now)]) {
      this.#inFlight.delete(batch)
      if (batch.hasSequence) {
        sequences?.failed(batch, false)
        sequences?.markUnresolved(batch)
      }
      const reason = 'TimeoutException: delivery.timeout.ms has passed'
      this.#settle(batch, { outcome: batch.wasSent ? 'unknown' : 'rejected', reason })
    }
  }

  #nextInFlightExpiry(): Micros {
    const [oldest] = this.#inFlight
    return oldest === undefined ? Infinity : this.#context.accumulator.expiryOf(oldest)
  }

  #settle(batch: ProducerBatch, answer: SendAnswer): void {
    this.#context.settled(batch, answer)
  }
}

/** Whether the last broker that was asked has the batch is known; whether an earlier attempt left it anywhere is not. */
function failure(error: KafkaError, batch: ProducerBatch): SendAnswer {
  const isDefinite = batch.attempts === 0 && !mayHaveHappened.has(error)
  return { outcome: isDefinite ? 'rejected' : 'unknown', reason: error }
}

const mayHaveHappened: ReadonlySet<KafkaError> = new Set([
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
])
