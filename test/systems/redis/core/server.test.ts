import { describe, expect, it } from 'vitest'
import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { Script } from '../../../../src/systems/redis/core/script.ts'
import { Session } from './core.ts'

const set = (key: string, value: string): Command => ({ type: 'SET', key, value })

describe('A transaction', () => {
  it('is written as one', () => {
    const session = new Session()
    for (const command of [{ type: 'MULTI' } as const, set('x', 'a'), set('y', 'b')]) session.run(command)
    const { propagations } = session.run({ type: 'EXEC' })
    expect(propagations).toEqual([
      { commands: [set('x', 'a'), set('y', 'b')], to: 'file-and-replicas', bytes: 29 + 2 * 27 },
    ])
  })

  it('does nothing if a watched key has changed, or a command was refused', () => {
    const session = new Session()
    session.run({ type: 'WATCH', keys: ['x'] })
    session.run(set('x', 'other'), 2)
    session.run({ type: 'MULTI' })
    session.run(set('y', 'a'))
    expect(session.ask({ type: 'EXEC' })).toBeUndefined()
    session.run({ type: 'MULTI' })
    session.core.refuse(1, set('y', 'a'), { type: 'error', prefix: 'READONLY', text: 'no' })
    expect(session.ask({ type: 'EXEC' })).toEqual({
      error: 'EXECABORT Transaction discarded because of previous errors.',
    })
    expect(session.ask({ type: 'EXISTS', keys: ['y'] })).toBe(0)
  })

  it('counts as a write if one of its commands is', () => {
    const session = new Session()
    session.run({ type: 'MULTI' })
    expect(session.core.isWrite(1, { type: 'EXEC' })).toBe(false)
    session.run(set('y', 'a'))
    expect(session.core.isWrite(1, { type: 'EXEC' })).toBe(true)
  })
})

describe('A script', () => {
  const acknowledgeOwn: Script = ({ keys: [key = ''], arguments: [group, consumer, id], run }) => {
    const [from, owner] = [String(id), String(consumer)]
    const reply = run({
      type: 'XPENDING',
      key,
      group: String(group),
      range: { from, to: from, count: 1, consumer: owner },
    })
    if (reply.type !== 'pending' || reply.entries.length === 0) return { type: 'integer', value: 0 }
    return run({ type: 'XACK', key, group: String(group), ids: [from] })
  }

  it('sees what its own commands did, and nobody comes between them', () => {
    const session = new Session({ scripts: new Map([['acknowledge-own', acknowledgeOwn]]) })
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('zombie')
    session.ask({ type: 'XCLAIM', key: 's', group: 'g', consumer: 'heir', minIdle: 0, ids: ['1-0'] })
    const ask = (consumer: string): unknown =>
      session.ask({ type: 'EVAL', script: 'acknowledge-own', keys: ['s'], arguments: ['g', consumer, '1-0'] })
    expect([ask('zombie'), ask('heir')]).toEqual([0, 1])
    expect(session.written.at(-1)).toBe('XACK s g 1-0')
  })
})

describe('Published messages', () => {
  it('reach a client once for its channel and once for each pattern, and are counted so', () => {
    const session = new Session()
    session.run({ type: 'SUBSCRIBE', channels: ['news'] }, 2)
    session.run({ type: 'PSUBSCRIBE', channels: ['n*', '*s'] }, 2)
    const { answers, propagations } = session.run({ type: 'PUBLISH', channel: 'news', message: 'a' })
    expect(answers.map(({ client, reply }) => [client, reply.type])).toEqual([
      [2, 'message'],
      [2, 'message'],
      [2, 'message'],
      [1, 'integer'],
    ])
    expect(propagations).toMatchObject([{ to: 'replicas' }])
  })

  it('are for nobody who comes later', () => {
    const session = new Session()
    expect(session.ask({ type: 'PUBLISH', channel: 'news', message: 'a' })).toBe(0)
    session.run({ type: 'SUBSCRIBE', channels: ['news'] }, 2)
    expect(session.run({ type: 'PUBLISH', channel: 'news', message: 'b' }).answers).toHaveLength(2)
  })

  it('of a shard reach no pattern, and nobody after its slot has moved', () => {
    const session = new Session()
    session.run({ type: 'PSUBSCRIBE', channels: ['*'] }, 2)
    session.run({ type: 'SSUBSCRIBE', channels: ['news'] }, 3)
    const publish: Command = { type: 'SPUBLISH', channel: 'news', message: 'a' }
    expect(session.ask(publish)).toBe(1)
    expect(session.core.endShardChannel('news').answers).toMatchObject([{ client: 3, reply: { kind: 'sunsubscribe' } }])
    expect(session.ask(publish)).toBe(0)
  })

  it('reach the subscribers of a replica too', () => {
    const session = new Session()
    session.core.role = 'replica'
    session.run({ type: 'SUBSCRIBE', channels: ['news'] }, 2)
    const { answers } = session.core.apply([{ type: 'PUBLISH', channel: 'news', message: 'a' }], session.now)
    expect(answers).toMatchObject([{ client: 2 }])
  })
})

describe('A key whose time is over', () => {
  it('is deleted by a master when somebody looks for it, and replicas are told', () => {
    const session = new Session()
    session.run({ type: 'SET', key: 'x', value: 'a', expiry: { px: 100 } })
    expect(session.core.nextExpiry).toBe(session.now + 100)
    session.pass(100)
    expect(session.ask({ type: 'GET', key: 'x' })).toBe('a')
    session.pass(1)
    expect(session.ask({ type: 'GET', key: 'x' })).toBeUndefined()
    expect(session.written).toEqual([`SET x a PXAT ${session.now - 1}`, 'DEL x'])
  })

  it('is hidden by a replica, which waits for its master to delete it', () => {
    const session = new Session()
    session.core.role = 'replica'
    session.core.apply([{ type: 'SET', key: 'x', value: 'a', expiry: { pxat: session.now } }], session.now)
    session.pass(1)
    expect(session.ask({ type: 'GET', key: 'x' })).toBeUndefined()
    session.core.role = 'master'
    expect(session.core.expire(session.now).propagations).toMatchObject([{ commands: [{ type: 'DEL' }] }])
  })
})

describe('A server without memory', () => {
  const push = (key: string, value: string): Command => ({ type: 'LPUSH', key, values: [value] })

  it('refuses what takes more, and goes on giving out', () => {
    const session = new Session({ maxMemory: 500 })
    for (let number = 0; number < 50; number++) session.run(push('l', 'x'.repeat(20)))
    expect(session.ask(push('l', 'y'))).toEqual({ error: "OOM command not allowed when used memory > 'maxmemory'." })
    expect(session.ask({ type: 'RPOP', key: 'l' })).toBe('x'.repeat(20))
  })

  it('evicts whole keys where it may, whatever is in them', () => {
    const session = new Session({ maxMemory: 600, maxMemoryPolicy: 'allkeys-lru' })
    session.run({
      type: 'RPUSH',
      key: 'jobs',
      values: [
        { message: 1, bytes: 100 },
        { message: 2, bytes: 100 },
      ],
    })
    session.run(set('x', 'a'.repeat(600)))
    session.run({ type: 'PING' })
    expect(session.ask({ type: 'EXISTS', keys: ['jobs'] })).toBe(0)
    expect(session.events).toContainEqual({
      ...{ kind: 'key-gone', key: 'jobs', reason: 'evicted' },
      payloads: [
        { message: 1, bytes: 100 },
        { message: 2, bytes: 100 },
      ],
    })
  })
})
