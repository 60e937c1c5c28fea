import type { KafkaError } from '../core/error-table.ts'
import type { RecordDelivery } from './record-delivery.ts'

/** Why a batch was given up: what the coordinator said, or the handler of a message failed. */
export type BatchError = KafkaError | 'HANDLER_FAILED'

/** What one fetch brought of one partition; it may be nothing. */
export interface KafkaJsBatch {
  readonly partition: number
  readonly records: readonly RecordDelivery[]
}

/** What a worker asks for on the way through a batch. `done` hears `NONE`, or what went wrong. */
export interface WorkerContext {
  /** Messages are to be left where they are: the consumer stops. */
  readonly isStopping: () => boolean
  /** Whether handlers are called with whole batches (`eachBatch`). */
  readonly takesBatches: () => boolean
  /** Gives a batch to a handler; `done` hears when that has returned or thrown. */
  handleBatch(batch: KafkaJsBatch, done: (error: BatchError) => void): void
  /** Nothing more of this partition is to be handled or fetched for now. */
  readonly isPaused: (partition: number) => boolean
  /** Gives a message to a handler; `done` hears when that has returned or thrown. */
  handle(record: RecordDelivery, done: (error: BatchError) => void): void
  heartbeat(done: (error: BatchError) => void): void
  /** After each message: commits if an interval or a threshold says so. */
  commitIfDue(done: (error: BatchError) => void): void
  /** Commits what is resolved. */
  commit(done: (error: BatchError) => void): void
}

interface Item {
  readonly batch: KafkaJsBatch
  readonly done: (error: BatchError) => void
}

/**
 * The workers of a kafkajs consumer: so many batches at a time (`partitionsConsumedConcurrently`), each one message after the other, or whole.
 * Between two messages or batches, and only there, the worker sends a heartbeat and commits; what a handler does of that comes on top.
 */
export class KafkaJsWorkers {
  readonly #context: WorkerContext
  readonly #queue: Item[] = []
  #idle: number

  constructor(workers: number, context: WorkerContext) {
    this.#idle = workers
    this.#context = context
  }

  /** Works off the batches of one fetch; `done` hears the first error among them when the last one is over. */
  push(batches: readonly KafkaJsBatch[], done: (error: BatchError) => void): void {
    let open = batches.length
    let first: BatchError = 'NONE'
    const finished = (error: BatchError): void => {
      if (first === 'NONE') first = error
      open -= 1
      if (open === 0) done(first)
    }
    for (const batch of batches) this.#queue.push({ batch, done: finished })
    this.#next()
  }

  #next(): void {
    while (this.#idle > 0) {
      const item = this.#queue.shift()
      if (item === undefined) return
      this.#idle -= 1
      const done = (error: BatchError): void => {
        this.#idle += 1
        item.done(error)
        this.#next()
      }
      if (this.#context.takesBatches()) this.#processWhole(item.batch, done)
      else this.#process(item.batch, 0, done)
    }
  }

  #processWhole(batch: KafkaJsBatch, done: (error: BatchError) => void): void {
    const { isStopping, handleBatch, heartbeat, commit } = this.#context
    if (isStopping()) done('NONE')
    else if (batch.records.length === 0) heartbeat(done)
    else {
      handleBatch(batch, (error) => {
        // What the handler had resolved by then is committed all the same.
        if (error !== 'NONE') commit(() => done(error))
        else commit((refused) => (refused === 'NONE' ? heartbeat(done) : done(refused)))
      })
    }
  }

  #process(batch: KafkaJsBatch, index: number, done: (error: BatchError) => void): void {
    const { isStopping, isPaused, handle, heartbeat, commitIfDue, commit } = this.#context
    const { partition, records } = batch
    const goOn = (next: () => void) => (error: BatchError) => (error === 'NONE' ? next() : done(error))
    const record = records[index]
    if (record === undefined || isStopping() || (index > 0 && isPaused(partition))) {
      if (records.length === 0) heartbeat(done)
      else commit(goOn(() => heartbeat(done)))
      return
    }
    handle(record, (error) => {
      if (error === 'NONE') {
        const next = goOn(() => this.#process(batch, index + 1, done))
        heartbeat(goOn(() => commitIfDue(next)))
        return
      }
      // What came before it is committed all the same; that this may fail too changes nothing.
      commit(() => done(error))
    })
  }
}
