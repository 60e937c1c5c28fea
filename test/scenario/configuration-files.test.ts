import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import type { ParsedScenario } from '../../src/scenario/parse-scenario.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { toDocument } from '../../src/scenario/document.ts'

const scenario = (producer: string, consumer = '{}', cluster = ''): string => `
systems: { events: { kafka: { ${cluster} topics: { orders: {} } } } }
services:
  shop: { sends: events/orders, producer: ${producer} }
  billing: { receives: events/orders, consumer: ${consumer} }
`

const files: Readonly<Record<string, string>> = {
  'producer.properties': [
    '# what the shop runs with',
    'bootstrap.servers=broker:9092',
    'acks=1',
    'linger.ms=7',
    'enable.idempotence=false',
    'sasl.jaas.config=org.apache.Plain required password="hunter2";',
  ].join('\n'),
  'late.properties': 'linger.ms=9\n',
  'wrong.properties': 'acks=all\nlinger.ms=often\nbatch.sise=5\n',
  'consumer.properties': 'group.id=payments\nenable.auto.commit=false\nmax.poll.records=10\n',
  'server.properties': 'min.insync.replicas=2\nunclean.leader.election.enable=true\nlog.dirs=/data\n',
}

function parsed(text: string): ParsedScenario {
  return parseScenario(text, catalogue, { readText: (name) => files[name] })
}

function accepted(text: string): Extract<ParsedScenario, { ok: true }> {
  const result = parsed(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result
}

function producerOf(text: string): Readonly<Record<string, unknown>> {
  const [sends] = accepted(text).scenario.services[0]?.sends ?? []
  return sends?.settings.values ?? {}
}

describe('a configuration file that a scenario names', () => {
  it('sets the options that it has, and leaves the rest at their defaults', () => {
    expect(producerOf(scenario('{ properties: producer.properties }'))).toMatchObject({
      acks: '1',
      'linger.ms': 7_000,
      'enable.idempotence': false,
      'batch.size': 16_384,
    })
  })

  it('gives way to what the scenario says itself', () => {
    const values = producerOf(scenario('{ properties: producer.properties, linger.ms: 1 }'))
    expect(values).toMatchObject({ 'linger.ms': 1_000, acks: '1' })
  })

  it('gives way to a later file', () => {
    const values = producerOf(scenario('{ properties: [producer.properties, late.properties] }'))
    expect(values).toMatchObject({ 'linger.ms': 9_000, acks: '1' })
  })

  it('is told of: what was read, what means nothing, and that credentials were left out without their values', () => {
    const { configurations, scenario: read } = accepted(scenario('{ properties: producer.properties }'))
    expect(configurations).toMatchObject([
      {
        file: 'producer.properties',
        options: ['acks', 'linger.ms', 'enable.idempotence'],
        credentials: ['sasl.jaas.config'],
      },
    ])
    expect(configurations[0]?.withoutMeaning.map(({ name }) => name)).toEqual(['bootstrap.servers'])
    expect(JSON.stringify([configurations, read])).not.toContain('hunter2')
  })

  it('serves consumers, whose group is the service, and clusters alike', () => {
    const { scenario: read, configurations } = accepted(
      scenario('{}', '{ properties: consumer.properties }', 'properties: server.properties,'),
    )
    expect(read.systems['events']?.settings.values).toMatchObject({
      'min.insync.replicas': 2,
      'unclean.leader.election.enable': true,
    })
    expect(read.services[1]?.receives[0]?.settings.values).toMatchObject({
      'enable.auto.commit': false,
      'max.poll.records': 10,
    })
    expect(configurations.flatMap(({ withoutMeaning }) => withoutMeaning.map(({ name }) => name))).toEqual([
      'log.dirs',
      'group.id',
    ])
  })

  it('is wrong at its own lines', () => {
    const result = parsed(scenario('{ properties: wrong.properties }'))
    expect(result.ok).toBe(false)
    expect(!result.ok && result.problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'wrong.properties:2',
      'wrong.properties:3',
    ])
    expect(!result.ok && result.problems[1]?.message).toContain('batch.size')
  })

  it('is missed where it cannot be read', () => {
    const result = parsed(scenario('{ properties: nowhere.properties }'))
    expect(!result.ok && result.problems[0]).toMatchObject({
      path: 'services.shop.producer.properties',
      message: 'the file "nowhere.properties" cannot be read',
    })
  })

  it('is not needed any more once the scenario has been written down again', () => {
    const { scenario: read } = accepted(scenario('{ properties: producer.properties }'))
    const text = JSON.stringify(toDocument(read, catalogue))
    expect(text).not.toContain('producer.properties')
    expect(producerOf(text)).toMatchObject({ acks: '1', 'linger.ms': 7_000 })
  })
})

describe('an option without meaning in the model', () => {
  it('is refused with the reason, not as a name that nobody knows', () => {
    const result = parsed(scenario('{ bootstrap.servers: "broker:9092" }'))
    expect(!result.ok && result.problems[0]?.message).toMatch(/^bootstrap\.servers has no meaning in the model: ./)
  })
})
