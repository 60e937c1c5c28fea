import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src/run.ts'
import { runText } from './strategy-scenario.ts'

function withRelays(strategy: string, more = ''): Run {
  return runText(`title: An outbox
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 5s }, invoices: { visibility-timeout: 5s } } } } }
stores: { bills: database }
services:
  shop: { sends: { to: queue/orders, messages: 60, rate: 500/s } }
  billing:
    receives: queue/orders
    members: 2
    handling: { takes: 100us, strategy: ${strategy} }
    forwards: { to: queue/invoices, name: invoice }
  archive: { receives: queue/invoices }
${more}`)
}

function deliveries({ metrics }: Run): number | undefined {
  return metrics.services.find(({ service }) => service === 'archive')?.delivered
}

describe('the relays of an outbox', () => {
  it('send everything once where each locks what it has in hand', () => {
    expect(deliveries(withRelays('{ outbox: { relays: 2, relay-every: 2ms } }'))).toBe(60)
  })

  it('send some twice where they do not', () => {
    expect(deliveries(withRelays('{ outbox: { relays: 2, relay-every: 2ms, relay-claims: false } }'))).toBeGreaterThan(
      60,
    )
  })

  it('are in the first member where there is one, and send what the other members put in', () => {
    const run = withRelays('outbox')
    expect(deliveries(run)).toBe(60)
    const senders = new Set([...run.history].flatMap((fact) => (fact.kind === 'submitted' ? [fact.node] : [])))
    expect([...senders].map((node) => run.history.names.text(node))).toEqual(['shop', 'billing-1'])
  })

  it('keep the run from ending before they have sent what is there', () => {
    // The first member, which has the relay, is away when the last orders are handled.
    const crash = 'faults: [{ at: 40ms, crash: billing-1, for: 1s }]'
    const run = withRelays('{ outbox: { relay-every: 30s } }', crash)
    expect(run.ending).toBe('settled')
    expect(deliveries(run)).toBeGreaterThanOrEqual(60)
  })

  it('send what a crashed one had in hand after its restart, under the same names', () => {
    const crash = `faults: [{ when: { fact: copy-stored, message: 'order-7/invoice#1' }, crash: billing-1, for: 1s }]`
    const run = withRelays('outbox-and-inbox', crash)
    const judged = run.rows.find(
      ({ service, guarantee, level }) => service === 'archive' && guarantee === 'no-loss' && level === 'effect',
    )
    expect(judged?.verdict).toBe('holds')
    expect(deliveries(run)).toBeGreaterThan(60)
  })
})
