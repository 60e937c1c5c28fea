import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Lease } from '../core/lease.ts'
import type { Endpoints, ServiceClient, TableClient } from './endpoints.ts'
import { serviceClient, tableClient } from './endpoints.ts'
import { FanOutReader } from './fan-out-reader.ts'
import type { WorkerContext } from './lease-coordinator.ts'
import { LeaseCoordinator } from './lease-coordinator.ts'
import { LeaseSync } from './lease-sync.ts'
import { PollingReader } from './polling-reader.ts'
import { recordOf } from './record-delivery.ts'
import { ShardConsumer } from './shard-consumer.ts'
import type { ReaderEvents, ShardReader } from './shard-reader.ts'

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/**
 * A worker of the Kinesis Client Library, with the record processors of the application: a consumer for each shard whose lease it has. A call of
 * `receive` after everything of a batch was handed out says that processRecords has come back.
 */
export class KclWorker implements Consumer {
  readonly #context: WorkerContext
  readonly #process: Process
  readonly #service: ServiceClient
  readonly #table: TableClient
  readonly #coordinator: LeaseCoordinator
  readonly #readers = new Set<FanOutReader>()
  readonly #consumers = new Map<string, ShardConsumer>()
  /** Those without a lease whose application still has records in hand. */
  readonly #former = new Set<ShardConsumer>()
  #current: ShardConsumer | undefined
  #waiting: Waiting | undefined
  #isOffering = false
  readonly #closers: (() => void)[] = []
  #isClosed = false
  #isByCode = false

  constructor(endpoints: Endpoints, context: WorkerContext) {
    const { process, settings } = context
    this.#context = context
    this.#process = process
    this.#service = serviceClient(process, endpoints, settings, {
      pushed: (push) => {
        for (const reader of this.#readers) reader.pushed(push)
      },
      lost: () => {
        for (const reader of this.#readers) reader.lost()
      },
    })
    this.#table = tableClient(process, endpoints, settings)
    const sync = new LeaseSync(context, this.#table, this.#service)
    this.#coordinator = new LeaseCoordinator(context, this.#table, sync, {
      gained: (lease) => this.#gained(lease),
      lost: (shard) => this.#lost(shard),
    })
    this.#coordinator.begin()
  }

  get alive(): boolean {
    return this.#process.alive && !this.#isClosing
  }

  /** The key of the table with the leases that it shares. */
  get application(): string {
    return this.#context.application
  }

  get identifier(): string {
    return this.#context.worker
  }

  /** Records that the application has in hand. */
  get unsettled(): number {
    if (!this.#process.alive) return 0
    return [...this.#consumers.values(), ...this.#former].reduce((sum, { unsettled }) => sum + unsettled, 0)
  }

  /** The sequence number of a shard up to which nothing is left to do here. */
  settledThrough(shard: string): number | undefined {
    return this.#consumers.get(shard)?.settledThrough
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#isClosing) return
    this.#waiting = { limit, ready }
    this.#current?.leaveBatch()
    this.#offerSoon()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const records = deliveries.map(recordOf)
    const outcomes: AcknowledgeOutcome[] = []
    for (const record of records) {
      record.consumer.acknowledge(record, (outcome) => {
        outcomes.push(outcome)
        if (outcomes.length === records.length) done(worstOf(outcomes))
      })
    }
  }

  /** There is no negative acknowledgement: a processor throws, or goes on. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') {
      this.acknowledge([delivery], done)
      return
    }
    const record = recordOf(delivery)
    record.consumer.fail(record)
    const comesAgain = this.#context.settings['on-exception'] === 'retry'
    this.#process.setTimer(0, () => done(comesAgain ? 'acknowledged' : 'refused'))
  }

  /** Shards are leased and not records, and the library renews by itself. */
  extend(delivery: Delivery, _duration: number, done: (outcome: AcknowledgeOutcome) => void): void {
    const { consumer } = recordOf(delivery)
    const outcome = consumer.ownsLease ? 'acknowledged' : 'refused'
    this.#process.setTimer(0, () => done(outcome))
  }

  // What code does that is given a checkpointer

  /** From now on nothing is checkpointed but what the code asks for. */
  leaveCheckpointsToCode(): void {
    this.#isByCode = true
  }

  settle(deliveries: readonly Delivery[]): void {
    for (const record of deliveries.map(recordOf)) record.consumer.settle(record)
  }

  /** A graceful shutdown: processors checkpoint what they have done, and others may have the leases at once. */
  close(done: () => void): void {
    if (this.#isClosed) {
      this.#process.setTimer(0, done)
      return
    }
    this.#closers.push(done)
    if (this.#closers.length > 1) return
    this.#coordinator.stop()
    this.#process.setTimer(0, () => this.#closeWhenWritten())
  }

  get #isClosing(): boolean {
    return this.#closers.length > 0
  }

  #closeWhenWritten(): void {
    if (this.#coordinator.isWriting) {
      this.#process.setTimer(writingPause, () => this.#closeWhenWritten())
      return
    }
    const consumers = [...this.#consumers.values()]
    let open = consumers.length
    const written = (): void => {
      open--
      if (open <= 0) this.#coordinator.evict(() => this.#closed())
    }
    if (open === 0) written()
    for (const consumer of consumers) {
      if (this.#isByCode) written()
      else consumer.checkpointSettled(written)
      consumer.stop()
    }
  }

  #closed(): void {
    this.#isClosed = true
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#service.close()
    this.#table.close()
    waiting?.ready([])
    for (const done of this.#closers) done()
  }

  // Shards

  #gained(lease: Lease): void {
    this.#lost(lease.shard)
    const consumer = new ShardConsumer({
      context: this.#context,
      coordinator: this.#coordinator,
      lease,
      makeReader: (events) => this.#readerOf(lease.shard, events),
      ready: () => this.#offerSoon(),
      finished: () => {
        this.#coordinator.finish(lease.shard)
        this.#remove(consumer)
      },
    })
    this.#consumers.set(lease.shard, consumer)
    consumer.begin()
  }

  #lost(shard: string): void {
    const consumer = this.#consumers.get(shard)
    if (consumer === undefined) return
    consumer.stop()
    this.#remove(consumer)
    this.#former.add(consumer)
  }

  #remove(consumer: ShardConsumer): void {
    if (this.#consumers.get(consumer.shard) === consumer) this.#consumers.delete(consumer.shard)
  }

  #readerOf(shard: string, events: ReaderEvents): ShardReader {
    if (this.#context.settings.retrievalMode === 'POLLING')
      return new PollingReader(this.#context, this.#service, shard, events)
    for (const reader of [...this.#readers]) if (reader.isStopped) this.#readers.delete(reader)
    const reader = new FanOutReader(this.#context, this.#service, shard, events)
    this.#readers.add(reader)
    return reader
  }

  // Handing out

  #offerSoon(): void {
    if (this.#waiting === undefined || this.#isOffering) return
    this.#isOffering = true
    this.#process.setTimer(0, () => {
      this.#isOffering = false
      this.#offer()
    })
  }

  #offer(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.#isClosing) return
    for (const consumer of [...this.#former])
      if (consumer.unsettled === 0 && !consumer.hasRecords) this.#former.delete(consumer)
    for (;;) {
      const consumer = this.#next()
      if (consumer === undefined) return
      const deliveries = consumer.take(waiting.limit)
      if (deliveries.length === 0) continue
      this.#current = consumer
      this.#waiting = undefined
      waiting.ready(deliveries)
      return
    }
  }

  /** Whose batch goes on, else those that have one, in turn. */
  #next(): ShardConsumer | undefined {
    const current = this.#current
    if (current?.hasRecords === true && current.isProcessing) return current
    const all = [...this.#former, ...this.#consumers.values()]
    const place = current === undefined ? -1 : all.indexOf(current)
    return [...all.slice(place + 1), ...all.slice(0, place + 1)].find(({ hasRecords }) => hasRecords)
  }
}

/** µs after which it is looked again whether a write has been answered. */
const writingPause = 10_000

function worstOf(outcomes: readonly AcknowledgeOutcome[]): AcknowledgeOutcome {
  if (outcomes.includes('refused')) return 'refused'
  return outcomes.includes('unknown') ? 'unknown' : 'acknowledged'
}
