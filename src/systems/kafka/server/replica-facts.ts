import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { ProducedBatch, RecordBatch } from '../core/log/record-batch.ts'
import { appended, committed, logRecovered, produceRefused, replicated, retryRecognised, truncated } from '../facts.ts'
import type { ClusterContext } from './cluster-context.ts'
import { offsetsTopic } from '../core/group/committed-offsets.ts'
import type { HostedPartition } from './hosted-partition.ts'

/**
 * What a broker's replicas have to report. An append is one fact a message and one for its copy; everything else is one fact a batch, an answer
 * or a move. Of the topic of offsets, whose records are no messages, only what happens to its logs.
 */
export class ReplicaFacts {
  readonly #process: Process
  readonly #context: ClusterContext

  constructor(process: Process, context: ClusterContext) {
    this.#process = process
    this.#context = context
  }

  appended({ of, place }: HostedPartition, batch: RecordBatch): void {
    if (of.topic === offsetsTopic) return
    const { records, audit } = this.#context
    const message = records.each(batch.messages, (content) => content.message)
    const offset = message.map((_, index) => batch.baseOffset + index)
    const epoch = batch.leaderEpoch
    this.#process.recordTogether(appended, message.length, { message, partition: place, offset, epoch })
    audit.stored(of, batch, message, this.#process)
  }

  replicated({ place }: HostedPartition, messages: number, offset: number): void {
    this.#process.record(replicated, { partition: place, messages, offset })
  }

  committed({ of, place, log }: HostedPartition): void {
    if (of.topic !== offsetsTopic) this.#process.record(committed, { partition: place, offset: log.highWatermark })
  }

  truncated({ of, place }: HostedPartition, offset: number, messages: number): void {
    this.#process.record(truncated, { partition: place, offset, messages })
    this.#context.audit.review(of, this.#process.node, 'truncated')
  }

  /** What a start found on the disk, and what it had to drop. */
  recovered({ of, place, log, replicaLog: { droppedAtStart: messages } }: HostedPartition): void {
    const offset = log.endOffset
    if (offset > 0) this.#process.record(logRecovered, { partition: place, offset })
    if (messages === 0) return
    this.#process.record(truncated, { partition: place, offset, messages })
    this.#context.audit.review(of, this.#process.node, 'damaged on the disk')
  }

  refused({ of, place }: HostedPartition, batch: ProducedBatch, error: KafkaError): void {
    if (of.topic === offsetsTopic) return
    const values = { message: this.#firstMessage(batch), partition: place, messages: batch.messages.length }
    this.#process.record(produceRefused, { ...values, error: this.#context.intern(error) })
  }

  retried({ place }: HostedPartition, batch: ProducedBatch, offset: number): void {
    const message = this.#firstMessage(batch)
    this.#process.record(retryRecognised, { message, partition: place, offset, messages: batch.messages.length })
  }

  #firstMessage(batch: ProducedBatch): number {
    return this.#context.records.content(batch.messages[0] ?? -1).message
  }
}
