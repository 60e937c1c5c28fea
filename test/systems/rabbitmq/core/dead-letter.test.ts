import { describe, expect, it } from 'vitest'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Version } from '../../../../src/systems/rabbitmq/core/profile.ts'
import { kindsIn, Session } from './session.ts'

const to = (queue: string): FieldTable => ({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': queue })

/** A queue "q" whose rejected messages go to "dead". */
function rejecting(version: Version): Session {
  const session = new Session({ version })
  session.queue('dead')
  session.queue('q', to('dead'))
  return session
}

describe('dead letters', () => {
  it('tell where, why and how they died, and have no expiration any more', () => {
    const session = rejecting('4.2')
    session.now = 5_000_000
    session.publish('q', { expiration: '60000', deliveryMode: 2, headers: { kind: 'order' } })
    session.get('q')
    session.reject(1)
    expect(session.headers('dead')).toEqual({
      kind: 'order',
      'x-death': [
        {
          count: 1,
          reason: 'rejected',
          queue: 'q',
          time: { '!': 'timestamp', value: 5 },
          exchange: '',
          'routing-keys': ['q'],
          'original-expiration': '60000',
        },
      ],
      'x-first-death-reason': 'rejected',
      'x-first-death-queue': 'q',
      'x-first-death-exchange': '',
      'x-last-death-reason': 'rejected',
      'x-last-death-queue': 'q',
      'x-last-death-exchange': '',
    })
    const letter = session.broker.virtualHost.queue('dead')?.ready.first()?.message
    expect([letter?.properties.expiration, letter?.persistent]).toEqual([undefined, true])
  })

  it('of several that are rejected at once come in the order of their priorities', () => {
    const session = new Session()
    session.queue('dead')
    session.queue('q', { ...to('dead'), 'x-max-priority': 5 })
    session.consume('q', 'c')
    for (const priority of [0, 3, 0, 9, 3]) session.publish('q', { priority })
    session.reject(5, { multiple: true })
    expect(session.ready('dead')).toEqual([4, 2, 5, 1, 3])
  })

  it('count the deaths in one queue for one reason together, the latest line first', () => {
    const session = new Session()
    session.queue('q', to('retry'))
    session.queue('retry', { ...to('q'), 'x-message-ttl': 1000 })
    session.publish('q')
    for (let tag = 1; tag <= 2; tag++) {
      session.get('q')
      session.reject(tag)
      session.wait(1000)
    }
    const deaths = session.broker.virtualHost.queue('q')?.ready.first()?.message.deaths
    expect(deaths?.records.map(({ queue, reason, count }) => `${queue} ${reason} ${count}`)).toEqual([
      'retry expired 2',
      'q rejected 2',
    ])
    expect([deaths?.first?.queue, deaths?.last?.queue]).toEqual(['q', 'retry'])
  })

  it('are dropped where they would go round without a rejection', () => {
    const session = new Session()
    session.queue('a', { ...to('b'), 'x-message-ttl': 10 })
    session.queue('b', { ...to('a'), 'x-message-ttl': 10 })
    session.publish('a')
    const outputs = [session.wait(10), session.wait(10)].flat()
    expect(
      outputs.filter((output) => output.kind === 'dead-lettered').map(({ to: targets, cycles }) => [targets, cycles]),
    ).toEqual([
      [['b'], []],
      [[], ['a']],
    ])
  })

  it('are lost where the dead-letter exchange does not exist, or leads nowhere', () => {
    const session = new Session()
    session.queue('q', { 'x-dead-letter-exchange': 'missing' })
    session.queue('r', to('missing'))
    for (const queue of ['q', 'r']) session.publish(queue)
    session.get('q')
    session.get('r')
    expect([kindsIn(session.reject(1)), kindsIn(session.reject(2))]).toEqual([['buried'], ['buried', 'dead-lettered']])
  })

  it('keep their own keys where the queue sets none, and BCC stays a secret', () => {
    const session = new Session()
    session.queue('dead')
    session.queue('copy')
    session.queue('q', { 'x-dead-letter-exchange': 'deaths', 'x-message-ttl': 1 })
    session.do({ kind: 'declare-exchange', channel: 1, name: 'deaths', type: 'direct' })
    const destination = { kind: 'queue', name: 'dead' } as const
    session.do({ kind: 'bind', channel: 1, source: 'deaths', destination, key: 'copy' })
    session.publish('q', { headers: { CC: ['copy'], BCC: ['hidden'] } })
    session.wait(1)
    const deaths = session.broker.virtualHost.queue('dead')?.ready.first()?.message.deaths
    expect(deaths?.records[0]?.routingKeys).toEqual(['q', 'copy'])
    expect(session.headers('dead')).not.toHaveProperty('BCC')
  })

  it('go on with the count that a client published in 3.13, and start anew from 4.0 on', () => {
    const count = (version: Version) => {
      const session = rejecting(version)
      session.publish('q', { headers: { 'x-death': [{ queue: 'q', reason: 'rejected', count: 4 }] } })
      session.get('q')
      session.reject(1)
      return session.broker.virtualHost
        .queue('dead')
        ?.ready.first()
        ?.message.deaths?.records.map((death) => death.count)
    }
    expect([count('3.13'), count('4.2')]).toEqual([[5], [1]])
  })

  it('tell the last death from 3.13 on', () => {
    const last = (version: Version) => {
      const session = rejecting(version)
      session.publish('q')
      session.get('q')
      session.reject(1)
      return session.headers('dead')['x-last-death-queue']
    }
    expect([last('3.10'), last('3.13')]).toEqual([undefined, 'q'])
  })
})
