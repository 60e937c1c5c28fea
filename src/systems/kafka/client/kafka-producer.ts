import type { Process } from '../../../simulation/process.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import type { Cluster } from '../cluster.ts'
import { ProducerSequences } from '../core/producer/producer-sequences.ts'
import type { ProducerBatch } from '../core/producer/producer-batch.ts'
import { RecordAccumulator } from '../core/producer/record-accumulator.ts'
import { BrokerLinks } from './broker-links.ts'
import { TopicPartitioner } from './topic-partitioner.ts'
import type { ProducerSettings } from './producer-settings.ts'
import { sizeOf } from './record-size.ts'
import { Sender } from './sender.ts'
import { TopicMetadata } from './topic-metadata.ts'

/** A `send` that still blocks: for metadata, or for room in the buffer. */
interface BlockedSend {
  readonly envelope: Envelope
  readonly deadline: Micros
}

/**
 * A producer of one topic: `send` places the record in a batch, a sender loop carries batches to the leaders, and every record is answered once.
 * Where the Java client blocks the thread that calls `send`, the record waits in line here.
 */
export class KafkaProducer implements Producer {
  readonly #process: Process
  readonly #cluster: Cluster
  readonly #settings: ProducerSettings
  readonly #links: BrokerLinks
  readonly #metadata: TopicMetadata
  readonly #accumulator: RecordAccumulator
  readonly #partitioner: TopicPartitioner
  readonly #sender: Sender
  readonly #answers = new Map<number, (answer: SendAnswer) => void>()
  readonly #blocked = new Map<number, BlockedSend>()
  #blockTimer: Timer | undefined
  #unanswered = 0
  #isClosed = false
  #closing: (() => void) | undefined

  constructor(process: Process, cluster: Cluster, topic: string, settings: ProducerSettings) {
    this.#process = process
    this.#cluster = cluster
    this.#settings = settings
    this.#links = new BrokerLinks(process, cluster.bootstrap, settings.links, (change) => {
      // Whoever lost a broker looks who leads now.
      if (change === 'lost') this.#metadata.requestUpdate()
      this.#sender.wake()
    })
    this.#metadata = new TopicMetadata(process, this.#links, { ...settings.metadata, topic }, () =>
      this.#metadataCame(),
    )
    const sequences = settings.isIdempotent ? new ProducerSequences() : undefined
    this.#accumulator = new RecordAccumulator(settings.accumulator, sequences)
    this.#partitioner = new TopicPartitioner(
      settings,
      this.#metadata,
      this.#accumulator,
      process.random.fork('partitioner'),
    )
    this.#sender = new Sender({
      process,
      topic,
      settings,
      links: this.#links,
      metadata: this.#metadata,
      accumulator: this.#accumulator,
      sequences,
      settled: (batch, answer) => this.#settle(batch, answer),
    })
    this.#metadata.requestUpdate()
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    const record = this.#cluster.records.add(envelope)
    this.#answers.set(record, answered)
    this.#unanswered += 1
    if (this.#isClosed) {
      this.#answerLater(record, 'IllegalStateException: the producer has been closed')
      return
    }
    if (sizeOf(envelope) > this.#settings.maxRequestSize) {
      this.#answerLater(record, 'RecordTooLargeException: the record is larger than max.request.size')
      return
    }
    if (this.#blocked.size === 0 && this.#append(record, envelope)) return
    this.#blocked.set(record, { envelope, deadline: this.#process.now + this.#settings.maxBlock })
    this.#accumulator.hurry = true
    this.#watchBlocked()
    this.#sender.wake()
  }

  close(done: () => void): void {
    this.#closing = done
    this.#isClosed = true
    this.#accumulator.hurry = true
    this.#sender.wake()
    this.#process.setTimer(0, () => this.#closeIfDone())
  }

  /** Whether the record is in a batch now. */
  #append(record: number, envelope: Envelope): boolean {
    const partition = this.#partitioner.partitionOf(envelope.key)
    if (partition === undefined) return false
    const sizeBytes = sizeOf(envelope)
    const timestamp = this.#process.wallClock
    const outcome = this.#accumulator.append({ partition, message: record, sizeBytes, timestamp }, this.#process.now)
    if (outcome.type === 'buffer-full') return false
    this.#partitioner.appended(envelope.key, outcome)
    if (outcome.isSendable) this.#sender.wake()
    else if (outcome.isNew) this.#sender.wakeIn(this.#settings.accumulator.linger)
    return true
  }

  #metadataCame(): void {
    this.#unblock()
    this.#sender.wake()
  }

  /** Those that waited longest go first. */
  #unblock(): void {
    for (const [record, { envelope }] of this.#blocked) {
      if (!this.#append(record, envelope)) break
      this.#blocked.delete(record)
    }
    this.#accumulator.hurry = this.#blocked.size > 0 || this.#closing !== undefined
  }

  #watchBlocked(): void {
    const [first] = this.#blocked.values()
    if (first === undefined || this.#blockTimer !== undefined || first.deadline === Infinity) return
    // Whoever hears that one has waited too long may send at once, while others behind it are overdue as well.
    const wait = Math.max(0, first.deadline - this.#process.now)
    this.#blockTimer = this.#process.setTimer(wait, () => this.#blockDue())
  }

  #blockDue(): void {
    this.#blockTimer = undefined
    for (const [record, { deadline }] of this.#blocked) {
      if (deadline > this.#process.now) break
      this.#blocked.delete(record)
      const why = this.#metadata.partitionCount === undefined ? 'no metadata of the topic' : 'no room in buffer.memory'
      this.#answer(record, { outcome: 'rejected', reason: `TimeoutException: ${why} within max.block.ms` })
    }
    this.#watchBlocked()
  }

  #settle(batch: ProducerBatch, answer: SendAnswer): void {
    this.#accumulator.release(batch)
    for (const record of batch.messages) this.#answer(record, answer)
    if (this.#blocked.size > 0) this.#unblock()
  }

  #answerLater(record: number, reason: string): void {
    this.#process.setTimer(0, () => this.#answer(record, { outcome: 'rejected', reason }))
  }

  #answer(record: number, answer: SendAnswer): void {
    const answered = this.#answers.get(record)
    this.#answers.delete(record)
    if (answered === undefined) return
    this.#unanswered -= 1
    answered(answer)
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    const done = this.#closing
    if (done === undefined || this.#unanswered > 0) return
    this.#closing = undefined
    this.#sender.close()
    this.#metadata.close()
    this.#links.close()
    done()
  }
}
