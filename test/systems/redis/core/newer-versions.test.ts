import { describe, expect, it } from 'vitest'
import type { References } from '../../../../src/systems/redis/core/stream-command.ts'
import { Session } from './core.ts'

const poison = Number.MAX_SAFE_INTEGER

function addAs(session: Session, producer: string, id: string, value = id): string {
  return String(session.ask({ type: 'XADD', key: 's', id: '*', fields: ['f', value], idempotency: { producer, id } }))
}

/** Two entries, and two groups to whose only consumer both were given. */
function twoGroups(): Session {
  const session = new Session()
  session.fill('s', 2)
  for (const group of ['g', 'h']) {
    session.group('s', group)
    session.run({ type: 'XREADGROUP', group, consumer: 'a', streams: [{ key: 's', id: '>' }] })
  }
  return session
}

function acknowledgeAndDelete(session: Session, group: string, references: References): unknown {
  return session.ask({ type: 'XACKDEL', key: 's', group, ids: ['1-0', '2-0'], references })
}

const length = (session: Session): unknown => session.ask({ type: 'XLEN', key: 's' })
const pendingIn = (session: Session, group: string): unknown => {
  const summary = session.ask({ type: 'XPENDING', key: 's', group })
  return Array.isArray(summary) ? summary[0] : summary
}

describe('References of consumer groups (8.2)', () => {
  it('stay by default when an entry is acknowledged and deleted', () => {
    const session = twoGroups()
    expect(acknowledgeAndDelete(session, 'g', 'KEEPREF')).toEqual([1, 1])
    expect([length(session), pendingIn(session, 'g'), pendingIn(session, 'h')]).toEqual([0, 0, 2])
    expect(acknowledgeAndDelete(session, 'h', 'KEEPREF')).toEqual([1, 1])
  })

  it('go with the entry where they are told to', () => {
    const session = twoGroups()
    expect(acknowledgeAndDelete(session, 'g', 'DELREF')).toEqual([1, 1])
    expect([length(session), pendingIn(session, 'h')]).toEqual([0, 0])
    expect(acknowledgeAndDelete(session, 'h', 'DELREF')).toEqual([-1, -1])
  })

  it('keep the entry until every group has acknowledged it', () => {
    const session = twoGroups()
    expect(acknowledgeAndDelete(session, 'g', 'ACKED')).toEqual([2, 2])
    expect(length(session)).toBe(2)
    expect(acknowledgeAndDelete(session, 'h', 'ACKED')).toEqual([1, 1])
    expect(length(session)).toBe(0)
  })

  it('of a group that has not read the entry yet keep it too', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    expect(session.ask({ type: 'XDELEX', key: 's', ids: ['1-0', '9-0'], references: 'ACKED' })).toEqual([2, -1])
  })

  it('spare what is pending from trimming, and not what is behind it', () => {
    const session = new Session()
    session.fill('s', 4)
    session.group('s', 'g')
    session.read('a', { count: 3 })
    session.ask({ type: 'XACK', key: 's', group: 'g', ids: ['2-0'] })
    const trimming = { strategy: { maxLength: 1 }, approximate: false, references: 'ACKED' } as const
    expect(session.ask({ type: 'XTRIM', key: 's', trimming })).toBe(1)
    expect(session.ask({ type: 'XRANGE', key: 's', from: '-', to: '+' })).toEqual([
      ['1-0', ['f', 'v1']],
      ['3-0', ['f', 'v3']],
      ['4-0', ['f', 'v4']],
    ])
  })

  it('mean nothing to an older server', () => {
    const session = new Session({ version: '8.0' })
    expect(session.ask({ type: 'XDELEX', key: 's', ids: ['1-0'] })).toEqual({ error: "ERR unknown command 'XDELEX'" })
  })
})

describe('A reader that claims (8.4)', () => {
  it('gets what has been pending for long first, the longest idle before the others, and then what is new', () => {
    const session = new Session()
    session.fill('s', 3)
    session.group('s', 'g')
    session.read('dead', { count: 1 })
    session.pass(10)
    session.read('dead', { count: 1 })
    session.pass(50)
    expect(
      session.ask({ type: 'XREADGROUP', group: 'g', consumer: 'b', claim: 50, streams: [{ key: 's', id: '>' }] }),
    ).toEqual([
      [
        's',
        [
          ['1-0', ['f', 'v1'], 60, 1],
          ['2-0', ['f', 'v2'], 50, 1],
          ['3-0', ['f', 'v3'], 0, 0],
        ],
      ],
    ])
    expect(session.pending()).toEqual([
      ['1-0', 'b', 0, 2],
      ['2-0', 'b', 0, 2],
      ['3-0', 'b', 0, 1],
    ])
  })

  it('takes over as many as it asked for, and asks in vain for its own history', () => {
    const session = new Session()
    session.fill('s', 3)
    session.group('s', 'g')
    session.read('dead')
    session.pass(100)
    expect(session.read('b', { claim: 50, count: 2 })).toEqual(['1-0', '2-0'])
    expect(session.read('c', { claim: 0, id: '0' })).toEqual([])
  })

  it('waits until something has been pending for long enough', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    session.read('dead')
    const streams = [{ key: 's', id: '>' }]
    session.run({ type: 'XREADGROUP', group: 'g', consumer: 'b', claim: 500, block: 0, streams })
    expect(session.core.nextClaim).toBe(session.now + 500)
    expect(session.core.serveClaims(session.now + 499).answers).toEqual([])
    expect(session.core.serveClaims(session.now + 500).answers).toMatchObject([{ client: 1 }])
    expect(session.core.nextClaim).toBe(Infinity)
  })
})

describe('An entry that a producer adds again (8.6)', () => {
  it('is not added, and the answer is the id that it has', () => {
    const session = new Session()
    const first = addAs(session, 'p', 'order-1')
    session.pass(99_999)
    expect(addAs(session, 'p', 'order-1')).toBe(first)
    expect(length(session)).toBe(1)
    expect(session.written).toHaveLength(1)
  })

  it('is added once more after the duration, or for another producer', () => {
    const session = new Session()
    const first = addAs(session, 'p', 'order-1')
    expect(addAs(session, 'q', 'order-1')).not.toBe(first)
    session.pass(100_000)
    expect(addAs(session, 'p', 'order-1')).not.toBe(first)
    expect(length(session)).toBe(3)
  })

  it('is added once more after a hundred newer ones, however soon', () => {
    const session = new Session()
    const first = addAs(session, 'p', 'order-0')
    for (let number = 1; number < 100; number++) addAs(session, 'p', `order-${number}`)
    expect(addAs(session, 'p', 'order-0')).toBe(first)
    addAs(session, 'p', 'order-100')
    expect(addAs(session, 'p', 'order-0')).not.toBe(first)
  })

  it('is added once more after the windows were changed, but not if they were set to what they were', () => {
    const session = new Session()
    const first = addAs(session, 'p', 'order-1')
    session.ask({ type: 'XCFGSET', key: 's', duration: 100 })
    expect(addAs(session, 'p', 'order-1')).toBe(first)
    session.ask({ type: 'XCFGSET', key: 's', duration: 200 })
    expect(addAs(session, 'p', 'order-1')).not.toBe(first)
  })

  it('is known by its fields where it has no id of its own, so that two that are meant are one', () => {
    const session = new Session()
    const add = (...fields: readonly string[]): unknown =>
      session.ask({ type: 'XADD', key: 's', id: '*', fields, idempotency: { producer: 'p' } })
    const first = add('item', 'tea', 'count', '1')
    expect(add('count', '1', 'item', 'tea')).toBe(first)
    expect(add('item', 'tea', 'count', '2')).not.toBe(first)
  })

  it('is known to a replica that takes over, and after a restart', () => {
    const session = new Session()
    const replica = new Session()
    const { propagations, answers } = session.run({
      ...{ type: 'XADD', key: 's', id: '*', fields: ['f', 'v'] },
      idempotency: { producer: 'p', id: 'order-1' },
    })
    for (const { commands } of propagations) replica.core.apply(commands, session.now)
    expect(answers).toMatchObject([{ reply: { value: addAs(replica, 'p', 'order-1') } }])
    const restarted = new Session()
    restarted.core.restore(session.core.snapshot(), session.now)
    expect(addAs(restarted, 'p', 'order-1')).toBe(addAs(replica, 'p', 'order-1'))
  })

  it('cannot have an id of the stream of its own', () => {
    const session = new Session()
    expect(
      session.ask({ type: 'XADD', key: 's', id: '1-1', fields: ['f', 'v'], idempotency: { producer: 'p', id: '1' } }),
    ).toEqual({ error: 'ERR IDMP/IDMPAUTO can be used only with auto-generated IDs' })
  })
})

describe('A released entry (8.8)', () => {
  const release = (session: Session, mode: 'SILENT' | 'FAIL' | 'FATAL', ...ids: string[]): unknown =>
    session.ask({ type: 'XNACK', key: 's', group: 'g', mode, ids })

  function threeRead(): Session {
    const session = new Session()
    session.fill('s', 3)
    session.group('s', 'g')
    session.read('a')
    return session
  }

  it('is nobody’s, and its deliveries count as the consumer says', () => {
    const session = threeRead()
    expect([
      release(session, 'SILENT', '1-0'),
      release(session, 'FAIL', '2-0'),
      release(session, 'FATAL', '3-0'),
    ]).toEqual([1, 1, 1])
    expect(session.pending()).toEqual([
      ['1-0', '', -1, 0],
      ['2-0', '', -1, 1],
      ['3-0', '', -1, poison],
    ])
    expect(session.read('a', { id: '0' })).toEqual([])
  })

  it('is given out at once and before all others, in the order of releasing', () => {
    const session = threeRead()
    release(session, 'FAIL', '1-0', '2-0', '3-0')
    release(session, 'FAIL', '1-0')
    expect([1, 2, 3].map(() => session.read('b', { claim: 60_000, count: 1 }))).toEqual([['2-0'], ['3-0'], ['1-0']])
  })

  it('wakes a reader that waits to claim', () => {
    const session = threeRead()
    const streams = [{ key: 's', id: '>' }]
    session.run({ type: 'XREADGROUP', group: 'g', consumer: 'b', claim: 60_000, block: 0, streams }, 2)
    const { answers } = session.run({ type: 'XNACK', key: 's', group: 'g', mode: 'FAIL', ids: ['2-0'] })
    expect(answers.map(({ client }) => client)).toEqual([1, 2])
    expect(session.pending()).toContainEqual(['2-0', 'b', 0, 2])
  })

  it('is forgotten when it is claimed and no longer there', () => {
    const session = threeRead()
    release(session, 'FAIL', '1-0')
    session.ask({ type: 'XDEL', key: 's', ids: ['1-0'] })
    expect(session.ask({ type: 'XCLAIM', key: 's', group: 'g', consumer: 'b', minIdle: 0, ids: ['1-0'] })).toEqual([])
    expect(session.written.at(-1)).toBe('XACK s g 1-0')
    expect(session.pending()).toHaveLength(2)
  })

  it('survives the deletion of the consumer that had it', () => {
    const session = threeRead()
    release(session, 'FAIL', '1-0')
    expect(session.ask({ type: 'XGROUP DELCONSUMER', key: 's', group: 'g', consumer: 'a' })).toBe(2)
    expect(session.pending()).toEqual([['1-0', '', -1, 1]])
  })

  it('may be one that was never read, if that is forced', () => {
    const session = new Session()
    session.fill('s', 1)
    session.group('s', 'g')
    expect(session.ask({ type: 'XNACK', key: 's', group: 'g', mode: 'FAIL', ids: ['1-0', '9-0'], force: true })).toBe(1)
    expect(session.pending()).toEqual([['1-0', '', -1, 0]])
  })
})
