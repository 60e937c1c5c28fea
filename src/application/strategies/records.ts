import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Program } from '../program.ts'
import type { CacheClient } from '../stores/cache/cache-client.ts'
import { isCacheClient } from '../stores/cache/cache-client.ts'
import type { DatabaseClient } from '../stores/database/database-client.ts'
import { isDatabaseClient } from '../stores/database/database-client.ts'
import type { Condition } from '../stores/database/expression.ts'
import { and, excluded, literal, where } from '../stores/database/expression.ts'
import type { TableDefinition } from '../stores/database/statement.ts'
import type { StrategyContext } from './strategy.ts'

/** `begun`: by whoever asks, just now. `in-progress`: by somebody whose lease still runs. */
export type RecordState = 'begun' | 'in-progress' | 'completed' | 'unknown'

/** Records of what is in progress and what is completed, in a store of their own. */
export interface ProgressRecords {
  /** Begins what nobody has begun, or what was begun and not completed within its lease. */
  begin(id: string): Program<RecordState>
  /** Whether the record says so now. */
  complete(id: string): Program<boolean>
  abandon(id: string): Program<unknown>
}

const inProgress = 'in progress'
const completed = 'completed'

/** The records of a service: what is begun lasts for `lease`, what is completed for `lives`. */
export function recordsOf(context: StrategyContext, lease: Micros, lives: Micros | null): ProgressRecords {
  const client = context.store('dedup')
  const { service, process } = context
  if (isDatabaseClient(client)) return new DatabaseRecords(client, service, process, lease, lives)
  if (isCacheClient(client)) return new CacheRecords(client, service, lease, lives)
  throw new Error('Records are kept in a cache or a database; the scenario should have been refused.')
}

class CacheRecords implements ProgressRecords {
  readonly #client: CacheClient
  readonly #service: string
  readonly #lease: Micros
  readonly #lives: Micros | undefined

  constructor(client: CacheClient, service: string, lease: Micros, lives: Micros | null) {
    this.#client = client
    this.#service = service
    this.#lease = lease
    this.#lives = lives ?? undefined
  }

  *begin(id: string): Program<RecordState> {
    const begun = yield* this.#client.setIfAbsent(this.#key(id), inProgress, this.#lease)
    if (begun.kind === 'unknown') return 'unknown'
    if (begun.value) return 'begun'
    const found = yield* this.#client.get(this.#key(id))
    if (found.kind === 'unknown') return 'unknown'
    return found.value === completed ? 'completed' : 'in-progress'
  }

  *complete(id: string): Program<boolean> {
    return (yield* this.#client.set(this.#key(id), completed, this.#lives)).kind === 'answered'
  }

  abandon(id: string): Program<unknown> {
    return this.#client.delete(this.#key(id))
  }

  #key(id: string): string {
    return `${this.#service}/${id}`
  }
}

const recordsTable: TableDefinition = {
  name: 'progress',
  columns: [
    { name: 'service', type: 'text' },
    { name: 'id', type: 'text' },
    { name: 'state', type: 'text' },
    { name: 'until', type: 'integer' },
  ],
  primaryKey: ['service', 'id'],
  uniqueKeys: [],
}

/** µs since 1970, by the clock of the consumer: as far in the future as any clock goes. */
const forever = Number.MAX_SAFE_INTEGER

class DatabaseRecords implements ProgressRecords {
  readonly #client: DatabaseClient
  readonly #service: string
  readonly #process: Process
  readonly #lease: Micros
  readonly #lives: Micros | null

  constructor(client: DatabaseClient, service: string, process: Process, lease: Micros, lives: Micros | null) {
    this.#client = client
    this.#service = service
    this.#process = process
    this.#lease = lease
    this.#lives = lives
    client.migrate([recordsTable])
  }

  *begin(id: string): Program<RecordState> {
    const { wallClock } = this.#process
    const begun = yield* this.#client.execute({
      kind: 'insert',
      into: recordsTable.name,
      rows: [{ service: this.#service, id, state: inProgress, until: wallClock + this.#lease }],
      onConflict: {
        action: 'update',
        key: recordsTable.primaryKey,
        set: { state: excluded('state'), until: excluded('until') },
        where: where('until', '<=', wallClock),
      },
    })
    if (begun.kind === 'error') return 'unknown'
    if (begun.count > 0) return 'begun'
    const found = yield* this.#client.execute({ kind: 'select', from: recordsTable.name, where: this.#row(id) })
    if (found.kind === 'error') return 'unknown'
    return found.rows[0]?.['state'] === completed ? 'completed' : 'in-progress'
  }

  *complete(id: string): Program<boolean> {
    const until = this.#lives === null ? forever : this.#process.wallClock + this.#lives
    const set = { state: literal(completed), until: literal(until) }
    const result = yield* this.#client.execute({ kind: 'update', table: recordsTable.name, set, where: this.#row(id) })
    return result.kind === 'done'
  }

  abandon(id: string): Program<unknown> {
    return this.#client.execute({ kind: 'delete', from: recordsTable.name, where: this.#row(id) })
  }

  #row(id: string): Condition {
    return and(where('service', '=', this.#service), where('id', '=', id))
  }
}
