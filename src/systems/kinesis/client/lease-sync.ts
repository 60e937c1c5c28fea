import type { Checkpoint, Lease } from '../core/lease.ts'
import type { NewLease, ShardDescription, TableAnswer } from '../protocol.ts'
import type { CallEnd } from './api-client.ts'
import type { ServiceClient, TableClient } from './endpoints.ts'
import type { WorkerContext } from './lease-coordinator.ts'

/** Makes the leases that an application begins with, unless there are leases already. */
export class LeaseSync {
  readonly #context: WorkerContext
  readonly #table: TableClient
  readonly #service: ServiceClient

  constructor(context: WorkerContext, table: TableClient, service: ServiceClient) {
    this.#context = context
    this.#table = table
    this.#service = service
  }

  /** `done` hears when there are leases. */
  begin(done: () => void): void {
    const { application, settings } = this.#context
    this.#table.call(
      () => ({ type: 'scan', application }),
      (end) => {
        const known = leasesIn(end)
        if (known === undefined) this.#again(done)
        else if (known.length > 0 && settings['parents-first']) done()
        else this.#list(done)
      },
    )
  }

  #list(done: () => void): void {
    const { stream } = this.#context
    this.#service.call(
      () => ({ type: 'ListShards', stream }),
      (end) => {
        if (end.type === 'answered' && end.answer.type === 'shards') this.#create(end.answer.shards, done)
        else this.#again(done)
      },
    )
  }

  #create(shards: readonly ShardDescription[], done: () => void): void {
    const { application, settings } = this.#context
    const checkpoint = initialCheckpoint(settings.initialPositionInStream, settings.initialTimestamp)
    const leases = shardsToLease(shards, checkpoint, settings['parents-first'])
    this.#table.call(
      () => ({ type: 'create', application, leases }),
      (end) => {
        if (leasesIn(end) === undefined) this.#again(done)
        else done()
      },
    )
  }

  #again(done: () => void): void {
    const { process, settings } = this.#context
    process.setTimer(settings.taskBackoffTimeMillis, () => this.begin(done))
  }
}

/** Those where reading begins: at the latest the open ones, else those that come from none that is there; the others follow when these are read. */
export function shardsToLease(
  shards: readonly ShardDescription[],
  checkpoint: Checkpoint,
  parentsFirst: boolean,
): readonly NewLease[] {
  const known = new Set(shards.map(({ shard }) => shard))
  const isRoot = ({ parents }: ShardDescription): boolean => !parents.some((parent) => known.has(parent))
  const isFirst = (shard: ShardDescription): boolean => (checkpoint.type === 'LATEST' ? shard.isOpen : isRoot(shard))
  return shards
    .filter((shard) => !parentsFirst || isFirst(shard))
    .map((shard) => ({
      shard: shard.shard,
      parents: shard.parents,
      checkpoint: parentsFirst || isRoot(shard) ? checkpoint : { type: 'TRIM_HORIZON' },
    }))
}

function initialCheckpoint(position: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP', time: number | null): Checkpoint {
  return position === 'AT_TIMESTAMP' ? { type: position, time: time ?? 0 } : { type: position }
}

/** The leases of an answer; nothing where there was none. */
export function leasesIn(end: CallEnd<TableAnswer>): readonly Lease[] | undefined {
  return end.type === 'answered' && end.answer.type === 'leases' ? end.answer.leases : undefined
}
