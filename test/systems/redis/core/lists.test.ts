import { describe, expect, it } from 'vitest'
import type { Command } from '../../../../src/systems/redis/core/command.ts'
import { wireOf } from '../../../../src/systems/redis/core/wire-reply.ts'
import { Session } from './core.ts'

const pop = (...keys: readonly string[]): Command => ({ type: 'BLPOP', keys, timeout: 0 })
const push = (key: string, ...values: readonly string[]): Command => ({ type: 'LPUSH', key, values })

function served(session: Session, command: Command): unknown {
  return session.run(command).answers.map(({ client, reply }) => [client, wireOf(reply)])
}

describe('Clients that wait for a list', () => {
  it('are served in the order in which they began to', () => {
    const session = new Session()
    session.run(pop('l'), 3)
    session.run(pop('l'), 2)
    expect(served(session, push('l', 'a', 'b', 'c'))).toEqual([
      [1, 3],
      [3, ['l', 'c']],
      [2, ['l', 'b']],
    ])
    expect(session.written).toEqual(['LPUSH l a b c', 'LPOP l', 'LPOP l'])
  })

  it('are served after the transaction that fills it, and by the order of their keys where it fills several', () => {
    const session = new Session()
    session.run(pop('high', 'low'), 2)
    session.run({ type: 'MULTI' })
    session.run(push('low', 'a'))
    session.run(push('high', 'b'))
    expect(served(session, { type: 'EXEC' })).toEqual([
      [1, [1, 1]],
      [2, ['high', 'b']],
    ])
  })

  it('get what was pushed to another list before them, from one to the next', () => {
    const session = new Session()
    const move = (source: string, destination: string): Command => ({
      ...{ type: 'BLMOVE', source, destination, from: 'RIGHT', to: 'LEFT', timeout: 0 },
    })
    session.run(move('middle', 'end'), 2)
    session.run(move('start', 'middle'), 3)
    session.run(push('start', 'a'))
    expect(session.ask({ type: 'LRANGE', key: 'end', start: 0, stop: -1 })).toEqual(['a'])
    expect(session.written.slice(1)).toEqual(['LMOVE start middle RIGHT LEFT', 'LMOVE middle end RIGHT LEFT'])
  })

  it('are told nothing where they may not wait', () => {
    const session = new Session()
    session.run({ type: 'MULTI' })
    session.run(pop('l'))
    expect(session.ask({ type: 'EXEC' })).toEqual([undefined])
  })

  it('are told when their time is over, or the server is a replica now', () => {
    const session = new Session()
    expect(session.run({ type: 'BLPOP', keys: ['l'], timeout: 1.5 }, 2).waits).toBe(1500)
    expect(session.core.timeOut(2).answers).toEqual([{ client: 2, reply: { type: 'nil' } }])
    session.run(pop('l'), 3)
    expect(session.core.unblockAll().answers).toMatchObject([{ client: 3, reply: { prefix: 'UNBLOCKED' } }])
    expect(served(session, push('l', 'a'))).toEqual([[1, 1]])
  })

  it('are forgotten when they are gone', () => {
    const session = new Session()
    session.run(pop('l'), 2)
    session.core.disconnect(2)
    expect(served(session, push('l', 'a'))).toEqual([[1, 1]])
  })
})

describe('A list', () => {
  it('gives an element up before anybody has got it', () => {
    const session = new Session()
    session.run(push('l', 'job'))
    session.run({ type: 'RPOP', key: 'l' })
    expect(session.ask({ type: 'EXISTS', keys: ['l'] })).toBe(0)
    expect(session.events).toContainEqual({ kind: 'popped', key: 'l', value: 'job' })
  })

  it('carries messages of the simulation, which are the same where their number is', () => {
    const session = new Session()
    const value = { message: 7, bytes: 100 }
    session.run({ type: 'RPUSH', key: 'l', values: [value, { message: 8, bytes: 100 }] })
    expect(session.ask({ type: 'LREM', key: 'l', count: 0, value: { message: 7, bytes: 100 } })).toBe(1)
    expect(session.ask({ type: 'LRANGE', key: 'l', start: 0, stop: -1 })).toEqual([{ message: 8, bytes: 100 }])
  })
})
