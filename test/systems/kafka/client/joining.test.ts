import { expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Handle } from '../../bench.ts'
import { acknowledge, Bench, Sender, Worker } from '../../bench.ts'

it('A member whose coordinator dies while it joins asks the next one once, and not from two sides', () => {
  const begin = 8 * second
  const options = { 'auto.offset.reset': 'earliest', 'enable.auto.commit': false }
  // The first member is busy for a while and keeps the group waiting.
  const slow: Handle = (context) => context.process.setTimer(12 * second, () => acknowledge(context))
  const one = new Worker(kafka, { from: 'orders', options, nodeName: 'one', handle: slow })
  const two = new Worker(kafka, { from: 'orders', options, nodeName: 'two', after: begin + second })
  const shop = new Sender(kafka, { to: 'orders', messages: 4, every: second, after: begin })
  const orders = { partitions: 2, 'replication.factor': 3, 'min.insync.replicas': 2 }
  const bench = new Bench({
    kind: kafka,
    options: { topics: { orders } },
    until: begin + 90 * second,
    observeNetwork: true,
    clients: [shop, one, two],
  })
  bench.at(begin + 3 * second, () => {
    for (const { name } of bench.world.targets.every('coordinator(events/billing)')) bench.node(name).crash()
  })
  bench.run()
  let open = 0
  let most = 0
  for (const fact of bench.world.history) {
    const isTwo = bench.text(fact.node) === 'two'
    if (isTwo && fact.kind === 'packet-sent' && bench.text(fact['about']) === 'join-group')
      most = Math.max(most, ++open)
    if (isTwo && fact.kind === 'packet-arrived' && bench.text(fact['about']) === 'join-group') open--
    // With its coordinator, whatever was asked is gone.
    if (fact.kind === 'node-crashed') open = 0
  }
  expect(bench.facts('node-crashed')).toHaveLength(1)
  expect(most).toBe(1)
  expect(Number(bench.facts('generation-began').at(-1)?.['members'])).toBe(2)
})
