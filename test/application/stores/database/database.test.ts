import { describe, expect, it } from 'vitest'
import { sleep } from '../../../../src/application/program.ts'
import type { Program } from '../../../../src/application/program.ts'
import { where } from '../../../../src/application/stores/database/expression.ts'
import type { Statement } from '../../../../src/application/stores/database/statement.ts'
import type { Bench } from './database-world.ts'
import { inShort, runDatabase, second, strike } from './database-world.ts'

const readAll: Statement = { kind: 'select', from: 'payments' }

/** Pays order-n and notes the answer. */
function* payOnce({ database, pay, note }: Bench, id: number): Program {
  note(inShort(yield* database.execute(pay(id))))
}

describe('an effect', () => {
  it('is applied when the transaction that wrote it commits', () => {
    const { facts } = runDatabase({
      programs: {
        *billing({ database, pay }) {
          yield* database.transaction('read committed', function* body(session) {
            yield* session.execute(pay(1))
            return yield* session.execute(pay(2))
          })
        },
      },
    })
    expect(facts).toEqual(['effect-applied order-1', 'effect-applied order-2'])
  })

  it('is none of a transaction that rolls back', () => {
    const { facts, notes } = runDatabase({
      programs: {
        *billing({ database, pay, note }) {
          const result = yield* database.transaction('read committed', function* body(session) {
            yield* session.execute(pay(1))
            return yield* session.execute(pay(1))
          })
          note(result.kind === 'error' ? result.sqlState : 'committed')
        },
      },
    })
    expect({ facts, notes }).toEqual({ facts: [], notes: ['0 23505'] })
  })

  it('is skipped where the statement changed nothing', () => {
    const { facts } = runDatabase({
      programs: {
        *billing({ database, pay }) {
          const forgiving = { ...pay(1), onConflict: { action: 'nothing' } } as const
          for (const statement of [forgiving, forgiving]) yield* database.execute(statement)
        },
      },
    })
    expect(facts).toEqual(['effect-applied order-1', 'effect-skipped order-1'])
  })

  it('may be there although the answer was lost', () => {
    const cutOff = { when: { fact: 'effect-applied', values: {}, nth: 1 }, cut: 'after-state' } as const
    const { facts, notes } = runDatabase({
      faults: [{ action: 'crash', targets: [['records']], parameters: {}, strikes: cutOff, duration: second }],
      programs: { billing: (bench) => payOnce(bench, 1) },
    })
    expect(facts).toEqual(['effect-applied order-1'])
    expect(notes).toEqual(['0 08006 unknown'])
  })

  it.each([
    ['survives', 'on', ['effect-applied order-1']],
    ['is lost in', 'off', ['effect-applied order-1', 'effect-undone order-1']],
  ])('%s a loss of power with synchronous_commit = %s', (_, synchronous_commit, expected) => {
    const { facts, notes } = runDatabase({
      options: { synchronous_commit },
      faults: [strike('power-loss', 'records', 100_000, second)],
      programs: { billing: (bench) => payOnce(bench, 1) },
    })
    expect(notes).toEqual(['0 1'])
    expect(facts).toEqual(expected)
  })
})

describe('a server that crashes', () => {
  it('comes back with what was committed, and with nothing else', () => {
    const { notes } = runDatabase({
      faults: [strike('crash', 'records', second, second)],
      programs: {
        *billing({ database, pay, note }) {
          yield* database.execute(pay(1))
          const session = yield* database.connect()
          yield* session.execute({ kind: 'begin' })
          yield* session.execute(pay(2))
          yield* sleep(3 * second)
          note(inShort(yield* session.execute({ kind: 'commit' })))
          session.release()
          const found = yield* database.execute(readAll)
          note(JSON.stringify(found.kind === 'done' ? found.rows : found))
        },
      },
    })
    expect(notes).toEqual(['3 08006', '3 [{"id":1,"amount":10}]'])
  })

  it('cannot be connected to while it is down', () => {
    const { notes } = runDatabase({
      faults: [strike('crash', 'records', 0, second)],
      programs: { billing: (bench) => payOnce(bench, 1) },
    })
    expect(notes).toEqual(['0 08001'])
  })
})

describe('a client that holds a lock', () => {
  function* holder({ database, pay }: Bench): Program {
    const session = yield* database.connect()
    yield* session.execute({ kind: 'begin' })
    yield* session.execute(pay(1))
  }
  const programs = {
    holder,
    *rival(bench: Bench): Program {
      yield* sleep(500_000)
      yield* payOnce(bench, 1)
    },
  }

  it('holds it as long as it is paused', () => {
    const { notes } = runDatabase({ faults: [strike('pause', 'holder', 200_000, 60 * second)], programs })
    expect(notes).toEqual([])
  })

  it('holds it for idle_in_transaction_session_timeout at most', () => {
    const { notes } = runDatabase({ options: { idle_in_transaction_session_timeout: 5 * second }, programs })
    expect(notes).toEqual(['5 1'])
  })

  it('holds it until the server hears that its process has died', () => {
    const { notes } = runDatabase({ faults: [strike('crash', 'holder', 3 * second, 200 * second)], programs })
    expect(notes).toEqual(['3 1'])
  })

  it('holds it long after its host has died in silence', () => {
    const faults = [strike('power-loss', 'holder', 3 * second, 200 * second)]
    expect(runDatabase({ faults, programs }).notes).toEqual([])
    const options = { tcp_keepalives_idle: 10 * second, tcp_keepalives_interval: second, tcp_keepalives_count: 3 }
    const [note = ''] = runDatabase({ options, faults, programs }).notes
    expect(note).toMatch(/^1\d 1$/)
  })

  it('is waited for no longer than lock_timeout', () => {
    const { notes } = runDatabase({ options: { lock_timeout: 2 * second }, programs })
    expect(notes).toEqual(['2 55P03'])
  })
})

describe('connections', () => {
  it('are refused beyond max_connections, of which three are kept for others', () => {
    const { notes } = runDatabase({
      options: { max_connections: 5 },
      programs: {
        *billing({ database, pay, note }) {
          for (const id of [1, 2, 3]) note(inShort(yield* (yield* database.connect()).execute(pay(id))))
        },
      },
    })
    expect(notes).toEqual(['0 1', '0 1', '0 53300'])
  })

  it('are waited for when all of the pool are in use', () => {
    const { notes } = runDatabase({
      options: { 'pool.max': 1 },
      programs: {
        *billing({ database, pay, note }) {
          yield* database.transaction('read committed', function* body(session) {
            note(inShort(yield* session.execute(pay(1))))
            // The only connection is in use: this waits for ever.
            return yield* database.execute(pay(2))
          })
          note('over')
        },
      },
    })
    expect(notes).toEqual(['0 1'])
  })
})

describe('a standby', () => {
  const options = { standby: true, 'failover.after': 5 * second, connect_timeout: second, query_timeout: 2 * second }
  const readOn = function* readOn({ database, note }: Bench): Program {
    yield* sleep(40 * second)
    let found = yield* database.execute({ ...readAll, columns: ['id'] })
    // The connection to a host that died in silence is found out only by using it.
    if (found.kind === 'error') found = yield* database.execute({ ...readAll, columns: ['id'] })
    note(JSON.stringify(found.kind === 'done' ? found.rows.map(({ id }) => id) : found))
  }
  const programs = {
    *billing(bench: Bench): Program {
      yield* sleep(second)
      yield* payOnce(bench, 1)
      yield* sleep(2 * second)
      yield* payOnce(bench, 2)
      yield* readOn(bench)
    },
  }
  const cut = { ...strike('partition', '', 2 * second, 30 * second), targets: [['records-1'], ['records-2']] }
  const powerLoss = strike('power-loss', 'primary(records)', 4 * second, 60 * second)

  it('takes over with everything that it has got', () => {
    const { notes, facts } = runDatabase({ options, faults: [powerLoss], programs })
    expect(notes).toEqual(['1 1', '3 1', '45 [1,2]'])
    expect(facts).toEqual(['effect-applied order-1', 'effect-applied order-2'])
  })

  it('takes over without the commits that it has not got', () => {
    const { notes, facts } = runDatabase({ options, faults: [cut, powerLoss], programs })
    expect(notes).toEqual(['1 1', '3 1', '45 [1]'])
    expect(facts).toEqual(['effect-applied order-1', 'effect-applied order-2', 'effect-undone order-2'])
  })

  it('loses nothing that was answered where commits wait for it', () => {
    const synchronous = { ...options, synchronous_standby_names: '*' }
    const { notes, facts } = runDatabase({ options: synchronous, faults: [cut, powerLoss], programs })
    expect(facts).toEqual(['effect-applied order-1'])
    expect(notes).toEqual(['1 1', '5 08006 unknown', '45 [1]'])
  })

  it('is followed by the old primary, which drops what it had alone', () => {
    const { facts, notes } = runDatabase({
      options,
      faults: [cut],
      programs: {
        *billing(bench: Bench): Program {
          yield* sleep(second)
          yield* payOnce(bench, 1)
          // The connection to the old primary stands, and it does not know yet that another one has taken over.
          yield* sleep(14 * second)
          yield* payOnce(bench, 2)
          yield* readOn(bench)
        },
      },
    })
    expect(notes.slice(0, 2)).toEqual(['1 1', '15 1'])
    expect(facts).toEqual(['effect-applied order-1', 'effect-applied order-2', 'effect-undone order-2'])
  })
})

describe('handlers that look before they write', () => {
  const loose = { name: 'loose', columns: [{ name: 'id', type: 'integer' }], primaryKey: [], uniqueKeys: [] } as const

  /** Two handlers of the same message, which write only if nothing is there. */
  function duplicates(isolation: 'read committed' | 'serializable'): number {
    const handler = function* handler({ database, pay }: Bench): Program {
      database.migrate([loose])
      yield* database.transaction(isolation, function* body(session) {
        const found = yield* session.execute({ kind: 'select', from: 'loose', where: where('id', '=', 1) })
        if (found.kind === 'error' || found.count > 0) return found
        return yield* session.execute({ ...pay(1), into: 'loose', rows: [{ id: 1 }] })
      })
    }
    const { facts } = runDatabase({ programs: { one: handler, other: handler } })
    return facts.filter((fact) => fact.startsWith('effect-applied')).length
  }

  it('have the effect twice at read committed', () => {
    expect(duplicates('read committed')).toBe(2)
  })

  it('have it once at serializable', () => {
    expect(duplicates('serializable')).toBe(1)
  })
})
