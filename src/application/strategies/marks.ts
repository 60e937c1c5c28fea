import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Program } from '../program.ts'
import type { CacheClient, CacheOutcome } from '../stores/cache/cache-client.ts'
import { isCacheClient } from '../stores/cache/cache-client.ts'
import type { DatabaseClient } from '../stores/database/database-client.ts'
import { isDatabaseClient } from '../stores/database/database-client.ts'
import { always, and, excluded, where } from '../stores/database/expression.ts'
import type { Condition } from '../stores/database/expression.ts'
import type { StatementResult, TableDefinition } from '../stores/database/statement.ts'
import type { StrategyContext } from './strategy.ts'

/** `unknown`: no answer came. */
export type MarkAnswer = 'yes' | 'no' | 'unknown'

/** What was done, in a store of its own: each operation is one request. */
export interface Marks {
  isMarked(id: string): Program<MarkAnswer>
  /** Whether it is marked now, whoever did it. */
  mark(id: string): Program<MarkAnswer>
  /** Whether it was not marked, and is now: of several who claim at a time, one hears yes. */
  claim(id: string): Program<MarkAnswer>
  unmark(id: string): Program<MarkAnswer>
}

/** How marks are kept: a key each, or as members of one set, which has one time to live for all. */
export type MarkLayout = 'keys' | 'one-set'

/** The marks of a service in its store for them, which forgets each after `lives`. */
export function marksOf(context: StrategyContext, lives: Micros | null, layout: MarkLayout = 'keys'): Marks {
  const client = context.store('dedup')
  const { service, process } = context
  if (isDatabaseClient(client)) return new DatabaseMarks(client, service, process, lives)
  if (!isCacheClient(client))
    throw new Error('Marks are kept in a cache or a database; the scenario should have been refused.')
  return layout === 'keys' ? new CacheMarks(client, service, lives) : new MarkSet(client, service, lives)
}

class CacheMarks implements Marks {
  readonly #client: CacheClient
  readonly #service: string
  readonly #lives: Micros | undefined

  constructor(client: CacheClient, service: string, lives: Micros | null) {
    this.#client = client
    this.#service = service
    this.#lives = lives ?? undefined
  }

  *isMarked(id: string): Program<MarkAnswer> {
    const found = yield* this.#client.get(this.#key(id))
    if (found.kind === 'unknown') return 'unknown'
    return found.value === undefined ? 'no' : 'yes'
  }

  *mark(id: string): Program<MarkAnswer> {
    return answerOf(yield* this.#client.set(this.#key(id), 'done', this.#lives))
  }

  *claim(id: string): Program<MarkAnswer> {
    return answerOf(yield* this.#client.setIfAbsent(this.#key(id), 'done', this.#lives))
  }

  *unmark(id: string): Program<MarkAnswer> {
    return answerOf(yield* this.#client.delete(this.#key(id)))
  }

  #key(id: string): string {
    return `${this.#service}/${id}`
  }
}

/** Every mark puts the end of the whole set off: it forgets nothing while marks come in, and then everything. */
class MarkSet implements Marks {
  readonly #client: CacheClient
  readonly #service: string
  readonly #lives: Micros | null

  constructor(client: CacheClient, service: string, lives: Micros | null) {
    this.#client = client
    this.#service = service
    this.#lives = lives
  }

  *isMarked(id: string): Program<MarkAnswer> {
    return answerOf(yield* this.#client.has(this.#service, id))
  }

  *mark(id: string): Program<MarkAnswer> {
    const added = yield* this.claim(id)
    return added === 'unknown' ? added : 'yes'
  }

  *claim(id: string): Program<MarkAnswer> {
    const added = answerOf(yield* this.#client.add(this.#service, id))
    if (added === 'yes' && this.#lives !== null) yield* this.#client.expire(this.#service, this.#lives)
    return added
  }

  *unmark(): Program<MarkAnswer> {
    return answerOf(yield* this.#client.delete(this.#service))
  }
}

function answerOf(outcome: CacheOutcome<boolean>): MarkAnswer {
  if (outcome.kind === 'unknown') return 'unknown'
  return outcome.value ? 'yes' : 'no'
}

const marksTable: TableDefinition = {
  name: 'marks',
  columns: [
    { name: 'service', type: 'text' },
    { name: 'id', type: 'text' },
    { name: 'since', type: 'integer' },
  ],
  primaryKey: ['service', 'id'],
  uniqueKeys: [],
}

class DatabaseMarks implements Marks {
  readonly #client: DatabaseClient
  readonly #service: string
  readonly #process: Process
  readonly #lives: Micros | null

  constructor(client: DatabaseClient, service: string, process: Process, lives: Micros | null) {
    this.#client = client
    this.#service = service
    this.#process = process
    this.#lives = lives
    client.migrate([marksTable])
  }

  *isMarked(id: string): Program<MarkAnswer> {
    const living = this.#lives === null ? always : where('since', '>', this.#process.wallClock - this.#lives)
    return counted(yield* this.#client.execute({ kind: 'select', from: 'marks', where: and(this.#row(id), living) }))
  }

  *mark(id: string): Program<MarkAnswer> {
    const marked = yield* this.#insert(id, always)
    return marked.kind === 'done' ? 'yes' : 'unknown'
  }

  *claim(id: string): Program<MarkAnswer> {
    const { wallClock } = this.#process
    // Without an end nothing is ever too old.
    const tooOld = this.#lives === null ? where('since', '<', 0) : where('since', '<=', wallClock - this.#lives)
    return counted(yield* this.#insert(id, tooOld))
  }

  *unmark(id: string): Program<MarkAnswer> {
    return counted(yield* this.#client.execute({ kind: 'delete', from: 'marks', where: this.#row(id) }))
  }

  /** A mark that is there is written again where `renewed` is true of it. */
  #insert(id: string, renewed: Condition): Program<StatementResult> {
    return this.#client.execute({
      kind: 'insert',
      into: 'marks',
      rows: [{ service: this.#service, id, since: this.#process.wallClock }],
      onConflict: { action: 'update', key: ['service', 'id'], set: { since: excluded('since') }, where: renewed },
    })
  }

  #row(id: string): Condition {
    return and(where('service', '=', this.#service), where('id', '=', id))
  }
}

function counted(result: StatementResult): MarkAnswer {
  if (result.kind === 'error') return 'unknown'
  return result.count > 0 ? 'yes' : 'no'
}
