import { describe, expect, it } from 'vitest'
import { outcomeOf, verdictIn } from './outcome.ts'

/** Orders go over Kafka to billing, whose bills go over RabbitMQ to mailing and to an archive. */
function pipeline(producer: string, faults: string): string {
  return `
systems:
  events: { kafka: { topics: { orders: { partitions: 2, replication.factor: 3 } } } }
  rabbit:
    rabbitmq:
      exchanges: { billing: { type: topic } }
      queues: { mail: {}, archive: {} }
      bindings:
        mail: { source: billing, routing_key: invoice.* }
        archive: { source: billing, routing_key: '#' }
services:
  shop: { sends: { to: events/orders, messages: 60, rate: 50/s } }
  billing:
    receives: events/orders
    consumer: { auto.offset.reset: earliest, enable.auto.commit: false }
    forwards: { to: rabbit/billing/invoice.created, name: invoice }
    producer: ${producer}
  mailing: { receives: rabbit/mail, consumer: { prefetch: 10 } }
  archive: { receives: rabbit/archive }
faults: ${faults}
`
}

describe('A pipeline over Kafka and RabbitMQ', () => {
  const safe = '{ confirms: true, delivery_mode: 2, republish: 5 }'

  it('brings every order to the end of both ways when nothing fails, once', () => {
    const outcome = outcomeOf(pipeline(safe, '[]'))
    for (const to of ['mailing', 'archive']) {
      const row = outcome.rows.find(
        ({ service, guarantee, level }) => [service, guarantee, level].join(' ') === `shop→${to} exactly-once effect`,
      )
      expect(row).toMatchObject({ verdict: 'holds', judged: 60 })
    }
    expect(outcome.ending).toBe('settled')
  })

  it('loses nothing end to end with confirms while the broker and the service in between crash', () => {
    const outcome = outcomeOf(
      pipeline(safe, '[{ at: 700ms, crash: rabbit-1, for: 2s }, { at: 4s, crash: billing, for: 1s }]'),
    )
    expect(outcome.ending).toBe('settled')
    for (const to of ['mailing', 'archive']) {
      expect(verdictIn(outcome, `shop→${to}`, 'no-loss', 'effect')).toBe('holds')
    }
  })

  it('loses transient messages that wait for a slow service when the broker crashes', () => {
    const slow = pipeline('{}', '[{ at: 5700ms, crash: rabbit-1, for: 2s }]').replace(
      'prefetch: 10 }',
      'prefetch: 10 }, handling: { takes: 200ms }',
    )
    const outcome = outcomeOf(slow)
    expect(verdictIn(outcome, 'shop→mailing', 'no-loss', 'delivery')).toBe('violated')
    expect(verdictIn(outcome, 'billing', 'no-loss', 'delivery')).toBe('holds')
  })
})
