import type { Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Checkpoint, Lease } from '../core/lease.ts'
import { checkpointText } from '../core/lease.ts'
import { LeaseTable } from '../core/lease-table.ts'
import { nodeOfWorker } from '../core/worker-name.ts'
import { checkpointed, leaseTaken } from '../facts.ts'
import type { Incoming, Numbered, TableAnswer, TableRequest } from '../protocol.ts'
import { tableBytes, tablePort } from '../protocol.ts'

/** The lease tables of all applications, which DynamoDB keeps whatever becomes of the process that serves them. */
export class LeaseTables {
  readonly #tables = new Map<string, LeaseTable>()

  /** The table of an application, which is made when it is first asked for. */
  of(application: string): LeaseTable {
    const known = this.#tables.get(application) ?? new LeaseTable()
    this.#tables.set(application, known)
    return known
  }
}

/** A table with leases, and how its application and its shards are named in facts. */
interface OpenTable {
  readonly table: LeaseTable
  readonly group: string
  readonly placeOf: (shard: string) => number
}

/** `application` is the key of a table: finds what belongs to it. */
export type NamesOfTable = (application: string) => Omit<OpenTable, 'table'>

/** One incarnation of the process that serves the lease tables. */
export class LeaseService {
  readonly #process: Process
  readonly #tables: LeaseTables
  readonly #names: NamesOfTable

  constructor(process: Process, tables: LeaseTables, names: NamesOfTable) {
    this.#process = process
    this.#tables = tables
    this.#names = names
    process.listen<Incoming<TableAnswer, never>, Numbered<TableRequest>>(tablePort, (client) => this.#accept(client))
  }

  #accept(client: Connection<Incoming<TableAnswer, never>>): ConnectionHandler<Numbered<TableRequest>> {
    return {
      received: ({ number, body }) => {
        const open = { table: this.#tables.of(body.application), ...this.#names(body.application) }
        const leases = this.#write(open, body)
        const about = `${body.type} answer`
        client.send({ number, body: { type: 'leases', leases } }, { bytes: tableBytes(leases.length), about })
      },
    }
  }

  #write(open: OpenTable, request: TableRequest): readonly Lease[] {
    const { table } = open
    switch (request.type) {
      case 'scan':
        return table.leases
      case 'create':
        for (const { shard, parents, checkpoint } of request.leases) table.create(shard, parents, checkpoint)
        return table.leases
      case 'renew':
        return request.holdings.flatMap((holding) => table.renew(holding) ?? [])
      case 'take':
        return request.leases.flatMap((lease) => this.#take(open, lease, request))
      case 'evict':
        return request.holdings.flatMap((holding) => table.evict(holding) ?? [])
      case 'checkpoint':
        return this.#checkpoint(open, request.holding, request.checkpoint)
    }
  }

  #take(
    { table, group, placeOf }: OpenTable,
    { shard, counter, owner: from }: Lease,
    { owner, reason }: Extract<TableRequest, { type: 'take' }>,
  ): readonly Lease[] {
    const taken = table.take(shard, counter, owner)
    if (taken === undefined) return []
    const values = {
      group,
      partition: placeOf(shard),
      member: nodeOfWorker(owner),
      from: from === undefined ? 'nobody' : nodeOfWorker(from),
      reason,
    }
    this.#process.record(leaseTaken, values)
    return [taken]
  }

  #checkpoint(
    { table, group, placeOf }: OpenTable,
    holding: Parameters<LeaseTable['checkpoint']>[0],
    checkpoint: Checkpoint,
  ): readonly Lease[] {
    const written = table.checkpoint(holding, checkpoint)
    if (written === undefined) return []
    const values = { group, partition: placeOf(holding.shard), checkpoint: checkpointText(checkpoint) }
    this.#process.record(checkpointed, values)
    return [written]
  }
}
