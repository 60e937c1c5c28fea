import { describe, expect, it } from 'vitest'
import { brokerProblems } from '../../../../src/systems/kafka/options/broker-contradictions.ts'
import { brokerOptions } from '../../../../src/systems/kafka/options/broker-options.ts'
import {
  kafkaJsConsumerProblems,
  kafkaJsProducerProblems,
  settleConsumerOptions,
} from '../../../../src/systems/kafka/options/consumer-contradictions.ts'
import { consumerOptions } from '../../../../src/systems/kafka/options/consumer-options.ts'
import {
  kafkaJsConsumerOptions,
  kafkaJsProducerOptions,
} from '../../../../src/systems/kafka/options/kafka-js-options.ts'
import { parseOffsetReset } from '../../../../src/systems/kafka/options/offset-reset-option.ts'
import {
  kafkaVersions,
  type KafkaVersion,
  type OptionTable,
  pageOf,
  unbounded,
} from '../../../../src/systems/kafka/options/option.ts'
import { settleProducerOptions } from '../../../../src/systems/kafka/options/producer-contradictions.ts'
import { producerOptions } from '../../../../src/systems/kafka/options/producer-options.ts'
import { reasonWithoutMeaning, resolveOptions } from '../../../../src/systems/kafka/options/resolve-options.ts'
import { topicDefaults, topicOptions } from '../../../../src/systems/kafka/options/topic-options.ts'

type Given = Readonly<Record<string, unknown>>

function resolved<Table extends OptionTable>(table: Table, given: Given = {}, version: KafkaVersion = '4.1') {
  const resolution = resolveOptions(table, version, given)
  if (resolution.type === 'refused') throw new Error(JSON.stringify(resolution.problems))
  return resolution
}

function problems(table: OptionTable, given: Given) {
  const resolution = resolveOptions(table, '4.1', given)
  return resolution.type === 'refused' ? resolution.problems : []
}

function settledProducer(given: Given, version: KafkaVersion = '4.1') {
  const { options, explicit } = resolved(producerOptions, given, version)
  return settleProducerOptions(options, explicit, version)
}

const tables: readonly OptionTable[] = [
  producerOptions,
  consumerOptions,
  brokerOptions,
  topicOptions,
  kafkaJsProducerOptions,
  kafkaJsConsumerOptions,
]

describe.each(tables.map((table) => [table.kind, table] as const))('the options of a %s', (_, table) => {
  it('accept their own defaults in every version', () => {
    for (const version of kafkaVersions) {
      const defaults = Object.entries(table.options).map(([name, option]) => [name, option.defaults[version]])
      const given = Object.fromEntries(defaults.filter(([, value]) => value !== null))
      expect(resolveOptions(table, version, given)).toMatchObject({ type: 'resolved' })
    }
  })

  it('are each documented at a page, and not also called meaningless', () => {
    for (const name of Object.keys(table.options)) {
      expect(pageOf(table, name)).toMatch(/^https:\/\/kafka\.(apache\.org\/41|js\.org\/docs)\/[^*]*$/)
      expect(reasonWithoutMeaning(table, name)).toBeUndefined()
    }
  })
})

describe('defaults', () => {
  it('of linger.ms are 0 before 4.0 and 5 since', () => {
    expect(kafkaVersions.map((version) => resolved(producerOptions, {}, version).options['linger.ms'])).toEqual([
      0, 5, 5,
    ])
  })

  it('are documented where the option is', () => {
    expect(pageOf(producerOptions, 'linger.ms')).toBe(
      'https://kafka.apache.org/41/configuration/producer-configs/#producerconfigs_linger.ms',
    )
    expect(pageOf(topicOptions, 'partitions')).toContain('num.partitions')
  })

  it('of eligible leader replicas are off before 4.1', () => {
    const enabled = kafkaVersions.map(
      (version) => resolved(brokerOptions, {}, version).options['eligible.leader.replicas.version'],
    )
    expect(enabled).toEqual([0, 0, 1])
  })

  it('of a topic come from its brokers', () => {
    const { options } = resolved(brokerOptions, { 'min.insync.replicas': 2, 'default.replication.factor': 3 })
    expect(topicDefaults(options)).toMatchObject({
      'min.insync.replicas': 2,
      'replication.factor': 3,
      'flush.ms': unbounded,
    })
    expect(topicDefaults(resolved(brokerOptions).options)).toEqual(resolved(topicOptions).options)
  })

  it('of the clients differ between Java and kafkajs', () => {
    expect(resolved(consumerOptions).options['session.timeout.ms']).toBe(45_000)
    expect(resolved(kafkaJsConsumerOptions).options.sessionTimeout).toBe(30_000)
    expect(resolved(producerOptions).options['enable.idempotence']).toBe(true)
    expect(resolved(kafkaJsProducerOptions).options.idempotent).toBe(false)
  })
})

describe('given options', () => {
  it('are read from text as well as from values, and told apart from defaults', () => {
    const { options, explicit } = resolved(producerOptions, {
      'linger.ms': '20',
      'enable.idempotence': 'FALSE',
      acks: 1,
    })
    expect(options).toMatchObject({ 'linger.ms': 20, 'enable.idempotence': false, acks: '1', 'batch.size': 16_384 })
    expect([...explicit]).toEqual(['linger.ms', 'enable.idempotence', 'acks'])
  })

  it('of lists are separated by commas', () => {
    const strategy =
      'org.apache.kafka.clients.consumer.RoundRobinAssignor, org.apache.kafka.clients.consumer.RangeAssignor'
    expect(
      resolved(consumerOptions, { 'partition.assignment.strategy': strategy }).options['partition.assignment.strategy'],
    ).toEqual([
      'org.apache.kafka.clients.consumer.RoundRobinAssignor',
      'org.apache.kafka.clients.consumer.RangeAssignor',
    ])
  })

  it('larger than the largest number mean no bound', () => {
    const { options } = resolved(brokerOptions, { 'log.flush.interval.messages': '9223372036854775807' })
    expect(options['log.flush.interval.messages']).toBe(unbounded)
  })

  it('that are unknown are refused with the nearest name, all of them at once', () => {
    const found = problems(producerOptions, { 'linger.msec': 5, 'max.inflight.requests.per.connection': 1, banana: 1 })
    expect(found.map(({ message }) => message)).toEqual([
      'is not an option of a producer; did you mean linger.ms?',
      'is not an option of a producer; did you mean max.in.flight.requests.per.connection?',
      'is not an option of a producer',
    ])
  })

  it('that mean nothing in the model are refused with the reason', () => {
    expect(problems(producerOptions, { 'transactional.id': 'x' })).toEqual([
      { option: 'transactional.id', message: 'has no meaning in the model: transactions are not modelled yet' },
    ])
  })

  it.each([
    [{ 'linger.ms': -1 }, /at least 0/],
    [{ 'linger.ms': '5ms' }, /in milliseconds/],
    [{ 'linger.ms': 1.5 }, /in milliseconds/],
    [{ retries: 2_147_483_648 }, /from 0 to 2147483647/],
    [{ acks: '2' }, /all, -1, 0, 1/],
    [{ 'enable.idempotence': 'yes' }, /true or false/],
    [{ 'batch.size': null }, /must have a value/],
    [{ toString: 1 }, /is not an option/],
  ])('%j are refused with what is expected', (given, expected) => {
    expect(problems(producerOptions, given)).toMatchObject([{ message: expect.stringMatching(expected) }])
  })
})

describe('an idempotent producer', () => {
  it('by default gives way to what contradicts it before 4.0', () => {
    for (const given of [{ acks: '1' }, { retries: 0 }, { 'max.in.flight.requests.per.connection': 6 }]) {
      const { options, problems: found, notes } = settledProducer(given, '3.9')
      expect([options['enable.idempotence'], found, notes.length]).toEqual([false, [], 1])
    }
  })

  it('by default still gives way to acks and retries since 4.0, but not to more than five in flight', () => {
    expect(settledProducer({ acks: '1' })).toMatchObject({ problems: [], options: { 'enable.idempotence': false } })
    expect(settledProducer({ 'max.in.flight.requests.per.connection': 6 }).problems).toHaveLength(1)
  })

  it('set explicitly refuses what contradicts it', () => {
    for (const given of [{ acks: '0' }, { retries: 0 }, { 'max.in.flight.requests.per.connection': 6 }]) {
      expect(settledProducer({ ...given, 'enable.idempotence': true }, '3.9').problems).toHaveLength(1)
    }
  })

  it('switched off explicitly contradicts nothing', () => {
    const given = { 'enable.idempotence': false, acks: '0', 'max.in.flight.requests.per.connection': 6 }
    expect(settledProducer(given)).toMatchObject({ problems: [], notes: [] })
  })

  it('of kafkajs needs acks of all and a retry', () => {
    const { options } = resolved(kafkaJsProducerOptions, { idempotent: true, acks: '1', 'retry.retries': 0 })
    expect(kafkaJsProducerProblems(options).map(({ option }) => option)).toEqual(['acks', 'retry.retries'])
    expect(kafkaJsProducerProblems({ ...options, idempotent: false })).toEqual([])
  })
})

describe('timeouts', () => {
  it('of a delivery cover linger.ms and a request: a default grows, an explicit one is refused', () => {
    const grown = settledProducer({ 'request.timeout.ms': 200_000 })
    expect(grown).toMatchObject({ problems: [], options: { 'delivery.timeout.ms': 200_005 } })
    expect(settledProducer({ 'delivery.timeout.ms': 30_000 }).problems).toHaveLength(1)
    expect(settledProducer({ 'delivery.timeout.ms': 30_005 }).problems).toEqual([])
  })

  it('of a session must be longer than the heartbeat interval', () => {
    const { options, explicit } = resolved(consumerOptions, { 'group.id': 'g', 'session.timeout.ms': 3_000 })
    expect(settleConsumerOptions(options, explicit, '4.1').problems).toMatchObject([
      { option: 'heartbeat.interval.ms' },
    ])
    const other = resolved(kafkaJsConsumerOptions, { groupId: 'g', sessionTimeout: 3_000 }).options
    expect(kafkaJsConsumerProblems(other)).toMatchObject([{ option: 'heartbeatInterval' }])
  })

  it('of a follower’s fetch must not exceed the lag that is allowed', () => {
    const { options } = resolved(brokerOptions, { 'replica.lag.time.max.ms': 400 })
    expect(brokerProblems(options)).toMatchObject([{ option: 'replica.fetch.wait.max.ms' }])
    expect(brokerProblems(resolved(brokerOptions).options)).toEqual([])
  })

  it('of reconnecting grow from the first wait only if the longest is not below it', () => {
    expect(settledProducer({ 'reconnect.backoff.ms': 5_000 }).options['reconnect.backoff.max.ms']).toBe(5_000)
  })
})

describe('a consumer without a group', () => {
  it('commits nothing by itself, and may not be told to', () => {
    const byDefault = resolved(consumerOptions)
    const settled = settleConsumerOptions(byDefault.options, byDefault.explicit, '4.1')
    expect(settled).toMatchObject({ problems: [], options: { 'enable.auto.commit': false } })
    const told = resolved(consumerOptions, { 'enable.auto.commit': true })
    expect(settleConsumerOptions(told.options, told.explicit, '4.1').problems).toHaveLength(1)
  })
})

describe('auto.offset.reset', () => {
  it.each([
    ['by_duration:PT1H30M', 5_400_000_000],
    ['by_duration:P2D', 172_800_000_000],
    ['by_duration:PT0.25S', 250_000],
    ['by_duration:P1DT1S', 86_401_000_000],
  ])('%s goes back by that much', (value, duration) => {
    expect(parseOffsetReset(value)).toEqual({ type: 'by_duration', duration })
  })

  it.each(['by_duration:P', 'by_duration:PT', 'by_duration:PX', 'soonest'])('does not know %s', (value) => {
    expect(parseOffsetReset(value)).toBeUndefined()
  })

  it('knows durations since 4.0 only', () => {
    const { options, explicit } = resolved(consumerOptions, {
      'group.id': 'g',
      'auto.offset.reset': 'by_duration:PT1H',
    })
    expect(settleConsumerOptions(options, explicit, '3.9').problems).toHaveLength(1)
    expect(settleConsumerOptions(options, explicit, '4.0').problems).toEqual([])
  })
})
