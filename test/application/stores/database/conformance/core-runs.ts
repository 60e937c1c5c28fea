import { coreDefaults, DatabaseCore } from '../../../../../src/application/stores/database/core/database-core.ts'
import type { Output } from '../../../../../src/application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../../../src/application/stores/database/core/session.ts'
import type { Row, Statement, StatementResult } from '../../../../../src/application/stores/database/statement.ts'
import type { Plan, Step } from './plan.ts'
import { sessionCount, tables } from './plan.ts'

/** What is seen after a step: who was answered and how, and who is waiting, by session from 0. */
export interface Observation {
  readonly answers: readonly (string | undefined)[]
  readonly waiting: readonly boolean[]
}

/**
 * Everything that the core may do. Where several sessions can go on at the same moment, the order is open, and each order is a run of its own; those
 * that the real server does not agree with are dropped.
 */
export class CoreRuns {
  readonly #plan: Plan
  readonly #through: Through
  readonly #steps: Step[] = []
  #runs: readonly Run[]

  /** `through`: another way to say the same to the core. */
  constructor(plan: Plan, through: Through = (statement) => ({ statement, named: (row) => row })) {
    this.#plan = plan
    this.#through = through
    this.#runs = [{ choices: [], last: { answers: [], waiting: [] } }]
  }

  /** What may be seen after one more step. */
  take(step: Step): readonly Observation[] {
    this.#steps.push(step)
    this.#runs = this.#runs.flatMap(({ choices }) => this.#runsFrom(choices))
    return this.#runs.map(({ last }) => last)
  }

  /** Drops what was not seen. */
  keep(isSeen: (observation: Observation) => boolean): void {
    this.#runs = this.#runs.filter(({ last }) => isSeen(last))
  }

  #runsFrom(choices: readonly number[]): readonly Run[] {
    const counts: number[] = []
    const last = play(this.#plan, this.#steps, this.#through, (count) => {
      counts.push(count)
      return choices[counts.length - 1] ?? 0
    })
    const made = counts.map((_, index) => choices[index] ?? 0)
    const others = counts.flatMap((count, index) =>
      index < choices.length
        ? []
        : Array.from({ length: count - 1 }, (_, other) => [...made.slice(0, index), other + 1]),
    )
    return [{ choices: made, last }, ...others.flatMap((other) => this.#runsFrom(other))]
  }
}

interface Run {
  readonly choices: readonly number[]
  readonly last: Observation
}

/** A statement as the core gets it, and how its rows read under the names of the plan. */
export type Through = (statement: Statement) => { readonly statement: Statement; named(row: Row): Row }

/** Plays the steps from the start and tells what is seen after the last. */
function play(
  { rows }: Plan,
  steps: readonly Step[],
  through: Through,
  choose: (count: number) => number,
): Observation {
  const core = new DatabaseCore({ ...coreDefaults, choose }, tables)
  const numbers = Array.from({ length: sessionCount }, () => core.open(sessionDefaults, 0))
  const setUp = core.open(sessionDefaults, 0)
  let now = 0
  let answers: (string | undefined)[] = []
  let named: ReturnType<Through>['named'][] = []
  const settle = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.kind === 'log') settle(core.logged(output.session, now))
      else if (output.kind === 'answer')
        answers[numbers.indexOf(output.session)] = resultText(output.result, named[output.session])
    }
  }
  const execute = (session: number, statement: Statement): void => {
    answers = []
    const said = through(statement)
    named[session] = said.named
    settle(core.execute(session, said.statement, now))
    // Every session that waits has looked for a deadlock before the next step.
    now += 2 * coreDefaults.deadlockTimeout
    settle(core.passTime(now))
  }
  for (const row of rows) execute(setUp, { kind: 'insert', into: 'c', rows: [row] })
  for (const { session, statement } of steps) execute(numbers[session] ?? 0, statement)
  return {
    answers: numbers.map((_, session) => answers[session]),
    waiting: numbers.map((number) => core.isWaiting(number)),
  }
}

/** A result as a text, the same for the core and the real server. */
function resultText(result: StatementResult, named: ReturnType<Through>['named'] = (row) => row): string {
  if (result.kind === 'error') return result.sqlState
  return `${result.count}${result.rolledBack ? ' rolled back' : ''} ${JSON.stringify(result.rows.map(named))}`
}
