import type { Program } from '../../../application/program.ts'
import { perform } from '../../../application/program.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { KclWorker } from '../../../systems/kinesis/client/kcl-worker.ts'
import type { Delivery } from '../../../systems/system.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { givenFor } from '../handling-of.ts'
import { bytesOf } from '../payload.ts'
import { reasonOf } from '../reason-of.ts'
import { WrongClient } from '../wrong-client.ts'
import { Checkpointer } from './checkpointer.ts'

/** A record as a processor gets it. */
export interface KclRecord {
  /** Its bytes, in base64. */
  readonly data: string
  readonly partitionKey: string
  readonly sequenceNumber: string
}

/** What `processRecords` is called with. */
export interface ProcessRecordsInput {
  readonly records: KclRecord[]
  readonly checkpointer: Checkpointer
}

type ProcessRecords = (input: ProcessRecordsInput, completeCallback: () => void) => unknown

const shape = 'awsKcl.processRecords'

/** The most that a batch has. */
const wholeBatch = 10_000

/** The code checkpoints; with a processor that fails, the daemon ends, and its processes with it. */
const byTheCode: Ways = { acknowledge: 'never', onError: 'crash' }

/**
 * A consumer whose code is called as the `processRecords` of a record processor of aws-kcl: with all that a fetch brought of a shard, and with the next batch when it
 * has called `completeCallback`. What is to be checkpointed it says itself; whoever takes over reads from behind the last checkpoint. An error that escapes ends
 * the process, and with it the daemon.
 *
 * In a process there is one processor for all of its shards, where aws-kcl has a process for each. `initialize`, `leaseLost`, `shardEnded` and `shutdownRequested` are
 * not called: a worker that stops checkpoints nothing, and the end of a shard is checkpointed as `checkpoint-at-shard-end` says.
 */
export function processRecords(handler: ProcessRecords): OfWholeSource {
  return {
    shape,
    *consume(source, user) {
      const worker = kclWorker(source)
      worker.leaveCheckpointsToCode()
      const checkpointer = new Checkpointer(user.inside)
      const handleBatch = source.handlerOfMany(
        (handlings) => handle(worker, checkpointer, user, handler, handlings),
        byTheCode,
      )
      for (;;) {
        const records = yield* perform<readonly Delivery[]>('receive', (resume) => worker.receive(wholeBatch, resume))
        if (records.length > 0) yield* handleBatch(records)
      }
    },
  }
}

function kclWorker(source: Source): KclWorker {
  const consumer = source.open()
  if (consumer instanceof KclWorker) return consumer
  throw new WrongClient(shape, 'kinesis({ ... })')
}

function* handle(
  worker: KclWorker,
  checkpointer: Checkpointer,
  user: UserCalls,
  handler: ProcessRecords,
  handlings: readonly Handling[],
): Program<HandlingOutcome> {
  checkpointer.begin(handlings)
  const records = handlings.map((handling) => givenFor(recordOf(handling), handling))
  const ended = yield* user.call(handlings, () => untilComplete(handler, { records, checkpointer }))
  if (ended.kind === 'threw') return failed(reasonOf(ended.error))
  worker.settle(handlings.map(({ delivery }) => delivery))
  return done
}

/** A processor is done when it has called back; what it returns matters only if it is a promise that is rejected. */
function untilComplete(handler: ProcessRecords, input: ProcessRecordsInput): Promise<void> {
  return new Promise((resolve, reject) => {
    Promise.resolve(handler(input, resolve)).catch(reject)
  })
}

function recordOf({ delivery, ids }: Handling): KclRecord {
  const { envelope, position } = delivery
  return {
    data: bytesOf(envelope.body)?.toString('base64') ?? '',
    // Without a key, records are spread by their names.
    partitionKey: envelope.key === '' ? ids.message : envelope.key,
    sequenceNumber: String(position),
  }
}
