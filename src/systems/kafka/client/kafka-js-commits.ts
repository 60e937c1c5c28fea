import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome } from '../../system.ts'
import { KafkaJsOffsets } from '../core/consumer/kafka-js-offsets.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { OffsetToCommit } from '../protocol.ts'
import type { ConsumerParts, ConsumerUse } from './consumer-parts.ts'
import type { KafkaJsConsumerSettings } from './kafka-js-settings.ts'
import { waitOf } from './kafka-js-settings.ts'
import type { BatchError } from './kafka-js-workers.ts'
import type { RecordDelivery } from './record-delivery.ts'

/** What a kafkajs consumer commits: by itself what handlers have returned from, or what the application tells it to. */
export class KafkaJsCommits {
  readonly #process: Process
  readonly #use: ConsumerUse
  readonly #settings: KafkaJsConsumerSettings
  readonly #parts: ConsumerParts
  #offsets: KafkaJsOffsets
  #assignment = 0

  constructor(process: Process, use: ConsumerUse, settings: KafkaJsConsumerSettings, parts: ConsumerParts) {
    this.#process = process
    this.#use = use
    this.#settings = settings
    this.#parts = parts
    this.#offsets = new KafkaJsOffsets(settings.commits, process.now)
  }

  /** Assignments so far: what was handed out under an earlier one resolves nothing any more. */
  get assignment(): number {
    return this.#assignment
  }

  /** There is a new assignment. */
  restart(): void {
    this.#assignment += 1
    this.#offsets = new KafkaJsOffsets(this.#settings.commits, this.#process.now)
  }

  /** A partition is fetched at `position`, for the first time or again. */
  fetched(partition: number, position: number): void {
    this.#offsets.startOnce(partition, position)
  }

  /** A handler has returned: the next fetch begins behind its message. */
  resolve({ partitionNumber, position, assignment }: RecordDelivery): void {
    if (assignment === this.#assignment) this.resolveOffset(partitionNumber, position)
  }

  /** The same for an offset that an application names; it must be of a partition that it has. */
  resolveOffset(partition: number, offset: number): void {
    if (this.#parts.positions.get(partition) === undefined) return
    this.#offsets.resolve(partition, offset)
    this.#parts.positions.returned(partition, offset + 1, -1)
  }

  /** After each message: commits if an interval or a threshold says so. */
  commitIfDue(done: (error: BatchError) => void): void {
    if (this.#offsets.isCommitDue(this.#process.now)) this.commit(done)
    else done('NONE')
  }

  /** Commits what is resolved, if the client commits by itself. */
  commit(done: (error: BatchError) => void): void {
    this.#commitOnce(this.#settings.autoCommit ? this.uncommitted : new Map(), done)
  }

  /** What is resolved and not committed: the next offset of each partition. */
  get uncommitted(): ReadonlyMap<number, number> {
    return this.#offsets.uncommitted
  }

  /** `commitOffsetsIfNecessary` of an application: without offsets it goes by interval and threshold, whoever commits otherwise. */
  commitIfNecessary(offsets: ReadonlyMap<number, number> | undefined, done: (error: KafkaError) => void): void {
    if (offsets !== undefined) this.#commitOnce(offsets, done)
    else if (this.#offsets.isCommitDue(this.#process.now)) this.#commitOnce(this.uncommitted, done)
    else this.#process.setTimer(0, () => done('NONE'))
  }

  /** Next offsets that an application names, tried as often as anything else. */
  commitOffsets(offsets: ReadonlyMap<number, number>, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#tryCommit(this.#named(offsets), 0, undefined, done)
  }

  #commitOnce(uncommitted: ReadonlyMap<number, number>, done: (error: KafkaError) => void): void {
    const resolved = this.#offsets
    if (uncommitted.size === 0) {
      resolved.commitSucceeded(uncommitted, this.#process.now)
      done('NONE')
      return
    }
    const offsets = this.#named(uncommitted)
    this.#parts.offsets.commit(offsets, (result, error) => {
      if (result === 'committed') {
        this.#noteCommitted(offsets)
        resolved.commitSucceeded(uncommitted, this.#process.now)
      }
      done(error)
    })
  }

  /** `consumer.commitOffsets` of an application that commits by itself: tried as often as anything else. */
  commitFor(records: readonly RecordDelivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#tryCommit(
      records.map(({ partitionNumber, position }) => this.#toCommit(partitionNumber, position + 1)),
      0,
      undefined,
      done,
    )
  }

  #tryCommit(
    offsets: readonly OffsetToCommit[],
    failures: number,
    lastWait: Micros | undefined,
    done: (outcome: AcknowledgeOutcome) => void,
  ): void {
    const { retry } = this.#settings
    this.#parts.offsets.commit(offsets, (result) => {
      if (result === 'committed') this.#noteCommitted(offsets)
      if (result !== 'retriable') done(result === 'committed' ? 'acknowledged' : 'refused')
      else if (failures >= retry.retries) done('unknown')
      else {
        const wait = waitOf(retry, lastWait, this.#process.random.next())
        this.#process.setTimer(wait, () => this.#tryCommit(offsets, failures + 1, wait, done))
      }
    })
  }

  #named(offsets: ReadonlyMap<number, number>): readonly OffsetToCommit[] {
    return [...offsets].map(([partition, offset]) => this.#toCommit(partition, offset))
  }

  #toCommit(partition: number, offset: number): OffsetToCommit {
    return { topic: this.#use.topic, partition, offset, leaderEpoch: -1 }
  }

  #noteCommitted(offsets: readonly OffsetToCommit[]): void {
    const { group, topic, progress } = this.#use
    for (const { partition, offset } of offsets) progress.reached(group, topic, partition, offset)
  }
}
