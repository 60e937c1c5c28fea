import { describe, expect, it } from 'vitest'
import {
  clientFrameBytes,
  nameOfFrame,
  negotiateHeartbeat,
  serverFrameBytes,
} from '../../../src/systems/rabbitmq/protocol.ts'

describe('a heartbeat time-out', () => {
  it('is the shorter of two, the only one where one side does not care, and none where the client wants none', () => {
    expect([negotiateHeartbeat(5, 60), negotiateHeartbeat(60, 5)]).toEqual([5, 5])
    expect([negotiateHeartbeat(0, 60), negotiateHeartbeat(60, 0), negotiateHeartbeat(0, 0)]).toEqual([60, 60, 0])
    expect(negotiateHeartbeat('none', 60)).toBe(0)
  })
})

describe('a frame', () => {
  it('bears the name of its method', () => {
    expect(nameOfFrame({ type: 'method', channel: 1, method: { kind: 'tx-commit' } })).toBe('tx.commit')
    const done = { kind: 'done', command: 'declare-exchange' } as const
    expect(nameOfFrame({ type: 'method', channel: 1, answer: done })).toBe('exchange.declare-ok')
    expect(nameOfFrame({ type: 'close-channel', channel: 1, code: 406, text: '' })).toBe('channel.close')
  })

  it('is as large as its message with headers, in either direction', () => {
    const publish = (bytes: number, headers = {}): number =>
      clientFrameBytes({
        type: 'method',
        channel: 1,
        method: { kind: 'publish', exchange: '', routingKey: 'q', content: { id: 0, bytes, properties: { headers } } },
      })
    expect(publish(1000) - publish(0)).toBe(1000)
    expect(publish(0, { trace: 'abc' }) - publish(0)).toBe('trace'.length + 'abc'.length)
    expect(serverFrameBytes({ type: 'heartbeat' })).toBeLessThan(publish(0))
  })
})
