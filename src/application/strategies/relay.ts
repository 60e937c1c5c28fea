import type { Micros } from '../../simulation/duration.ts'
import type { Program } from '../program.ts'
import { perform, race, sleep, start } from '../program.ts'
import type { DatabaseClient, Session } from '../stores/database/database-client.ts'
import type { DatabaseError, Row } from '../stores/database/statement.ts'
import { markSent, outputOf, selectUnsent } from './outbox-table.ts'
import type { StrategyContext } from './strategy.ts'

/** Rows that a relay takes at a time. */
const batch = 10

export interface RelayOptions {
  /** µs between two looks, where nobody says that there is something. */
  readonly every: Micros
  /** Whether rows that a relay has in hand are locked against the others. */
  readonly claims: boolean
}

/** Sends what is in the outbox, in the order in which it came in, and marks it as sent. */
export class Relay {
  readonly #context: StrategyContext
  readonly #database: DatabaseClient
  readonly #options: RelayOptions
  #wake: (() => void) | undefined

  constructor(context: StrategyContext, database: DatabaseClient, options: RelayOptions) {
    this.#context = context
    this.#database = database
    this.#options = options
  }

  start(): void {
    start(this.#context.process, this.#loop())
  }

  /** There is something to send. */
  notice(): void {
    this.#wake?.()
  }

  *#loop(): Program {
    const { owed } = this.#context
    // Who ran here before may have left something.
    owed.noted++
    for (;;) {
      const { noted } = owed
      const release = this.#context.hold()
      const found = yield* this.#round()
      release()
      if (found === 0) owed.done = Math.max(owed.done, noted)
      if (found <= 0) yield* race([sleep(this.#options.every), this.#woken()])
    }
  }

  #woken(): Program {
    return perform('wait for something in the outbox', (resume) => {
      this.#wake = () => resume(undefined)
      return () => (this.#wake = undefined)
    })
  }

  /** How many it sent; less than 0 where something went wrong. */
  *#round(): Program<number> {
    const { claims } = this.#options
    const sent = claims
      ? yield* this.#database.transaction<Sent>('read committed', (session) => this.#sendFrom(session))
      : yield* this.#sendFrom(this.#database)
    return sent.kind === 'error' ? -1 : sent.count
  }

  *#sendFrom(session: Pick<Session, 'execute'>): Program<Sent | DatabaseError> {
    const unsent = yield* session.execute(selectUnsent(this.#context, batch, this.#options.claims))
    if (unsent.kind === 'error') return unsent
    for (const row of unsent.rows) {
      // What cannot be sent keeps everything behind it, so that the order stays as it was.
      if (!(yield* this.#sendRow(row))) return { kind: 'sent', count: -1 }
      const marked = yield* session.execute(markSent(row))
      if (marked.kind === 'error') return marked
    }
    return { kind: 'sent', count: unsent.count }
  }

  *#sendRow(row: Row): Program<boolean> {
    const { outcome } = yield* this.#context.send(outputOf(this.#context, row))
    return outcome === 'confirmed' || outcome === 'assumed'
  }
}

interface Sent {
  readonly kind: 'sent'
  readonly count: number
}
