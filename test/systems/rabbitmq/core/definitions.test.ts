import { describe, expect, it } from 'vitest'
import type { Definitions } from '../../../../src/systems/rabbitmq/core/definitions.ts'
import { readDefinitions } from '../../../../src/systems/rabbitmq/core/definitions.ts'
import { Session } from './session.ts'

const file = {
  rabbit_version: '3.13.7',
  rabbitmq_version: '3.13.7',
  users: [
    {
      name: 'admin',
      password_hash: 'not-for-anybody',
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: ['administrator'],
    },
  ],
  vhosts: [{ name: '/' }],
  permissions: [{ user: 'admin', vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  topic_permissions: [],
  parameters: [],
  global_parameters: [{ name: 'cluster_name', value: 'rabbit@host' }],
  policies: [
    {
      vhost: '/',
      name: 'limits',
      pattern: '^orders',
      'apply-to': 'queues',
      priority: 1,
      definition: { 'max-length': 2, 'ha-mode': 'all', 'dead-letter-exchange': 'deaths' },
    },
  ],
  queues: [
    {
      name: 'orders',
      vhost: '/',
      durable: true,
      auto_delete: false,
      arguments: { 'x-message-ttl': 60000, 'x-mine': 1 },
    },
    { name: 'safe', vhost: '/', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } },
    { name: 'other', vhost: 'other', durable: true, auto_delete: false, arguments: {} },
  ],
  exchanges: [
    { name: 'shop', vhost: '/', type: 'topic', durable: true, auto_delete: false, internal: false, arguments: [] },
    {
      name: 'hash',
      vhost: '/',
      type: 'x-consistent-hash',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    },
  ],
  bindings: [
    {
      source: 'shop',
      vhost: '/',
      destination: 'orders',
      destination_type: 'queue',
      routing_key: 'order.*',
      arguments: {},
    },
    { source: 'shop', vhost: '/', destination: 'safe', destination_type: 'queue', routing_key: '#', arguments: {} },
  ],
}

function read(json: unknown): Definitions {
  const result = readDefinitions(json, 1)
  if (typeof result === 'string') throw new Error(result)
  return result
}

describe('readDefinitions', () => {
  it('makes what the file declares', () => {
    const session = new Session()
    for (const command of read(file).commands) session.do(command)
    const content = { id: 1, bytes: 1, properties: {} }
    for (let time = 0; time < 3; time++) {
      session.do({ kind: 'publish', channel: 1, exchange: 'shop', routingKey: 'order.new', content })
    }
    expect(session.ready('orders')).toHaveLength(2)
    expect(session.broker.virtualHost.queue('orders')?.options).toMatchObject({
      messageTimeToLive: 60_000_000,
      maxLength: 2,
    })
  })

  it('says what was read', () => {
    expect(read(file).read).toEqual([
      'policy limits',
      'exchange shop',
      'queue orders',
      "binding from shop to queue orders by 'order.*'",
    ])
  })

  it('names what means nothing to the model', () => {
    expect(read(file).withoutMeaning).toEqual([
      'policy limits: ha-mode is not part of the model',
      'exchange hash: the type x-consistent-hash is not part of the model',
      'queue orders: the server does not know the argument x-mine',
      'queue safe: the type quorum is not part of this core',
      'queue other: it is in the virtual host other',
      'users (1): dropped: the model has no users',
      'vhosts (1): not part of the model',
      'permissions (1): dropped: the model has no users',
      'global_parameters (1): not part of the model',
    ])
  })

  it('names what the file refers to and does not contain', () => {
    expect(read(file).missing).toEqual([
      'exchange deaths, which policy limits names',
      'queue safe, which a binding refers to',
    ])
  })

  it('lets no secret through', () => {
    expect(JSON.stringify(read(file))).not.toContain('not-for-anybody')
  })

  it('says where a file is not what it should be', () => {
    expect(readDefinitions({ queues: [{ name: 1 }] }, 1)).toContain('queues.0.name')
  })

  it('reads an empty file as nothing', () => {
    expect(read({})).toMatchObject({ commands: [], read: [], withoutMeaning: [], missing: [] })
  })
})
