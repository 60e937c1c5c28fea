import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import { run as runScenario } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { second } from '../../../../src/simulation/duration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Written } from '../../bench.ts'
import { Bench, Sender } from '../../bench.ts'

const begin = 8 * second
const topic = { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 }

function sender(options: Written, messages = 50): Sender {
  return new Sender(kafka, { to: 'orders', messages, every: 10_000, after: begin, options })
}

function bench(shop: Sender, orders: Written = topic, seconds = 60): Bench {
  return new Bench({ kind: kafka, options: { topics: { orders } }, until: begin + seconds * second, clients: [shop] })
}

/** Messages in the order of their offsets, as leaders appended them. */
const appendedIn = (run: Bench): readonly string[] => run.facts('appended').map(({ message }) => run.text(message))

const leader = 'leader(events/orders/0)'

function leaderOf(run: Bench): string {
  return run.world.targets.every(leader)[0]?.name ?? ''
}

describe('The producer', () => {
  it('is told that each record is stored, in order', () => {
    const shop = sender({})
    const run = bench(shop).run()
    expect(shop.confirmed()).toEqual(shop.sent)
    expect(appendedIn(run)).toEqual(shop.sent)
  })

  it('assumes success with acks=0', () => {
    const shop = sender({ acks: '0', 'enable.idempotence': false })
    bench(shop).run()
    expect(new Set(shop.outcomes())).toEqual(new Set(['assumed']))
  })

  it('writes each record once and in order when its leader dies, if it is idempotent', () => {
    const shop = sender({}, 100)
    const run = bench(shop)
    run.at(begin + 300_000, () => run.node(leaderOf(run)).crash())
    run.run()
    expect(shop.confirmed()).toEqual(shop.sent)
    const appended = appendedIn(run)
    expect(new Set(appended).size).toBe(100)
    expect(run.facts('leader-elected').length).toBeGreaterThan(1)
  })

  it('rejects what it could not even place within max.block.ms', () => {
    const shop = sender({ 'max.block.ms': 2 * second }, 3)
    const run = bench(shop)
    run.at(0, () => {
      for (const node of run.world.nodes) if (node.name.startsWith('events')) node.crash()
    })
    run.run()
    expect(shop.answers.map(({ outcome, time }) => [outcome, time])).toEqual(
      [0, 1, 2].map((index) => ['rejected', begin + 2 * second + index * 10_000]),
    )
    expect(shop.answers[0]?.reason).toMatch(/max\.block\.ms/)
  })

  it('survives a pause in which many that could not be placed became overdue at once', () => {
    const parsed = parseScenario(
      `
seed: kafka-acks-1/12
systems: { events: { kafka: { topics: { orders: { partitions: 1, replication.factor: 3, min.insync.replicas: 2 } } } } }
services:
  shop: { sends: { to: events/orders, messages: 200, after: 8s }, producer: { acks: '1', enable.idempotence: false } }
  billing: { receives: { from: events/orders, consumer: { auto.offset.reset: earliest } } }
faults:
  - { when: { fact: answered, message: order-36 }, pause: shop, for: 80s }
  - { when: { fact: broker-registered, at: events-controller-1, nth: 3 }, cut: after-state, pause: events-controller-1, for: 80s }
`,
      catalogue,
    )
    expect(parsed.ok && runScenario(parsed.scenario).ending).toBe('settled')
  })

  it('does not know after delivery.timeout.ms what became of a record that was sent', () => {
    const times = { 'delivery.timeout.ms': 3 * second, 'request.timeout.ms': second }
    const shop = sender(times, 20)
    const run = bench(shop)
    run.at(begin + 100_000, () => {
      for (const node of run.world.nodes) if (node.name.startsWith('events')) node.pause()
    })
    run.run()
    const unanswered = shop.answers.filter(({ outcome }) => outcome !== 'confirmed')
    expect(unanswered.length).toBeGreaterThan(0)
    expect(unanswered[0]?.outcome).toBe('unknown')
    for (const { reason } of unanswered) expect(reason).toMatch(/delivery\.timeout\.ms/)
  })

  it('is refused while too few replicas are in sync, and gives up when its time is over', () => {
    const shop = sender({ 'delivery.timeout.ms': 5 * second, 'request.timeout.ms': second }, 5)
    const run = bench(shop, { ...topic, 'min.insync.replicas': 3 })
    run.at(6 * second, () => {
      const [follower] = run.world.targets.every('follower(events/orders/0)')
      run.node(follower?.name ?? '').stop(600 * second)
    })
    run.run()
    expect(shop.confirmed()).toEqual([])
    expect(shop.answers).toHaveLength(5)
    expect(run.facts('produce-refused').length).toBeGreaterThan(5)
  })

  it('is told at once of a record that is larger than max.request.size', () => {
    const shop = sender({ 'max.request.size': 10 }, 1)
    bench(shop).run()
    expect(shop.answers[0]).toMatchObject({ outcome: 'rejected', time: begin })
  })
})
