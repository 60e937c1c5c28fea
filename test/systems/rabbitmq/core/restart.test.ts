import { describe, expect, it } from 'vitest'
import type { Ending } from '../../../../src/systems/rabbitmq/core/restart.ts'
import { restart } from '../../../../src/systems/rabbitmq/core/restart.ts'
import { confirmsIn, gotIn, kindsIn, Session } from './session.ts'

const persistent = { deliveryMode: 2 } as const

/** The session on the restarted broker, with channel 1 open again. */
function restarted(session: Session, ending: Ending): Session {
  const next = new Session()
  next.broker = restart(session.broker, ending, session.now).broker
  next.now = session.now
  next.open(1)
  return next
}

describe('restart', () => {
  it('keeps durable queues with their persistent messages, and nothing else', () => {
    const session = new Session()
    session.queue('durable')
    session.queue('transient', {}, { durable: false })
    session.publish('durable', persistent)
    session.publish('durable')
    session.publish('transient', persistent)
    const { broker, lost } = restart(session.broker, { kind: 'clean' }, 0)
    expect([...broker.virtualHost.queues].map((queue) => [queue.name, queue.ready.length])).toEqual([['durable', 1]])
    expect(lost.map(({ queue, reason }) => `${queue}: ${reason}`)).toEqual(['durable: transient', 'transient: queue'])
  })

  it('keeps bindings whose both ends are there, and policies', () => {
    const session = new Session()
    session.queue('q')
    session.do({ kind: 'declare-exchange', channel: 1, name: 'gone', type: 'fanout' })
    for (const source of ['gone', 'amq.fanout']) {
      session.do({ kind: 'bind', channel: 1, source, destination: { kind: 'queue', name: 'q' }, key: '' })
    }
    session.do({
      kind: 'set-policy',
      policy: { name: 'p', pattern: '', applyTo: 'all', priority: 0, definition: { 'max-length': 1 } },
    })
    const { virtualHost } = restart(session.broker, { kind: 'clean' }, 0).broker
    expect(virtualHost.exchange('gone')).toBeUndefined()
    expect(virtualHost.exchange('amq.fanout')?.bindings).toHaveLength(1)
    expect(virtualHost.queue('q')?.options.maxLength).toBe(1)
  })

  it('loses after a dirty end what was not written, and marks the rest as redelivered', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q', persistent)
    const { written } = session.broker
    session.publish('q', persistent)
    const { lost } = restart(session.broker, { kind: 'dirty', write: written }, 0)
    expect(lost.map(({ message, reason }) => [message.id, reason])).toEqual([[2, 'not-written']])
    expect(gotIn(restarted(session, { kind: 'dirty', write: written }).get('q'))).toBe('1!')
  })

  it('writes nothing of what goes straight to somebody who does not acknowledge, and confirms it at once', () => {
    const session = new Session()
    session.queue('q')
    session.consume('q', 'c', { noAck: true })
    session.do({ kind: 'confirm-select', channel: 1 })
    expect(confirmsIn(session.publish('q', persistent))).toEqual(['ack 1'])
    expect([session.broker.written, session.broker.isDirty]).toEqual([0, false])
  })

  it('marks after a clean end only what had been delivered', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q', persistent)
    session.publish('q', persistent)
    session.get('q')
    const next = restarted(session, { kind: 'clean' })
    expect([gotIn(next.get('q')), gotIn(next.get('q'))]).toEqual(['1!', '2'])
  })

  it('brings back what was acknowledged when that was not written', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q', persistent)
    session.sync()
    session.get('q')
    const { written } = session.broker
    session.ack(1)
    const { resurrected } = restart(session.broker, { kind: 'dirty', write: written }, 0)
    expect(resurrected.map(({ message }) => message.id)).toEqual([1])
    expect(restart(session.broker, { kind: 'dirty', write: session.broker.written }, 0).resurrected).toEqual([])
  })

  it('keeps the time that a message had left', () => {
    const session = new Session()
    session.queue('q', { 'x-message-ttl': 1000 })
    session.publish('q', persistent)
    session.now = 2_000_000
    const { outputs, broker } = restart(session.broker, { kind: 'clean' }, session.now)
    expect([kindsIn(outputs), broker.virtualHost.queue('q')?.ready.length]).toEqual([['buried'], 0])
  })
  it('drops what is one too many when what was out for acknowledgement is back', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length': 1 })
    session.publish('q', persistent)
    session.get('q')
    session.publish('q', persistent)
    const { outputs, broker } = restart(session.broker, { kind: 'clean' }, 0)
    expect(kindsIn(outputs)).toEqual(['buried'])
    expect([...(broker.virtualHost.queue('q')?.ready ?? [])].map(({ message }) => message.id)).toEqual([2])
  })

  it('sends what expires at the start through bindings to its dead-letter queue', () => {
    const session = new Session()
    session.queue('a', { 'x-message-ttl': 1000, 'x-dead-letter-exchange': 'amq.fanout' })
    session.queue('z')
    session.do({
      kind: 'bind',
      channel: 1,
      source: 'amq.fanout',
      destination: { kind: 'queue', name: 'z' },
      key: '',
    })
    session.publish('a', persistent)
    const { outputs, broker } = restart(session.broker, { kind: 'clean' }, 2_000_000)
    expect(kindsIn(outputs)).toEqual(['buried', 'dead-lettered', 'enqueued'])
    expect(broker.virtualHost.queue('z')?.ready.length).toBe(1)
  })

  it('has of each queue what its own files have', () => {
    const session = new Session()
    for (const name of ['q', 'r']) {
      session.queue(name)
      session.publish(name, persistent)
      session.publish(name, persistent)
    }
    const has = (queue: string, write: number): boolean => queue === 'r' || write === 2
    const { lost } = restart(session.broker, { kind: 'dirty', has }, 0)
    expect(lost.map(({ queue, message }) => `${queue}: ${message.id}`)).toEqual(['q: 1'])
  })
})
