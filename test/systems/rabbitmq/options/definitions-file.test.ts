import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import type { ParsedScenario } from '../../../../src/scenario/parse-scenario.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { importDefinitions } from '../../../../src/systems/rabbitmq/options/import-definitions.ts'

const definitions = {
  rabbitmq_version: '4.2.1',
  users: [{ name: 'admin', password_hash: 'hunter2', tags: ['administrator'] }],
  permissions: [{ user: 'admin', vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  policies: [
    {
      vhost: '/',
      name: 'limits',
      pattern: '^orders$',
      'apply-to': 'queues',
      priority: 1,
      definition: { 'max-length': 2, 'message-ttl': 1500, 'ha-mode': 'all' },
    },
  ],
  queues: [
    {
      name: 'orders',
      vhost: '/',
      durable: true,
      auto_delete: false,
      arguments: { 'x-dead-letter-exchange': 'deaths', 'x-queue-mode': 'lazy' },
    },
    { name: 'safe', vhost: '/', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } },
  ],
  exchanges: [
    { name: 'shop', vhost: '/', type: 'headers', durable: true, auto_delete: false, internal: false, arguments: [] },
  ],
  bindings: [
    {
      source: 'shop',
      vhost: '/',
      destination: 'orders',
      destination_type: 'queue',
      routing_key: '',
      arguments: { 'x-match': 'any', region: 'eu' },
    },
  ],
}

const scenario = (own = ''): string => `
systems: { rabbit: { rabbitmq: { definitions: definitions.json${own} } } }
services:
  shop: { sends: rabbit/shop, producer: { headers: [region=eu] } }
  billing: { receives: rabbit/orders }
`

function parsed(text: string, file: unknown = definitions): ParsedScenario {
  return parseScenario(text, catalogue, { readText: () => JSON.stringify(file) })
}

function valuesOf(text: string): Readonly<Record<string, unknown>> {
  const result = parsed(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.scenario.systems['rabbit']?.settings.values ?? {}
}

describe('A definitions.json that a scenario names', () => {
  it('declares the queues, exchanges, bindings and policies that it has', () => {
    const { queues, exchanges, bindings, policies } = valuesOf(scenario())
    expect(queues).toMatchObject({ orders: { durable: true, 'x-dead-letter-exchange': 'deaths' } })
    expect(exchanges).toMatchObject({ shop: { type: 'headers' } })
    expect(Object.values(bindings ?? {})).toMatchObject([
      { source: 'shop', destination: 'orders', arguments: ['x-match=any', 'region=eu'] },
    ])
    expect(policies).toMatchObject({
      limits: { 'apply-to': 'queues', definition: { 'max-length': 2, 'message-ttl': 1_500_000 } },
    })
  })

  it('gives way to what the scenario says itself', () => {
    const { queues } = valuesOf(scenario(', queues: { orders: { durable: false }, mine: {} }, version: "4.2"'))
    expect(queues).toMatchObject({ orders: { durable: false, 'x-dead-letter-exchange': 'deaths' }, mine: {} })
  })

  it('says what means nothing in the model and what is not in the file', () => {
    const { withoutMeaning, missing } = importDefinitions(JSON.stringify(definitions))
    expect(withoutMeaning.map(({ name }) => name)).toEqual([
      'policy limits',
      'queue safe',
      'queue orders: x-queue-mode',
    ])
    expect(missing).toEqual([expect.stringContaining('exchange deaths')])
  })

  it('names users and permissions as left out, and shows nothing of them', () => {
    const reading = importDefinitions(JSON.stringify(definitions))
    expect(reading.credentials).toEqual(['users (1)', 'permissions (1)'])
    expect(JSON.stringify(reading)).not.toMatch(/hunter2|admin/)
    expect(JSON.stringify(parsed(scenario()))).not.toMatch(/hunter2/)
  })

  it('is refused when it is no JSON, or something else', () => {
    expect(importDefinitions('queues = 1').problems).toEqual([{ message: 'the file is no JSON' }])
    expect(importDefinitions('{ "queues": 5 }').problems[0]?.message).toBe(
      'the file is no export of definitions: queues: expected array, received number',
    )
  })
})
