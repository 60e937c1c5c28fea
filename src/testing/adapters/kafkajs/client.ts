import { perform } from '../../../application/program.ts'
import type { Source } from '../../../application/source.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import type { AcknowledgeOutcome } from '../../../systems/system.ts'
import { KafkaJsConsumer } from '../../../systems/kafka/client/kafka-js-consumer.ts'
import type { KafkaError } from '../../../systems/kafka/core/error-table.ts'
import type { Inside } from '../../bridge/inside.ts'
import { WrongClient } from '../wrong-client.ts'
import { partitionOf } from './message.ts'
import { KafkaJSNumberOfRetriesExceeded, throwIfFailed } from './protocol-error.ts'

/** Next offsets, by topic and partition, as kafkajs writes them. */
export interface Offsets {
  topics: { topic: string; partitions: { partition: number; offset: string }[] }[]
}

/** The simulated consumer of kafkajs in one process, as handlers and their surroundings call it. */
export class KafkaJsClient {
  readonly consumer: KafkaJsConsumer
  readonly #inside: Inside
  /** What was handed to handlers and of which nobody has told the broker yet. */
  #open: Handling[] = []

  constructor(source: Source, inside: Inside, shape: string) {
    const consumer = source.open()
    if (!(consumer instanceof KafkaJsConsumer)) throw new WrongClient(shape, "kafka({ client: 'kafkajs', ... })")
    this.consumer = consumer
    this.#inside = inside
    const others = clients.get(inside) ?? []
    clients.set(inside, [...others, this])
  }

  handed(handlings: readonly Handling[]): void {
    this.#open.push(...handlings)
  }

  /** A failed handler gets its messages again, as other deliveries. */
  gaveUp(handlings: readonly Handling[]): void {
    this.#open = this.#open.filter((handling) => !handlings.includes(handling))
  }

  readonly heartbeat = (): Promise<void> => this.#ask('heartbeat', (done) => this.consumer.heartbeat(done))

  readonly pause = (partitions: readonly number[]): (() => void) => {
    this.#step(() => this.consumer.pause(partitions))
    return () => this.resume(partitions)
  }

  resume(partitions: readonly number[]): void {
    this.#step(() => this.consumer.resume(partitions))
  }

  resolveOffset(partition: number, offset: string): void {
    this.#step(() => {
      this.consumer.commits.resolveOffset(partition, Number(offset))
      if (this.consumer.autoCommit) this.#toldUpTo(new Map([[partition, Number(offset) + 1]]))
    })
  }

  async commitOffsetsIfNecessary(offsets: Offsets | undefined): Promise<void> {
    const named = offsets === undefined ? undefined : this.#ofTopic(offsets)
    const told = named ?? this.consumer.commits.uncommitted
    await this.#ask('commit offsets', (done) => this.consumer.commits.commitIfNecessary(named, done))
    if (named !== undefined) this.#step(() => this.#toldUpTo(told))
  }

  /** `consumer.commitOffsets`, which tries again what may pass by itself. */
  async commitOffsets(offsets: ReadonlyMap<number, number>): Promise<void> {
    const outcome = await this.#inside.perform(() =>
      perform<AcknowledgeOutcome>('commit offsets', (resume) => this.consumer.commits.commitOffsets(offsets, resume)),
    )
    if (outcome === 'unknown') throw new KafkaJSNumberOfRetriesExceeded('The offsets could not be committed')
    if (outcome === 'refused') throwIfFailed('ILLEGAL_GENERATION')
    this.#step(() => this.#toldUpTo(offsets))
  }

  uncommittedOffsets(): Offsets {
    const partitions = [...this.consumer.commits.uncommitted].map(([partition, offset]) => ({
      partition,
      offset: String(offset),
    }))
    return { topics: partitions.length === 0 ? [] : [{ topic: this.consumer.topic, partitions }] }
  }

  /** The handlings whose offsets lie before these were told to the broker, or will be by the client itself. */
  #toldUpTo(nextOffsets: ReadonlyMap<number, number>): void {
    const isTold = ({ delivery }: Handling): boolean =>
      delivery.position < (nextOffsets.get(partitionOf(delivery)) ?? 0)
    for (const handling of this.#open) if (isTold(handling)) handling.noteAcknowledged()
    this.#open = this.#open.filter((handling) => !isTold(handling))
  }

  #ofTopic({ topics }: Offsets): ReadonlyMap<number, number> {
    const own = topics.filter(({ topic }) => topic === this.consumer.topic)
    return new Map(
      own.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    )
  }

  #ask(operation: string, ask: (done: (error: KafkaError) => void) => void): Promise<void> {
    return this.#inside.perform(function* () {
      throwIfFailed(yield* perform<KafkaError>(operation, (resume) => ask(resume)))
    })
  }

  #step(act: () => void): void {
    this.#inside.process.step(act)
  }
}

const clients = new WeakMap<Inside, readonly KafkaJsClient[]>()

/** The consumers that a process has opened. */
export function clientsOf(inside: Inside): readonly KafkaJsClient[] {
  return clients.get(inside) ?? []
}
