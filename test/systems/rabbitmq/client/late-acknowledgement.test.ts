import { expect, it } from 'vitest'
import type { Run } from '../../../../src/run.ts'
import { outcomeOf, verdictIn } from './outcome.ts'

/** A handler that needs longer than the broker waits for an acknowledgement. */
function lateHandler(version: string, consumer: string): Run {
  const timeout = version === '4.3' ? '' : ', consumer_timeout: 1min'
  return outcomeOf(`
systems: { rabbit: { rabbitmq: { version: '${version}', queues: { orders: {} }${timeout} } } }
services:
  shop: { sends: { to: rabbit/orders, messages: 2, rate: 1/s }, producer: { confirms: true, delivery_mode: 2 } }
  billing: { receives: rabbit/orders, members: 2, handling: { takes: 150s }, consumer: ${consumer} }
settle: { bound: 30min }
`)
}

it('A consumer that acknowledges too late finds its channel closed, and its message with another, up to 4.2', () => {
  const outcome = lateHandler('4.2', '{ prefetch: 1 }')
  expect(verdictIn(outcome, 'billing', 'no-duplicates', 'delivery')).toBe('violated')
  expect([...outcome.history].some((fact) => fact.kind === 'channel-closed' && fact['code'] === 406)).toBe(true)
})

it('A consumer may be late with classic queues from 4.3 on', () => {
  const outcome = lateHandler('4.3', '{ prefetch: 1 }')
  expect(verdictIn(outcome, 'billing', 'no-duplicates', 'delivery')).toBe('holds')
  expect(outcome.ending).toBe('settled')
})

it('A service whose application does nothing about its closed channels is stuck', () => {
  const outcome = lateHandler('4.2', '{ prefetch: 1, on-closed: nothing }')
  expect(verdictIn(outcome, 'billing', 'no-loss', 'delivery')).toBe('holds')
  expect(outcome.ending).toBe('stuck')
  expect(outcome.waitingFor).toMatch(/orders/)
})
