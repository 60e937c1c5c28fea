import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { consumerOptionsOf, producerOptionsOf } from '../../../../src/systems/kafka/configuration.ts'
import { kafka } from '../../../../src/systems/kafka/kafka.ts'
import type { Written } from '../../bench.ts'
import { Sender, settingsFrom } from '../../bench.ts'

const cluster = { topics: { orders: {} } }

function problems(options: Written, producer: Written = {}): readonly string[] {
  const { use } = new Sender(kafka, { to: 'orders', messages: 1, options: producer })
  return kafka.problems(settingsFrom(kafka.options, options), [use], '4.1').map(({ message }) => message)
}

describe('The options of Kafka', () => {
  it('let the default of idempotence give way, and refuse an explicit contradiction', () => {
    expect(problems(cluster, { acks: '1' })).toEqual([])
    expect(producerOptionsOf(settingsFrom(kafka.producerOptions, { acks: '1' }), '4.1').options).toMatchObject({
      'enable.idempotence': false,
    })
    expect(problems(cluster, { acks: '1', 'enable.idempotence': true })).toEqual([
      'acks must be all for an idempotent producer',
    ])
  })

  it('follow the version where its defaults differ', () => {
    const nothing = settingsFrom(kafka.producerOptions, {})
    expect(producerOptionsOf(nothing, '3.9').options?.['linger.ms']).toBe(0)
    expect(producerOptionsOf(nothing, '4.1').options?.['linger.ms']).toBe(5)
  })

  it('are given in durations and reach the model in milliseconds', () => {
    const settings = settingsFrom(kafka.consumerOptions, { 'session.timeout.ms': 10 * second })
    expect(consumerOptionsOf(settings, 'billing', '4.1').options).toMatchObject({
      'session.timeout.ms': 10_000,
      'heartbeat.interval.ms': 3_000,
      'group.id': 'billing',
    })
  })

  it('refuse more copies than there are brokers', () => {
    expect(problems({ topics: { orders: { 'replication.factor': 5 } } })).toEqual([
      'replication.factor cannot be 5 with 3 brokers',
    ])
  })

  it('refuse a topic that nobody declared, unless brokers are told to create it', () => {
    expect(problems({})).toEqual(['there is no topic orders'])
    expect(problems({ 'auto.create.topics.enable': true })).toEqual([])
  })
})
