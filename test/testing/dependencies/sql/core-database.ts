import { Client } from 'pg'
import { perform, start } from '../../../../src/application/program.ts'
import type { Program } from '../../../../src/application/program.ts'
import type { Output } from '../../../../src/application/stores/database/core/database-core.ts'
import { coreDefaults, DatabaseCore } from '../../../../src/application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../../src/application/stores/database/core/session.ts'
import type { DirectSession } from '../../../../src/application/stores/database/database-client.ts'
import { Schema } from '../../../../src/application/stores/database/schema.ts'
import type { StatementResult } from '../../../../src/application/stores/database/statement.ts'
import { SimulatedConnection } from '../../../../src/testing/dependencies/pg/simulated-connection.ts'
import { Translations } from '../../../../src/testing/dependencies/pg/translations.ts'
import { utcParsers } from '../../../../src/testing/dependencies/pg/utc-parsers.ts'
import type { UnsupportedSql } from '../../../../src/testing/dependencies/sql/unsupported-sql.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import { soloWorld } from '../../../application/quiet-world.ts'

/** The core of the database behind clients of `pg`, with nothing between them. */
export class CoreDatabase {
  readonly schema = new Schema()
  readonly unsupported: UnsupportedSql[] = []
  readonly #core: DatabaseCore
  readonly #translations = new Translations(this.schema)
  readonly #waiting = new Map<number, (result: StatementResult) => void>()
  readonly #process: Process
  #now = 1_700_000_000_000_000
  #uuids = 0

  constructor() {
    this.#process = anyProcess()
    this.#core = new DatabaseCore({
      ...coreDefaults,
      wallClock: () => this.#now,
      newUuid: () => `00000000-0000-4000-8000-${String(++this.#uuids).padStart(12, '0')}`,
      schema: { table: (table) => this.schema.add(table), index: (index) => this.schema.addIndex(index) },
    })
    this.schema.onChange({ table: (table) => this.#core.createTable(table), index: () => {}, rows: () => {} })
  }

  /** A client of `pg` with a session of its own. */
  async client(): Promise<Client> {
    const place = {
      inside: {
        perform: <R>(program: () => Program<R>) => this.#perform(program),
        later: (run: () => void) => run(),
        callBack: (run: () => void) => run(),
      },
      name: 'core',
      database: { open: () => this.#open() },
      translations: this.#translations,
      by: () => undefined,
      unsupported: (error: UnsupportedSql) => void this.unsupported.push(error),
    }
    const given = { user: 'tester', connection: new SimulatedConnection(place), types: utcParsers }
    const client = new Client(given)
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  /** Everybody who waits looks for a deadlock, and gives up if it is time. */
  passTime(micros: number): void {
    this.#now += micros
    this.#take(this.#core.passTime(this.#now))
  }

  #open(): DirectSession {
    const number = this.#core.open(sessionDefaults, this.#now)
    return {
      opened: () => perform('connect', (resume) => resume(undefined)),
      execute: (statement) =>
        perform(statement.kind, (resume) => {
          this.#waiting.set(number, resume)
          this.#take(this.#core.execute(number, statement, ++this.#now))
        }),
      onEnd: () => {},
      close: () => this.#take(this.#core.hangUp(number, this.#now)),
    }
  }

  #perform<R>(program: () => Program<R>): Promise<R> {
    return new Promise((resolve) => void start(this.#process, program(), resolve))
  }

  #take(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === 'log') this.#take(this.#core.logged(output.session, this.#now))
      else if (output.kind === 'answer') this.#waiting.get(output.session)?.(output.result)
    }
  }
}

function anyProcess(): Process {
  let found: Process | undefined
  soloWorld((process) => {
    found = process
  }).begin()
  if (found === undefined) throw new Error('The world has no process.')
  return found
}
