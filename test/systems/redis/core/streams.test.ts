import { describe, expect, it } from 'vitest'
import { Session } from './core.ts'

function readBy(session: Session, ...consumers: readonly string[]): void {
  for (const consumer of consumers) session.read(consumer, { count: 1 })
}

describe('A stream', () => {
  it('stays at the time of its last entry while the clock is behind', () => {
    const session = new Session()
    const add = (): unknown => session.ask({ type: 'XADD', key: 's', id: '*', fields: ['f', 'v'] })
    expect([add(), add()]).toEqual(['1000000-0', '1000000-1'])
    session.pass(-5000)
    expect(add()).toBe('1000000-2')
    session.pass(5001)
    expect(add()).toBe('1000001-0')
  })

  it('is trimmed by whole nodes where that is enough', () => {
    const session = new Session()
    session.fill('s', 300)
    const trim = (approximate: boolean): unknown =>
      session.ask({ type: 'XTRIM', key: 's', trimming: { strategy: { maxLength: 50 }, approximate } })
    expect([trim(true), session.ask({ type: 'XLEN', key: 's' })]).toEqual([200, 100])
    expect([trim(false), session.ask({ type: 'XLEN', key: 's' })]).toEqual([50, 50])
    expect(session.written.slice(-2)).toEqual(['XTRIM s MAXLEN = 100', 'XTRIM s MAXLEN = 50'])
  })

  it('keeps pending ids of entries that were trimmed, and says that there is nothing under them', () => {
    const session = new Session()
    session.fill('s', 2)
    session.group('s', 'g')
    session.read('a')
    session.ask({ type: 'XTRIM', key: 's', trimming: { strategy: { maxLength: 1 }, approximate: false } })
    expect(session.ask({ type: 'XREADGROUP', group: 'g', consumer: 'a', streams: [{ key: 's', id: '0' }] })).toEqual([
      [
        's',
        [
          ['1-0', undefined],
          ['2-0', ['f', 'v2']],
        ],
      ],
    ])
  })
})

describe('A consumer group', () => {
  it('delivers when it reads, and remembers to whom', () => {
    const session = new Session({ version: '7.0' })
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('a')
    expect(session.read('b')).toBeUndefined()
    expect(session.pending()).toEqual([['1-0', 'a', 0, 1]])
    expect(session.written.at(-1)).toBe('XCLAIM s g a 0 1-0 TIME 1000000 RETRYCOUNT 1 FORCE JUSTID LASTID 1-0')
  })

  it('counts a second look at what is pending as a delivery, and tells no replica', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('a')
    const { length } = session.written
    session.pass(1000)
    session.read('a', { id: '0' })
    expect(session.pending()).toEqual([['1-0', 'a', 0, 2]])
    expect(session.written).toHaveLength(length)
  })

  it('lets anybody acknowledge anything, once', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('zombie')
    session.ask({ type: 'XCLAIM', key: 's', group: 'g', consumer: 'heir', minIdle: 0, ids: ['1-0'] })
    const acknowledge = (): unknown => session.ask({ type: 'XACK', key: 's', group: 'g', ids: ['1-0'] })
    expect([acknowledge(), acknowledge()]).toEqual([1, 0])
  })

  it('lets an entry be claimed at the very millisecond', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('a')
    const claim = (): unknown =>
      session.ask({ type: 'XCLAIM', key: 's', group: 'g', consumer: 'b', minIdle: 100, ids: ['1-0'] })
    session.pass(99)
    expect(claim()).toEqual([])
    session.pass(1)
    expect(claim()).toEqual([['1-0', ['f', 'v1']]])
  })

  it('delivers again what it was set back before, and counts from one', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('a')
    session.read('a', { id: '0' })
    session.ask({ type: 'XGROUP SETID', key: 's', group: 'g', id: '0' })
    expect(session.read('b')).toEqual(['1-0'])
    expect(session.pending()).toEqual([['1-0', 'b', 0, 1]])
  })

  it('forgets with a consumer what that had pending', () => {
    const session = new Session()
    session.fill('s', 2)
    session.group('s', 'g')
    readBy(session, 'a', 'b')
    expect(session.ask({ type: 'XGROUP DELCONSUMER', key: 's', group: 'g', consumer: 'a' })).toBe(1)
    expect(session.pending()).toEqual([['2-0', 'b', 0, 1]])
    expect(session.events).toContainEqual({
      ...{ kind: 'forgotten', key: 's', group: 'g', id: '1-0', consumer: 'a', reason: 'consumer-deleted' },
    })
  })

  it('goes with its stream, and those who wait are told', () => {
    for (const [version, error] of [
      ['7.0', 'UNBLOCKED the stream key no longer exists'],
      ['7.2', "NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option"],
    ] as const) {
      const session = new Session({ version })
      session.group('s', 'g')
      const streams = [{ key: 's', id: '>' }]
      session.run({ type: 'XREADGROUP', group: 'g', consumer: 'a', block: 0, streams }, 2)
      const { answers } = session.run({ type: 'DEL', keys: ['s'] })
      expect(
        answers.map(({ reply }) => (reply.type === 'error' ? `${reply.prefix} ${reply.text}` : reply.type)),
      ).toEqual(['integer', error])
    }
  })

  it('gives one of two that wait the new entry, and the other goes on waiting', () => {
    const session = new Session()
    session.group('s', 'g')
    const streams = [{ key: 's', id: '>' }]
    for (const client of [2, 3])
      session.run({ type: 'XREADGROUP', group: 'g', consumer: `c${client}`, block: 0, streams }, client)
    const add = (id: string): unknown =>
      session.run({ type: 'XADD', key: 's', id, fields: ['f', 'v'] }).answers.map(({ client }) => client)
    expect([add('1-0'), add('2-0')]).toEqual([
      [1, 2],
      [1, 3],
    ])
  })
})
