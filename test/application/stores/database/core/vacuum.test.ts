import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coreDefaults, DatabaseCore } from '../../../../../src/application/stores/database/core/database-core.ts'
import type { CommitRecord } from '../../../../../src/application/stores/database/core/commit-record.ts'
import type { Output } from '../../../../../src/application/stores/database/core/database-core.ts'
import { sessionDefaults } from '../../../../../src/application/stores/database/core/session.ts'
import { column, literal, plus } from '../../../../../src/application/stores/database/expression.ts'
import type { Statement } from '../../../../../src/application/stores/database/statement.ts'
import type { Plan } from '../conformance/plan.ts'
import { plansAt, sessionCount, tables } from '../conformance/plan.ts'

/** Plays a plan on the core alone; returns all answers and the log. */
function play(
  { rows, steps }: Plan,
  vacuums: boolean,
): { readonly answers: readonly string[]; readonly log: readonly CommitRecord[] } {
  const core = new DatabaseCore(coreDefaults, tables)
  const answers: string[] = []
  const log: CommitRecord[] = []
  const busy = new Set<number>()
  let now = 0
  const settle = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.kind === 'log') {
        log.push(output.record)
        settle(core.logged(output.session, now))
      } else if (output.kind === 'answer') {
        busy.delete(output.session)
        answers.push(`${output.session} ${JSON.stringify(output.result)}`)
      }
    }
  }
  const execute = (session: number, statement: Statement): void => {
    if (busy.has(session)) return
    busy.add(session)
    settle(core.execute(session, statement, now))
    now += 2 * coreDefaults.deadlockTimeout
    settle(core.passTime(now))
    if (vacuums) core.vacuum()
  }
  const sessions = Array.from({ length: sessionCount }, () => core.open(sessionDefaults, 0))
  for (const row of rows) execute(1, { kind: 'insert', into: 'c', rows: [row] })
  for (const { session, statement } of steps) execute(session + 1, statement)
  for (const session of [...sessions, ...sessions, ...sessions]) execute(session, { kind: 'commit' })
  for (const { name } of tables) execute(1, { kind: 'select', from: name })
  return { answers, log }
}

describe('dropping versions that nobody can see', () => {
  it('changes no answer', () => {
    fc.assert(
      fc.property(plansAt(), (plan) => {
        expect(play(plan, true).answers).toEqual(play(plan, false).answers)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves one version of a row that was updated often', () => {
    const core = new DatabaseCore(coreDefaults, tables)
    const session = core.open(sessionDefaults, 0)
    const run = (statement: Statement): void => {
      for (const output of core.execute(session, statement, 0)) if (output.kind === 'log') core.logged(session, 0)
    }
    run({ kind: 'insert', into: 'c', rows: [{ id: 1, u: null, n: 0 }] })
    for (let count = 0; count < 20; count++)
      run({ kind: 'update', table: 'c', set: { n: plus(column('n'), literal(1)) } })
    expect(core.vacuum()).toBe(1)
  })
})

describe('a database that is made again from its log', () => {
  it('holds the same rows', () => {
    fc.assert(
      fc.property(plansAt(), (plan) => {
        const { answers, log } = play(plan, false)
        const core = new DatabaseCore(coreDefaults, tables, log)
        const session = core.open(sessionDefaults, 0)
        const again = tables.flatMap(({ name }) =>
          core
            .execute(session, { kind: 'select', from: name }, 0)
            .flatMap((output) => (output.kind === 'answer' ? [sorted(JSON.stringify(output.result))] : [])),
        )
        expect(again).toEqual(answers.slice(-tables.length).map((answer) => sorted(answer.slice(2))))
      }),
      { numRuns: 300 },
    )
  })
})

/** Without an `order by` rows come as they stand in the table, which a start may change. */
function sorted(answer: string): string {
  return answer
    .split(/(?<=\}),(?=\{)|\[|\]/)
    .sort()
    .join()
}
