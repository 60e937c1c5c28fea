import { describe, expect, it } from 'vitest'
import { deliveriesIn, gotIn, kindsIn, Session } from './session.ts'

describe('a classic queue', () => {
  it('hands out messages in the order of arrival', () => {
    const session = new Session()
    session.queue('q')
    session.publishMany('q', 3)
    expect(deliveriesIn(session.consume('q', 'c'))).toEqual(['c:1', 'c:2', 'c:3'])
  })

  it('takes a requeued message back to where it was, as redelivered', () => {
    const session = new Session()
    session.queue('q')
    session.publishMany('q', 4)
    for (let index = 0; index < 3; index++) session.get('q')
    session.reject(2, { requeue: true })
    session.reject(1, { requeue: true })
    session.reject(3, { requeue: true })
    expect(session.ready('q')).toEqual([1, 2, 3, 4])
    expect([gotIn(session.get('q')), kindsIn(session.ack(4)), gotIn(session.get('q'))]).toEqual([
      '1!',
      ['settled'],
      '2!',
    ])
  })

  it('serves the consumers of a queue in turn', () => {
    const session = new Session()
    session.queue('q')
    session.consume('q', 'a')
    session.consume('q', 'b')
    const turns = [1, 2, 3, 4].flatMap(() => deliveriesIn(session.publish('q')))
    expect(turns).toEqual(['a:1', 'b:2', 'a:3', 'b:4'])
  })

  it('lets a consumer of lower priority wait until those of higher priority can take no more', () => {
    const session = new Session()
    session.queue('q')
    session.prefetch(1)
    session.consume('q', 'low')
    session.consume('q', 'high', { priority: 10 })
    expect([1, 2].flatMap(() => deliveriesIn(session.publish('q')))).toEqual(['high:1', 'low:2'])
    session.publish('q')
    expect(deliveriesIn(session.ack(1))).toEqual(['high:3'])
  })

  it('serves the higher priority first, however late it comes, and clamps what is too high', () => {
    const session = new Session()
    session.queue('q', { 'x-max-priority': 5 })
    for (const priority of [0, 3, 200, 5]) session.publish('q', { priority })
    session.publish('q')
    expect(session.ready('q')).toEqual([3, 4, 2, 1, 5])
  })

  it('drops the oldest when it is too long, and tells the publisher nothing of it', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length': 2 })
    session.do({ kind: 'confirm-select', channel: 1 })
    session.publish('q')
    session.publish('q')
    expect(kindsIn(session.publish('q'))).toEqual(['enqueued', 'buried', 'confirm'])
    expect(session.ready('q')).toEqual([2, 3])
  })

  it('counts only what is ready towards its length', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length': 1 })
    session.publish('q')
    session.get('q')
    session.publish('q')
    expect(session.ready('q')).toEqual([2])
    session.reject(1, { requeue: true })
    expect(session.ready('q')).toEqual([2])
  })

  it('limits the bytes of the bodies', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length-bytes': 10 })
    for (const bytes of [4, 4, 4]) session.publish('q', {}, { bytes })
    expect(session.ready('q')).toEqual([2, 3])
  })

  it('refuses a publish when it is full and told so', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length': 1, 'x-overflow': 'reject-publish' })
    session.publish('q')
    expect(kindsIn(session.publish('q'))).toEqual(['refused'])
    expect(session.ready('q')).toEqual([1])
  })

  it('dead-letters what it refuses under reject-publish-dlx', () => {
    const session = new Session()
    session.queue('dead')
    session.queue('q', {
      'x-max-length': 1,
      'x-overflow': 'reject-publish-dlx',
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'dead',
    })
    session.publish('q')
    session.publish('q')
    expect([session.ready('q'), session.ready('dead')]).toEqual([[1], [2]])
  })

  it('expires only at its head', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q', { expiration: '60000' })
    session.publish('q', { expiration: '5000' })
    session.wait(10_000)
    expect(session.ready('q')).toEqual([1, 2])
    session.wait(50_000)
    expect(session.ready('q')).toEqual([])
  })

  it('takes the shorter of its own and the message’s time to live', () => {
    const session = new Session()
    session.queue('q', { 'x-message-ttl': 1000 })
    session.publish('q', { expiration: '5000' })
    session.wait(999)
    expect(session.ready('q')).toEqual([1])
    session.wait(1)
    expect(session.ready('q')).toEqual([])
  })

  it('does not start the time anew when a message comes back', () => {
    const session = new Session()
    session.queue('q', { 'x-message-ttl': 1000 })
    session.publish('q')
    session.get('q')
    session.wait(2000)
    expect(kindsIn(session.reject(1, { requeue: true }))).toEqual(['requeued', 'buried'])
  })

  it('delivers at once or never what may not wait at all', () => {
    const session = new Session()
    session.queue('q', { 'x-message-ttl': 0 })
    expect(kindsIn(session.publish('q'))).toEqual(['enqueued', 'buried'])
    session.consume('q', 'c')
    expect(deliveriesIn(session.publish('q'))).toEqual(['c:2'])
  })

  it('does not look at the age of a message of higher priority that comes later, as the server does not', () => {
    const session = new Session()
    session.queue('q', { 'x-max-priority': 1 })
    session.publish('q')
    session.publish('q', { priority: 1, expiration: '100' })
    session.wait(200)
    expect(gotIn(session.get('q'))).toBe('2')
  })

  it('is deleted when nobody has used it for its time, and its messages are not dead-lettered', () => {
    const session = new Session()
    session.queue('dead')
    session.queue('q', { 'x-expires': 1000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' })
    session.publish('q')
    session.wait(900)
    session.get('q')
    session.wait(900)
    expect(session.broker.virtualHost.queue('q')).toBeDefined()
    expect(kindsIn(session.wait(100))).toEqual(['queue-deleted'])
    expect(session.ready('dead')).toEqual([])
  })

  it('does not expire while it has a consumer', () => {
    const session = new Session()
    session.queue('q', { 'x-expires': 1000 })
    session.consume('q', 'c')
    session.wait(5000)
    session.do({ kind: 'cancel', channel: 1, tag: 'c' })
    session.wait(999)
    expect(session.broker.virtualHost.queue('q')).toBeDefined()
    session.wait(1)
    expect(session.broker.virtualHost.queue('q')).toBeUndefined()
  })

  it('goes with its last consumer if it deletes itself, not before it had one', () => {
    const session = new Session()
    session.queue('q', {}, { autoDelete: true })
    session.publish('q')
    session.consume('q', 'a')
    session.consume('q', 'b')
    session.do({ kind: 'cancel', channel: 1, tag: 'a' })
    expect(session.broker.virtualHost.queue('q')).toBeDefined()
    expect(kindsIn(session.do({ kind: 'cancel', channel: 1, tag: 'b' }))).toEqual(['cancelled', 'queue-deleted'])
  })

  it('has one active consumer at a time if told so, and the next one when that cancels, unacknowledged messages or not', () => {
    const session = new Session()
    session.queue('q', { 'x-single-active-consumer': true })
    session.consume('q', 'first')
    session.consume('q', 'second')
    expect(deliveriesIn(session.publish('q'))).toEqual(['first:1'])
    session.do({ kind: 'cancel', channel: 1, tag: 'first' })
    expect(deliveriesIn(session.publish('q'))).toEqual(['second:2'])
  })

  it('keeps the active consumer active while it can take no more', () => {
    const session = new Session()
    session.queue('q', { 'x-single-active-consumer': true })
    session.prefetch(1)
    session.consume('q', 'first')
    session.consume('q', 'second')
    session.publishMany('q', 2)
    expect(session.ready('q')).toEqual([2])
    expect(deliveriesIn(session.ack(1))).toEqual(['first:2'])
  })

  it('serves the successor at once from 4.2 on, and at the next event before', () => {
    const served = (version: '3.13' | '4.2') => {
      const session = new Session({ version })
      session.queue('q', { 'x-single-active-consumer': true })
      session.prefetch(1)
      session.consume('q', 'first')
      session.consume('q', 'second')
      session.publishMany('q', 2)
      return deliveriesIn(session.do({ kind: 'cancel', channel: 1, tag: 'first' }))
    }
    expect([served('3.13'), served('4.2')]).toEqual([[], ['second:2']])
  })

  it('takes the settings of the policy of the highest priority that matches, the stricter limit of it and the argument', () => {
    const session = new Session()
    session.queue('orders', { 'x-max-length': 3 })
    const policy = { pattern: '^ord', applyTo: 'queues', definition: { 'max-length': 1 } } as const
    session.publishMany('orders', 5)
    session.do({
      kind: 'set-policy',
      policy: { name: 'loose', ...policy, priority: 0, definition: { 'max-length': 2 } },
    })
    expect(session.ready('orders')).toEqual([4, 5])
    session.do({ kind: 'set-policy', policy: { name: 'strict', ...policy, priority: 1 } })
    expect(session.ready('orders')).toEqual([5])
    session.do({ kind: 'clear-policy', name: 'strict' })
    session.do({ kind: 'clear-policy', name: 'loose' })
    session.publishMany('orders', 5)
    expect(session.ready('orders')).toHaveLength(3)
  })
})
