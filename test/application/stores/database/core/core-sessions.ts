import { coreDefaults, DatabaseCore } from '../../../../../src/application/stores/database/core/database-core.ts'
import type { Output } from '../../../../../src/application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../../../src/application/stores/database/core/session.ts'
import type { Isolation, Statement, TableDefinition } from '../../../../../src/application/stores/database/statement.ts'

const accounts: TableDefinition = {
  name: 'accounts',
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'balance', type: 'integer', notNull: true },
  ],
  primaryKey: ['id'],
  uniqueKeys: [],
}

/** Two accounts with a balance of 10 each, and sessions that are told apart by name. */
export class CoreSessions {
  readonly #core = new DatabaseCore(coreDefaults, [accounts])
  readonly #numbers = new Map<string, number>()
  readonly #answers = new Map<string, string>()
  #now = 0

  constructor() {
    const rows = [1, 2].map((id) => ({ id, balance: 10 }))
    this.do('setup', { kind: 'insert', into: 'accounts', rows })
  }

  /** Executes a statement; returns the SQLSTATE, the rows, the count of rows, or `waits`. */
  do(name: string, statement: Statement): string {
    this.#answers.delete(name)
    this.#settle(this.#core.execute(this.#number(name), statement, this.#now))
    return this.answerOf(name)
  }

  begin(isolation: Isolation, ...names: readonly string[]): void {
    for (const name of names) this.do(name, { kind: 'begin', isolation })
  }

  commit(name: string): string {
    return this.do(name, { kind: 'commit' })
  }

  /** How the last statement of a session was answered. */
  answerOf(name: string): string {
    return this.#answers.get(name) ?? 'waits'
  }

  pass(micros: number): void {
    this.#now += micros
    this.#settle(this.#core.passTime(this.#now))
  }

  #number(name: string): number {
    const number = this.#numbers.get(name) ?? this.#core.open(sessionDefaults, this.#now)
    this.#numbers.set(name, number)
    return number
  }

  #settle(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === 'log') this.#settle(this.#core.logged(output.session, this.#now))
      if (output.kind !== 'answer') continue
      const { result } = output
      const name = [...this.#numbers].find(([, number]) => number === output.session)?.[0] ?? 'setup'
      if (result.kind === 'error') this.#answers.set(name, result.sqlState)
      else if (result.rolledBack) this.#answers.set(name, 'rolled back')
      else this.#answers.set(name, result.rows.length > 0 ? JSON.stringify(result.rows) : String(result.count))
    }
  }
}
