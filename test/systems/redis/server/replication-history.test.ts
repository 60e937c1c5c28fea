import { describe, expect, it } from 'vitest'
import { ReplicationHistory } from '../../../../src/systems/redis/server/replication-history.ts'

const ping = [{ type: 'PING' }] as const

function historyOf(writes: number, backlogSize = 1000): ReplicationHistory {
  const history = new ReplicationHistory('first', backlogSize)
  history.beginBacklog()
  for (let write = 0; write < writes; write++) history.add(ping, 100)
  return history
}

describe('the history that a master and its replicas share', () => {
  it('gives a replica what follows its place', () => {
    expect(
      historyOf(5)
        .after('first', 300)
        ?.map(({ to }) => to),
    ).toEqual([400, 500])
  })

  it('has nothing for a replica that is behind the backlog, or ahead', () => {
    expect(historyOf(20).after('first', 500)).toBeUndefined()
    expect(historyOf(5).after('first', 600)).toBeUndefined()
  })

  it('keeps nothing before the first replica', () => {
    const history = new ReplicationHistory('first', 1000)
    history.add(ping, 100)
    expect(history.after('first', 0)).toBeUndefined()
  })

  it('is the same as that of the former master up to where it began anew', () => {
    const promoted = historyOf(3)
    promoted.fork('second')
    promoted.add(ping, 100)
    expect(promoted.after('first', 300)).toHaveLength(1)
    expect(promoted.after('second', 300)).toHaveLength(1)
    expect(promoted.after('first', 400)).toBeUndefined()
  })

  it('takes over place and id with a full copy', () => {
    const history = historyOf(3)
    history.adopt('other', 5000)
    expect([history.id, history.offset, history.after('first', 300)]).toEqual(['other', 5000, undefined])
  })
})
