import { expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import type { Command } from '../../../../src/systems/rabbitmq/core/command.ts'
import { administratorChannel as channel } from '../../../../src/systems/rabbitmq/server/planned-topology.ts'
import { BrokerBench } from './broker-bench.ts'
import { outcomeOf, verdictIn } from '../client/outcome.ts'
import type { Run } from '../../../../src/run.ts'

/** Orders are sent from the start to 1 s, and from 10 s to 11 s; the queue is deleted and declared again at 5 s. */
function recreated(consumer: string, after: string, faults = ''): Run {
  return outcomeOf(`
title: a queue that is declared again
systems:
  rabbit:
    rabbitmq:
      exchanges: { shop: { type: direct } }
      queues: { orders: { recreated-at: 5s } }
      bindings: { orders: { source: shop, routing_key: new } }
services:
  shop:
    sends:
      - { to: rabbit/shop/new, name: early, messages: 20, rate: 20/s }
      - { to: rabbit/shop/new, name: late, messages: 20, rate: 20/s, after: 10s }
    producer: { confirms: true, delivery_mode: 2, republish: 10 }
  billing: { receives: { from: rabbit/orders, after: ${after} }, consumer: ${consumer} }
${faults}`)
}

function handledIn({ metrics }: Run): number | undefined {
  return metrics.services.find(({ service }) => service === 'billing')?.handled
}

it('a queue that an administrator deletes takes its messages with it, and the new one has its bindings', () => {
  const run = recreated('{}', '8s')
  expect(handledIn(run)).toBe(20)
  expect(verdictIn(run, 'billing', 'no-loss', 'delivery')).toBe('violated')
  expect(verdictIn(run, 'run', 'accounted', 'run')).toBe('holds')
})

it('a consumer that is told of it subscribes to the new queue, and one that is not waits', () => {
  expect(handledIn(recreated('{}', '0s'))).toBe(40)
  expect(handledIn(recreated('{ consumer_cancel_notify: false }', '0s'))).toBe(20)
})

it('a queue whose broker is down when it should be deleted is spared', () => {
  const run = recreated('{}', '8s', 'faults: [{ at: 4s, crash: rabbit, for: 2s }]')
  expect(verdictIn(run, 'billing', 'no-loss', 'delivery')).toBe('holds')
})

it('other queues have nothing to do with it: one that has gone stays so, and one that nobody uses gets no more time', () => {
  const queue = (name: string, given = {}): Command => ({
    kind: 'declare-queue',
    channel,
    name,
    durable: true,
    arguments: given,
  })
  const policy = { name: 'p', pattern: '', applyTo: 'queues', priority: 0, definition: { 'max-length': 9 } } as const
  const definitions: readonly Command[] = [
    { kind: 'set-policy', policy },
    { kind: 'declare-exchange', channel, name: 'shop', autoDelete: true },
    queue('orders'),
    queue('short', { 'x-expires': 2_000 }),
    queue('long', { 'x-expires': 8_000 }),
    { kind: 'bind', channel, source: 'shop', destination: { kind: 'queue', name: 'orders' }, key: 'new' },
  ]
  const bench = new BrokerBench({ settings: { recreations: [{ queue: 'orders', at: 5 * second }] }, definitions })
  const queues = (): readonly string[] =>
    [...(bench.broker.running?.core.virtualHost.queues ?? [])].map(({ name }) => name)
  bench.runFor(6 * second)
  expect(queues()).toEqual(['long', 'orders'])
  expect(bench.broker.running?.core.virtualHost.exchange('shop')?.bindings).toHaveLength(1)
  bench.runFor(3 * second)
  expect(queues()).toEqual(['orders'])
})
