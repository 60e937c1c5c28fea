import { expect, it } from 'vitest'
import type { Run } from '../../../../src/run.ts'
import { outcomeOf, verdictIn } from './outcome.ts'

/** A backlog raises the memory alarm while billing both works it off and publishes something of its own. */
function alarmed(connection: string): Run {
  return outcomeOf(`
systems: { rabbit: { rabbitmq: { vm_memory_high_watermark.absolute: 20 kB, queues: { orders: {}, status: {} } } } }
services:
  shop: { sends: { to: rabbit/orders, messages: 60, rate: 200/s }, producer: { confirms: true } }
  billing:
    receives: rabbit/orders
    sends: { to: rabbit/status, name: status, messages: 100, rate: 10/s }
    consumer: { prefetch: 1 ${connection} }
    producer: { confirms: true ${connection} }
    handling: { takes: 100ms }
  monitor: { receives: rabbit/status }
settle: { bound: 20min }
`)
}

it('A connection that publishes and acknowledges never gets out of an alarm that its own backlog raised', () => {
  const outcome = alarmed(', connection: main')
  expect(outcome.ending).not.toBe('settled')
  expect(outcome.waitingFor).toMatch(/orders/)
  expect([...outcome.history].filter((fact) => fact.kind === 'alarm-cleared')).toEqual([])
})

it('Two connections, one to publish and one to consume, get out of it', () => {
  const outcome = alarmed('')
  expect(outcome.ending).toBe('settled')
  expect([...outcome.history].some((fact) => fact.kind === 'alarm-raised')).toBe(true)
  expect(verdictIn(outcome, 'billing', 'no-loss', 'delivery')).toBe('holds')
})
