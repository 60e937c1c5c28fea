import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, QueryResult } from 'pg'
import { DatabaseError } from 'pg'
import type { Statement } from '../../../../../src/application/stores/database/statement.ts'
import type { Observation } from './core-runs.ts'
import type { Through } from './core-runs.ts'
import { CoreRuns } from './core-runs.ts'
import type { Plan, Step } from './plan.ts'
import { sessionCount, tables } from './plan.ts'
import type { RealServer } from './real-server.ts'
import { deadlockMillis } from './real-server.ts'
import { sqlText } from './sql-text.ts'

/** The core and the server do not agree. */
export class Difference extends Error {}

/** Milliseconds without any change after which the server will not do what the core does. */
const patience = 2_000

/** The sessions of a real server that plans are played on. */
export class RealSessions {
  readonly #clients: readonly Client[]
  readonly #pids: readonly number[]
  readonly #observer: Client
  /** How often each thing happened, by name. */
  readonly happened = new Map<string, number>()
  #pending: (Promise<void> | undefined)[] = []
  #answers: (string | undefined)[] = []

  private constructor(clients: readonly Client[], pids: readonly number[], observer: Client) {
    this.#clients = clients
    this.#pids = pids
    this.#observer = observer
  }

  static async open(server: RealServer): Promise<RealSessions> {
    const clients = await Promise.all(Array.from({ length: sessionCount }, () => server.connect()))
    const pids = await Promise.all(
      clients.map(async (client) => pidOf(await client.query('select pg_backend_pid() as pid'))),
    )
    return new RealSessions(clients, pids, await server.connect())
  }

  /** Plays a plan on the core and on the server, step by step; returns how many statements were compared. */
  async play(plan: Plan, through?: Through): Promise<number> {
    await this.#prepare(plan)
    const runs = new CoreRuns(plan, through)
    const done: string[] = []
    try {
      for (const step of [...plan.steps, ...endingsOf(plan)]) {
        if (this.#pending[step.session] !== undefined) continue
        done.push(`${step.session}: ${sqlText(step.statement)}`)
        await this.#compare(runs, step, done)
      }
    } finally {
      await this.#end()
    }
    return done.length
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients, this.#observer].map((client) => client.end()))
  }

  async #prepare({ rows }: Plan): Promise<void> {
    for (const table of tables) {
      await this.#observer.query(`drop table if exists ${table.name}`)
      await this.#observer.query(sqlText({ kind: 'create-table', table }))
    }
    for (const row of rows) await this.#observer.query(sqlText({ kind: 'insert', into: 'c', rows: [row] }))
    this.#pending = this.#clients.map(() => undefined)
  }

  async #compare(runs: CoreRuns, { session, statement }: Step, done: string[]): Promise<void> {
    const possible = runs.take({ session, statement })
    this.#answers = []
    this.#send(session, statement)
    const seen = await this.#settled(possible)
    const text = observationText(seen)
    done.push(`   ${text}`)
    runs.keep((observation) => observationText(observation) === text)
    const agreed = possible.some((observation) => observationText(observation) === text)
    if (!agreed) throw new Difference([...done, `the core: ${possible.map(observationText).join(' or ')}`].join('\n'))
    this.#count(statement, seen)
    // Whoever waits is to look for a deadlock now, and not when the next step has made one.
    if (seen.waiting.includes(true)) await sleep(deadlockMillis + 5)
  }

  #send(session: number, statement: Statement): void {
    this.#pending[session] = answerOf(this.#clients[session], statement).then((answer) => {
      this.#answers[session] = answer
      this.#pending[session] = undefined
    })
  }

  /** Waits until everybody is answered or waits for somebody, as the core says, or for good. */
  async #settled(possible: readonly Observation[]): Promise<Observation> {
    let changed = Date.now()
    let before = ''
    for (;;) {
      await Promise.race([...this.#pending.filter((pending) => pending !== undefined), sleep(1)])
      const waiting = await this.#waiting()
      const observation = { answers: this.#clients.map((_, index) => this.#answers[index]), waiting }
      const isStable = this.#pending.every((pending, index) => (pending === undefined) !== waiting[index])
      const text = observationText(observation)
      if (isStable && possible.some((each) => observationText(each) === text)) return observation
      if (text !== before) changed = Date.now()
      before = text
      if (isStable && Date.now() - changed > patience) return observation
      if (this.#pending.every((pending) => pending === undefined)) return observation
    }
  }

  async #waiting(): Promise<readonly boolean[]> {
    if (this.#pending.every((pending) => pending === undefined)) return this.#pids.map(() => false)
    const { rows } = await this.#observer.query<{ pid: number }>('select pid from pg_locks where not granted')
    const pids = new Set(rows.map(({ pid }) => pid))
    return this.#pids.map((pid, index) => pids.has(pid) && this.#pending[index] !== undefined)
  }

  async #end(): Promise<void> {
    while (this.#pending.some((pending) => pending !== undefined)) {
      await this.#observer.query('select pg_cancel_backend(pid) from pg_stat_activity where pid = any($1)', [
        this.#pids,
      ])
      await Promise.race([Promise.all(this.#pending), sleep(20)])
    }
    await Promise.all(this.#clients.map((client) => client.query('rollback')))
  }

  #count(statement: Statement, { answers, waiting }: Observation): void {
    const note = (what: string): void => void this.happened.set(what, (this.happened.get(what) ?? 0) + 1)
    note(statement.kind)
    for (const answer of answers) if (answer !== undefined && /^\w{5}$/.test(answer)) note(answer)
    for (const each of waiting) if (each) note('waits')
  }
}

/** Every session ends what is open, in two rounds: one may have waited for another. Then what is in the tables is read. */
function endingsOf({ steps }: Plan): readonly Step[] {
  const sessions = [...new Set(steps.map(({ session }) => session))].sort()
  return [
    ...[...sessions, ...sessions].map((session): Step => ({ session, statement: { kind: 'commit' } })),
    ...tables.map(({ name }): Step => ({ session: sessions[0] ?? 0, statement: { kind: 'select', from: name } })),
  ]
}

function observationText({ answers, waiting }: Observation): string {
  const parts = answers.map((answer, session) => (answer === undefined ? '' : `${session} → ${answer}`))
  const waits = waiting.map((each, session) => (each ? `${session} waits` : ''))
  return [...parts, ...waits].filter((part) => part !== '').join(', ')
}

async function answerOf(client: Client | undefined, statement: Statement): Promise<string> {
  if (client === undefined) throw new Error('There is no such session.')
  try {
    const { command, rows, rowCount } = await client.query<Record<string, unknown>>(sqlText(statement))
    const isAboutRows = ['select', 'insert', 'update', 'delete', 'advisory-lock'].includes(statement.kind)
    const rolledBack = statement.kind === 'commit' && command === 'ROLLBACK'
    return `${isAboutRows ? rowCount : 0}${rolledBack ? ' rolled back' : ''} ${JSON.stringify(rows.map(plain))}`
  } catch (error) {
    if (error instanceof DatabaseError) return error.code ?? String(error)
    throw error
  }
}

/** Counts and sums are texts on the wire. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? Number(value) : value]),
  )
}

function pidOf({ rows }: QueryResult<{ pid: number }>): number {
  return rows[0]?.pid ?? 0
}
