import { describe, expect, it } from 'vitest'
import type { BrokerOptions } from '../../../../src/systems/rabbitmq/core/broker.ts'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'
import type { Version } from '../../../../src/systems/rabbitmq/core/profile.ts'
import { closedIn, confirmsIn, deliveriesIn, gotIn, kindsIn, Session } from './session.ts'

const toQueue = (name: string) => ({ kind: 'queue', name }) as const
const content = { id: 99, bytes: 1, properties: {} }

describe('acknowledgements', () => {
  it('settle one delivery, or all up to it', () => {
    const session = new Session()
    session.queue('q')
    session.publishMany('q', 4)
    session.consume('q', 'c')
    session.ack(2)
    session.ack(3, { multiple: true })
    expect(session.broker.virtualHost.queue('q')?.unacknowledged.size).toBe(1)
    session.ack(0, { multiple: true })
    expect(session.broker.virtualHost.queue('q')?.unacknowledged.size).toBe(0)
  })

  it.each([
    ['a tag that never was', 7],
    ['a tag that was acknowledged before', 1],
  ])('of %s close the channel with 406 and bring back everything that it had', (_what, tag) => {
    const session = new Session()
    session.queue('q')
    session.publishMany('q', 3)
    session.consume('q', 'c')
    session.ack(1)
    expect(closedIn(session.ack(tag))).toBe(406)
    expect(session.ready('q')).toEqual([2, 3])
    expect(session.publish('q')).toEqual([])
  })

  it('are not expected from a consumer without them: what it was sent is gone', () => {
    const session = new Session()
    session.queue('q')
    session.consume('q', 'c', { noAck: true })
    session.publish('q')
    session.do({ kind: 'close-channel', channel: 1 })
    expect(session.ready('q')).toEqual([])
  })

  it('stay due after the consumer has cancelled', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q')
    session.consume('q', 'c')
    session.do({ kind: 'cancel', channel: 1, tag: 'c' })
    expect(session.ready('q')).toEqual([])
    expect(kindsIn(session.ack(1))).toEqual(['settled'])
  })

  it('that are late close the channel, in the versions that look', () => {
    const late = (version: '4.2' | '4.3') => {
      const session = new Session({ version })
      session.queue('q')
      session.publish('q')
      session.get('q')
      session.wait(1000)
      return closedIn(session.do({ kind: 'check-acknowledgements', channel: 1, timeout: 999_999 }))
    }
    expect([late('4.2'), late('4.3')]).toEqual([406, undefined])
  })

  it('is late after the time of its queue, by argument or policy, from 3.12 on', () => {
    const closedAfter = (version: Version, seconds: number): number | undefined => {
      const session = new Session({ version })
      session.queue('q', { 'x-consumer-timeout': 120_000 })
      const definition = { 'consumer-timeout': 60_000 }
      session.do({ kind: 'set-policy', policy: { name: 'p', pattern: '', applyTo: 'queues', priority: 0, definition } })
      session.publish('q')
      session.get('q')
      session.wait(seconds * 1000)
      return closedIn(session.do({ kind: 'check-acknowledgements', channel: 1, timeout: 600_000_000 }))
    }
    expect([closedAfter('3.13', 60), closedAfter('3.13', 61), closedAfter('3.10', 61)]).toEqual([
      undefined,
      406,
      undefined,
    ])
  })
})

describe('prefetch', () => {
  it('limits each consumer that comes after it', () => {
    const session = new Session()
    session.queue('q')
    session.prefetch(2)
    session.publishMany('q', 5)
    expect(deliveriesIn(session.consume('q', 'a'))).toEqual(['a:1', 'a:2'])
    expect(deliveriesIn(session.consume('q', 'b'))).toEqual(['b:3', 'b:4'])
    expect(deliveriesIn(session.ack(3))).toEqual(['b:5'])
  })

  it('limits all consumers of a channel together if it is global', () => {
    const session = new Session()
    session.queue('q')
    session.prefetch(2, { global: true })
    session.consume('q', 'a')
    session.consume('q', 'b')
    session.publishMany('q', 3)
    expect(session.ready('q')).toEqual([3])
    expect(deliveriesIn(session.ack(1))).toEqual(['a:3'])
  })

  it('means each consumer even if it says global, from 4.3 on, unless that is permitted', () => {
    const permitted = new Session({ version: '4.3', permits: ['global_qos'] })
    permitted.queue('q')
    permitted.prefetch(1, { global: true })
    permitted.publishMany('q', 2)
    expect([permitted.consume('q', 'a'), permitted.consume('q', 'b')].flatMap(deliveriesIn)).toEqual(['a:1'])
    const session = new Session({ version: '4.3' })
    session.queue('q')
    session.prefetch(1, { global: true })
    session.publishMany('q', 3)
    const outputs = [session.consume('q', 'a'), session.consume('q', 'b')].flat()
    expect(deliveriesIn(outputs)).toEqual(['a:1', 'b:2'])
  })

  it('means nothing to basic.get', () => {
    const session = new Session()
    session.queue('q')
    session.prefetch(1)
    session.publishMany('q', 2)
    expect([gotIn(session.get('q')), gotIn(session.get('q'))]).toEqual(['1', '2'])
  })
})

describe('confirms', () => {
  it('come at once for what is not kept on a disk, and when it is safe for what is', () => {
    const session = new Session()
    session.queue('q')
    session.do({ kind: 'confirm-select', channel: 1 })
    expect(confirmsIn(session.publish('q', { deliveryMode: 2 }))).toEqual([])
    expect(confirmsIn(session.publish('q', { deliveryMode: 1 }))).toEqual(['ack 2'])
    expect(confirmsIn(session.sync())).toEqual(['ack 1'])
  })

  it('come when the message has been delivered and acknowledged before it was safe', () => {
    const session = new Session()
    session.queue('q')
    session.do({ kind: 'confirm-select', channel: 1 })
    session.publish('q', { deliveryMode: 2 })
    session.get('q')
    expect(confirmsIn(session.ack(1))).toEqual(['ack 1'])
    expect(confirmsIn(session.sync())).toEqual([])
  })

  it('come for a message that finds no queue, after its return if it is mandatory', () => {
    const session = new Session()
    session.do({ kind: 'confirm-select', channel: 1 })
    const outputs = session.do({
      kind: 'publish',
      channel: 1,
      exchange: '',
      routingKey: 'none',
      mandatory: true,
      content,
    })
    expect(kindsIn(outputs)).toEqual(['return', 'unroutable', 'confirm'])
    expect(kindsIn(session.publish('none'))).toEqual(['unroutable', 'confirm'])
  })

  it('are negative as soon as one of several queues refuses', () => {
    const session = new Session()
    session.queue('full', { 'x-max-length': 0, 'x-overflow': 'reject-publish' })
    session.queue('free')
    session.do({ kind: 'confirm-select', channel: 1 })
    expect(confirmsIn(session.publish('free', { deliveryMode: 2, headers: { CC: ['full'] } }))).toEqual(['nack ..1'])
    expect(session.ready('free')).toEqual([1])
    expect(confirmsIn(session.sync())).toEqual([])
  })

  it('are positive for what waited in a queue that is deleted', () => {
    const session = new Session()
    session.queue('q')
    session.do({ kind: 'confirm-select', channel: 1 })
    session.publish('q', { deliveryMode: 2 })
    expect(confirmsIn(session.do({ kind: 'delete-queue', channel: 1, name: 'q' }))).toEqual(['ack 1'])
  })

  it('that were held back leave together: up to the oldest that is still open in one frame, the others alone', () => {
    const session = new Session({ confirms: 'on-flush' })
    session.queue('q')
    session.do({ kind: 'confirm-select', channel: 1 })
    for (const deliveryMode of [1, 1, 2, 1] as const) session.publish('q', { deliveryMode })
    expect(confirmsIn(session.do({ kind: 'flush-confirms', channel: 1 }))).toEqual(['ack ..2', 'ack 4'])
    session.sync()
    expect(confirmsIn(session.do({ kind: 'flush-confirms', channel: 1 }))).toEqual(['ack 3'])
  })
})

describe('transactions', () => {
  it('publish and acknowledge at the commit, which waits until the messages are safe', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q')
    session.do({ kind: 'tx-select', channel: 1 })
    session.get('q')
    session.publish('q', { deliveryMode: 2 })
    session.ack(1)
    expect(session.ready('q')).toEqual([])
    expect(kindsIn(session.do({ kind: 'tx-commit', channel: 1 }))).toEqual(['enqueued', 'settled'])
    expect(session.ready('q')).toEqual([2])
    expect(kindsIn(session.sync())).toEqual(['done'])
  })

  it('forget what they were to publish and acknowledge at a rollback; deliveries stay unacknowledged', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q')
    session.do({ kind: 'tx-select', channel: 1 })
    session.get('q')
    session.publish('q')
    session.ack(1)
    session.do({ kind: 'tx-rollback', channel: 1 })
    expect([session.ready('q'), session.broker.virtualHost.queue('q')?.unacknowledged.size]).toEqual([[], 1])
    expect(closedIn(session.ack(1))).toBeUndefined()
  })

  it('bring back what they had acknowledged when the channel closes before the commit', () => {
    const session = new Session()
    session.queue('q')
    session.publish('q')
    session.do({ kind: 'tx-select', channel: 1 })
    session.get('q')
    session.ack(1)
    session.do({ kind: 'close-channel', channel: 1 })
    expect(session.ready('q')).toEqual([1])
  })

  it('fail with 406 when a queue refuses a message', () => {
    const session = new Session()
    session.queue('q', { 'x-max-length': 0, 'x-overflow': 'reject-publish' })
    session.do({ kind: 'tx-select', channel: 1 })
    session.publish('q')
    expect(closedIn(session.do({ kind: 'tx-commit', channel: 1 }))).toBe(406)
  })

  it('and confirms exclude each other', () => {
    const session = new Session()
    session.do({ kind: 'tx-select', channel: 1 })
    expect(closedIn(session.do({ kind: 'confirm-select', channel: 1 }))).toBe(406)
    expect(closedIn(session.do({ kind: 'tx-commit', channel: 2 }))).toBeUndefined()
  })
})

describe('errors', () => {
  const cases = [
    [
      'a publish to an exchange that is not there',
      404,
      (s: Session) => s.do({ kind: 'publish', channel: 1, exchange: 'x', routingKey: '', content }),
    ],
    ['a get from a queue that is not there', 404, (s: Session) => s.get('x')],
    [
      'a passive declaration of what is not there',
      404,
      (s: Session) => s.do({ kind: 'declare-queue', channel: 1, name: 'x', passive: true }),
    ],
    [
      'a binding to a queue that is not there',
      404,
      (s: Session) => s.do({ kind: 'bind', channel: 1, source: 'amq.direct', destination: toQueue('x'), key: '' }),
    ],
    [
      'a binding to the default exchange',
      403,
      (s: Session) => s.do({ kind: 'bind', channel: 1, source: '', destination: toQueue('q'), key: '' }),
    ],
    [
      'a publish to an internal exchange',
      403,
      (s: Session) => s.do({ kind: 'publish', channel: 1, exchange: 'amq.rabbitmq.trace', routingKey: '', content }),
    ],
    ['a reserved name', 403, (s: Session) => s.queue('amq.mine')],
    [
      'the deletion of a predeclared exchange',
      403,
      (s: Session) => s.do({ kind: 'delete-exchange', channel: 1, name: 'amq.topic' }),
    ],
    [
      'a second consumer beside an exclusive one',
      403,
      (s: Session) => [s.consume('q', 'a', { exclusive: true }), s.consume('q', 'b')].flat(),
    ],
    ['another declaration of the same queue', 406, (s: Session) => s.queue('q', { 'x-max-length': 1 })],
    ['another durability of the same queue', 406, (s: Session) => s.queue('q', {}, { durable: false })],
    ['an exclusive declaration of a queue that is not', 405, (s: Session) => s.queue('q', {}, { exclusive: true })],
    [
      'another type of the same exchange',
      406,
      (s: Session) => s.do({ kind: 'declare-exchange', channel: 1, name: 'amq.topic', type: 'fanout', durable: true }),
    ],
    ['an argument of the wrong type', 406, (s: Session) => s.queue('r', { 'x-max-length': 'many' })],
    ['an argument that belongs to quorum queues', 406, (s: Session) => s.queue('r', { 'x-delivery-limit': 3 })],
    ['a dead-letter key without an exchange', 406, (s: Session) => s.queue('r', { 'x-dead-letter-routing-key': 'k' })],
    ['an expiration that is no number', 406, (s: Session) => s.publish('q', { expiration: 'soon' })],
    ['a copies header that is no list', 406, (s: Session) => s.publish('q', { headers: { CC: 'r' } })],
    [
      'a binding with an unknown x-match',
      406,
      (s: Session) =>
        s.do({
          kind: 'bind',
          channel: 1,
          source: 'amq.headers',
          destination: toQueue('q'),
          key: '',
          arguments: { 'x-match': 'some' },
        }),
    ],
    [
      'the deletion of a queue that must be empty',
      406,
      (s: Session) => [s.publish('q'), s.do({ kind: 'delete-queue', channel: 1, name: 'q', ifEmpty: true })].flat(),
    ],
    [
      'the deletion of a queue that must be unused',
      406,
      (s: Session) =>
        [s.consume('q', 'c'), s.do({ kind: 'delete-queue', channel: 1, name: 'q', ifUnused: true })].flat(),
    ],
    [
      'an immediate publish',
      540,
      (s: Session) => s.do({ kind: 'publish', channel: 1, exchange: '', routingKey: 'q', immediate: true, content }),
    ],
    ['a consumer tag that is taken', 530, (s: Session) => [s.consume('q', 'c'), s.consume('q', 'c')].flat()],
    [
      'an unknown type of exchange',
      503,
      (s: Session) => s.do({ kind: 'declare-exchange', channel: 1, name: 'x', type: 'x-odd' }),
    ],
  ] as const

  it.each(cases)('%s is a %i', (_what, code, act) => {
    const session = new Session()
    session.queue('q')
    expect(closedIn(act(session))).toBe(code)
    expect(session.queue('later')).toEqual([])
  })

  it('a life of more than ten years is refused, of a message and of a queue', () => {
    const tenYears = 315_360_000_000
    const taken = (act: (session: Session, millis: number) => readonly Output[]): readonly (number | undefined)[] =>
      [tenYears, tenYears + 1, -1].map((millis) => {
        const session = new Session()
        session.queue('q')
        return closedIn(act(session, millis))
      })
    expect(taken((session, millis) => session.publish('q', { expiration: String(millis) }))).toEqual([
      undefined,
      406,
      406,
    ])
    expect(taken((session, millis) => session.queue('r', { 'x-message-ttl': millis }))).toEqual([undefined, 406, 406])
    expect(taken((session, millis) => session.queue('r', { 'x-expires': millis }))).toEqual([undefined, 406, 406])
    // As Erlang reads numbers.
    expect(taken((session) => session.publish('q', { expiration: '+5' }))).toEqual([undefined, undefined, undefined])
  })

  it('a queue that says that it is classic is the same as one that says nothing', () => {
    const [silent, said] = [{}, { 'x-queue-type': 'classic' }]
    const declared = [silent, said].map((first) => {
      const session = new Session()
      return [first, silent, said].map((given) => closedIn(session.queue('q', given)))
    })
    expect(declared.flat()).toEqual(Array.from({ length: 6 }, () => undefined))
  })

  it('a transient queue that is not exclusive is refused from 4.3 on', () => {
    const declared = (version: '4.2' | '4.3') => closedIn(new Session({ version }).queue('q', {}, { durable: false }))
    expect([declared('4.2'), declared('4.3')]).toEqual([undefined, 541])
    const permitted = new Session({ version: '4.3', permits: ['transient_nonexcl_queues'] })
    expect(closedIn(permitted.queue('q', {}, { durable: false }))).toBe(undefined)
  })

  it('a message of more than 16 MiB is refused from 4.0 on, before that one of more than 128, or of more than is configured', () => {
    const largest = (options: Partial<BrokerOptions>): readonly (number | undefined)[] =>
      [1, 16, 17, 128, 129].map((mebibytes) => {
        const session = new Session(options)
        session.queue('q')
        return closedIn(session.publish('q', {}, { bytes: mebibytes * 1_048_576 }))
      })
    expect(largest({ version: '4.2' })).toEqual([undefined, undefined, 406, 406, 406])
    expect(largest({ version: '3.13' })).toEqual([undefined, undefined, undefined, undefined, 406])
    expect(largest({ maxMessageSize: 1_048_576 })).toEqual([undefined, 406, 406, 406, 406])
  })

  it('what is deleted or unbound without being there is no error', () => {
    const session = new Session()
    session.queue('q')
    const outputs = [
      session.do({ kind: 'delete-queue', channel: 1, name: 'x' }),
      session.do({ kind: 'delete-exchange', channel: 1, name: 'x' }),
      session.do({ kind: 'unbind', channel: 1, source: 'amq.direct', destination: toQueue('q'), key: 'k' }),
      session.do({ kind: 'cancel', channel: 1, tag: 'x' }),
    ].flat()
    expect(kindsIn(outputs)).toEqual(['emptied', 'done', 'done', 'cancelled'])
  })
})

describe('connections', () => {
  it('own their exclusive queues: nobody else may touch them, and they go along', () => {
    const session = new Session()
    session.open(2, 'b')
    session.queue('mine', {}, { exclusive: true })
    expect(closedIn(session.get('mine', { channel: 2 }))).toBe(405)
    session.open(2, 'b')
    const binding = { source: 'amq.direct', destination: toQueue('mine'), key: 'k' }
    expect(closedIn(session.do({ kind: 'unbind', channel: 2, ...binding }))).toBe(undefined)
    session.do({ kind: 'bind', channel: 1, ...binding })
    expect(closedIn(session.do({ kind: 'unbind', channel: 2, ...binding }))).toBe(405)
    expect(kindsIn(session.do({ kind: 'close-connection', connection: 'a' }))).toEqual(['queue-deleted'])
  })

  it('leave what their channels had unacknowledged to the others, in its old order', () => {
    const session = new Session()
    session.open(2, 'b')
    session.queue('q')
    session.prefetch(2)
    session.publishMany('q', 3)
    session.consume('q', 'a')
    session.consume('q', 'b', { channel: 2 })
    expect(deliveriesIn(session.do({ kind: 'close-connection', connection: 'a' }))).toEqual(['b:1!', 'b:2!'])
  })

  it('hear of it when a queue that they consume from is deleted', () => {
    const session = new Session()
    session.open(2, 'b')
    session.queue('q')
    session.consume('q', 'b', { channel: 2 })
    expect(kindsIn(session.do({ kind: 'delete-queue', channel: 1, name: 'q' }))).toEqual([
      'emptied',
      'queue-deleted',
      'consumer-cancelled',
    ])
  })
})
