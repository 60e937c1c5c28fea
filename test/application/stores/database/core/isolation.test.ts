import { describe, expect, it } from 'vitest'
import { column, literal, plus, where } from '../../../../../src/application/stores/database/expression.ts'
import type { Condition } from '../../../../../src/application/stores/database/expression.ts'
import type { Insert, Select, Update } from '../../../../../src/application/stores/database/statement.ts'
import { CoreSessions } from './core-sessions.ts'

const read = (id: number): Select => ({
  kind: 'select',
  from: 'accounts',
  columns: ['balance'],
  where: where('id', '=', id),
})
const add = (id: number, amount: number, meant: Condition = where('id', '=', id)): Update => ({
  kind: 'update',
  table: 'accounts',
  set: { balance: plus(column('balance'), literal(amount)) },
  where: meant,
})
const insert = (id: number): Insert => ({ kind: 'insert', into: 'accounts', rows: [{ id, balance: 0 }] })
const lock = (otherwise: 'wait' | 'nowait' | 'skip locked'): Select => ({
  ...read(1),
  lock: { strength: 'update', otherwise },
})

describe('read committed', () => {
  it('lets the second writer go on from what the first has made', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    expect(sessions.do('a', add(1, 5))).toBe('1')
    expect(sessions.do('b', add(1, 3))).toBe('waits')
    sessions.commit('a')
    expect(sessions.answerOf('b')).toBe('1')
    sessions.commit('b')
    expect(sessions.do('c', read(1))).toBe('[{"balance":18}]')
  })

  it('looks again whether a row is meant once whoever changed it has committed', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    sessions.do('a', add(1, 5))
    sessions.do('b', add(1, 3, where('balance', '=', 10)))
    sessions.commit('a')
    expect(sessions.answerOf('b')).toBe('1')
    sessions.commit('b')
    expect(sessions.do('c', read(1))).toBe('[{"balance":15}]')
  })

  it('loses an update that was computed from a read', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    for (const each of ['a', 'b']) expect(sessions.do(each, read(1))).toBe('[{"balance":10}]')
    for (const each of ['a', 'b']) {
      sessions.do(each, { ...add(1, 0), set: { balance: literal(11) } })
      sessions.commit(each)
    }
    expect(sessions.do('c', read(1))).toBe('[{"balance":11}]')
  })
})

describe('repeatable read', () => {
  it('sees one state, and refuses to write over a newer one', () => {
    const sessions = new CoreSessions()
    sessions.begin('repeatable read', 'a', 'b')
    sessions.do('a', read(1))
    sessions.do('b', add(1, 5))
    sessions.commit('b')
    expect(sessions.do('a', read(1))).toBe('[{"balance":10}]')
    expect(sessions.do('a', add(1, 1))).toBe('40001')
    expect(sessions.do('a', read(1))).toBe('25P02')
    expect(sessions.commit('a')).toBe('rolled back')
  })

  it('lets two transactions write what each has read of the other', () => {
    expect(skew('repeatable read')).toEqual(['0', '0'])
  })
})

describe('serializable', () => {
  it('refuses one of two transactions that each write what the other has read', () => {
    expect(skew('serializable')).toEqual(['0', '40001'])
  })

  it('refuses nothing where one transaction comes after the other', () => {
    const sessions = new CoreSessions()
    for (const each of ['a', 'b', 'a', 'b']) {
      sessions.begin('serializable', each)
      sessions.do(each, read(1))
      expect(sessions.do(each, add(2, 1))).toBe('1')
      expect(sessions.commit(each)).toBe('0')
    }
  })

  it('refuses no two transactions of which one only reads', () => {
    const sessions = new CoreSessions()
    sessions.begin('serializable', 'a', 'b')
    sessions.do('a', read(1))
    sessions.do('b', add(1, 1))
    expect(sessions.commit('b')).toBe('0')
    expect(sessions.do('a', read(2))).toBe('[{"balance":10}]')
    expect(sessions.commit('a')).toBe('0')
  })
})

describe('a unique key', () => {
  it('makes the second writer wait, and refuses it once the first has committed', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    sessions.do('a', insert(3))
    expect(sessions.do('b', insert(3))).toBe('waits')
    sessions.commit('a')
    expect(sessions.answerOf('b')).toBe('23505')
  })

  it('lets the second writer have it once the first has rolled back', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    sessions.do('a', insert(3))
    sessions.do('b', insert(3))
    sessions.do('a', { kind: 'rollback' })
    expect(sessions.answerOf('b')).toBe('1')
  })

  it('is left out where a conflict is forgiven, but not on account of a row that a snapshot does not show', () => {
    const sessions = new CoreSessions()
    const forgiving: Insert = { ...insert(3), onConflict: { action: 'nothing' } }
    sessions.begin('repeatable read', 'a')
    sessions.do('a', read(1))
    sessions.do('b', insert(3))
    expect(sessions.do('c', forgiving)).toBe('0')
    expect(sessions.do('a', forgiving)).toBe('40001')
  })
})

describe('a locked row', () => {
  it('is waited for, refused or left out, as a statement says', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a')
    sessions.do('a', lock('wait'))
    expect(sessions.do('b', lock('nowait'))).toBe('55P03')
    expect(sessions.do('b', lock('skip locked'))).toBe('0')
    expect(sessions.do('b', lock('wait'))).toBe('waits')
    expect(sessions.do('c', read(1))).toBe('[{"balance":10}]')
    sessions.commit('a')
    expect(sessions.answerOf('b')).toBe('[{"balance":10}]')
  })

  it('goes to those who wait for it in the order in which they came', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b', 'c')
    for (const each of ['a', 'b', 'c']) sessions.do(each, lock('wait'))
    sessions.commit('a')
    expect([sessions.answerOf('b'), sessions.answerOf('c')]).toEqual(['[{"balance":10}]', 'waits'])
    sessions.commit('b')
    expect(sessions.answerOf('c')).toBe('[{"balance":10}]')
  })
})

describe('a deadlock', () => {
  it('ends the session that looks for one first after it came to be', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a', 'b')
    sessions.do('a', add(1, 1))
    sessions.do('b', add(2, 1))
    sessions.do('a', add(2, 1))
    sessions.pass(1_500_000)
    expect(sessions.do('b', add(1, 1))).toBe('waits')
    sessions.pass(999_999)
    expect(sessions.answerOf('b')).toBe('waits')
    sessions.pass(1)
    expect([sessions.answerOf('a'), sessions.answerOf('b')]).toEqual(['1', '40P01'])
  })
})

describe('a savepoint', () => {
  it('is as far back as a failed statement takes a transaction', () => {
    const sessions = new CoreSessions()
    sessions.begin('read committed', 'a')
    sessions.do('a', add(1, 5))
    sessions.do('a', { kind: 'savepoint', name: 'before' })
    expect(sessions.do('a', insert(2))).toBe('23505')
    expect(sessions.do('a', read(1))).toBe('25P02')
    sessions.do('a', { kind: 'rollback-to-savepoint', name: 'before' })
    expect(sessions.commit('a')).toBe('0')
    expect(sessions.do('b', read(1))).toBe('[{"balance":15}]')
  })
})

/** Each of two transactions reads both accounts and takes from one of them: how their commits are answered. */
function skew(isolation: 'repeatable read' | 'serializable'): readonly string[] {
  const sessions = new CoreSessions()
  sessions.begin(isolation, 'a', 'b')
  for (const each of ['a', 'b']) sessions.do(each, { kind: 'select', from: 'accounts' })
  sessions.do('a', add(1, -5))
  sessions.do('b', add(2, -5))
  return [sessions.commit('a'), sessions.commit('b')]
}
