import { describe, expect, it } from 'vitest'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'
import { closedIn, confirmsIn, deliveriesIn, kindsIn, Session } from './session.ts'

const pseudoQueue = 'amq.rabbitmq.reply-to'

/** A requester on channel 2 and a server on channel 1 with the queue `work`; returns the address in the request that the server got. */
function asked(session: Session): string {
  session.queue('work')
  session.open(2, 'b')
  session.consume(pseudoQueue, 'r', { channel: 2, noAck: true })
  session.publish('work', { replyTo: pseudoQueue }, { channel: 2 })
  const got = session.get('work', { noAck: true }).find((output) => output.kind === 'got')
  return got?.message.properties.replyTo ?? ''
}

function mandatory(session: Session, key: string): readonly Output[] {
  const content = { id: 9, bytes: 1, properties: {} }
  return session.do({ kind: 'publish', channel: 1, exchange: '', routingKey: key, mandatory: true, content })
}

describe('direct reply-to', () => {
  it('takes a reply straight to the channel that asked', () => {
    const session = new Session()
    const address = asked(session)
    expect(address).not.toBe(pseudoQueue)
    expect(deliveriesIn(session.publish(address))).toEqual(['r:2'])
    expect([...session.broker.virtualHost.queues].map(({ name }) => name)).toEqual(['work'])
  })

  it('drops a reply when the requester is gone, and confirms it all the same', () => {
    const session = new Session()
    const address = asked(session)
    session.do({ kind: 'close-connection', connection: 'b' })
    session.do({ kind: 'confirm-select', channel: 1 })
    const outputs = session.publish(address)
    expect([kindsIn(outputs), confirmsIn(outputs)]).toEqual([['unroutable', 'confirm'], ['ack 1']])
  })

  it('drops it too when the requester consumes no more', () => {
    const session = new Session()
    const address = asked(session)
    session.do({ kind: 'cancel', channel: 2, tag: 'r' })
    expect(kindsIn(session.publish(address))).toEqual(['unroutable'])
  })

  it('lets a server see whether the requester is still there', () => {
    const session = new Session()
    const address = asked(session)
    const look = (): readonly Output[] =>
      session.do({ kind: 'declare-queue', channel: 1, name: address, passive: true })
    expect(look()).toMatchObject([{ kind: 'queue-declared', messages: 0, consumers: 1 }])
    session.do({ kind: 'close-channel', channel: 2 })
    expect(closedIn(look())).toBe(404)
  })

  it('counts as no route for mandatory up to 3.13, and as one from 4.2 on', () => {
    const [old, fresh] = [new Session({ version: '3.13' }), new Session({ version: '4.2' })]
    expect(kindsIn(mandatory(old, asked(old)))).toEqual(['replied', 'deliver', 'return'])
    expect(kindsIn(mandatory(fresh, asked(fresh)))).toEqual(['replied', 'deliver'])
    // Whether anybody is behind the address is not looked at.
    const address = asked(fresh)
    fresh.do({ kind: 'close-connection', connection: 'b' })
    expect(kindsIn(mandatory(fresh, address))).toEqual(['unroutable'])
  })

  it('wants a consumer without acknowledgements, one on each channel, and before the request', () => {
    const faults = [
      (session: Session) => session.consume(pseudoQueue, 'r'),
      (session: Session) => session.consume(pseudoQueue, 's', { channel: 2, noAck: true }),
      (session: Session) => session.publish('work', { replyTo: pseudoQueue }),
    ].map((act) => {
      const session = new Session()
      asked(session)
      return closedIn(act(session))
    })
    expect(faults).toEqual([406, 406, 406])
  })
})
