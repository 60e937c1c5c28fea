import type { Destination } from '../../../../src/systems/rabbitmq/core/exchange.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Properties } from '../../../../src/systems/rabbitmq/core/message.ts'
import type { Method } from '../../../../src/systems/rabbitmq/protocol.ts'

/** What one channel is made to do, at the edge of what is allowed; random sequences rarely come by here. */
export interface EdgeCase {
  readonly what: string
  readonly methods: readonly Method[]
}

/** Names of the queues and exchanges of one case; they start with `run`, so that cases do not meet on a server. */
export interface EdgeNames {
  readonly queues: readonly [a: string, b: string, dead: string]
  readonly exchanges: readonly [x: string, y: string]
}

export function edgeNames(run: string): EdgeNames {
  return { queues: [`${run}.a`, `${run}.b`, `${run}.dead`], exchanges: [`${run}.x`, `${run}.y`] }
}

export function edgeCases(names: EdgeNames): readonly EdgeCase[] {
  return [
    ...expirations(names),
    ...furtherKeys(names),
    ...emptyNames(names),
    ...reservedNames(names),
    ...queueArguments(names),
    ...redeclarations(names),
    ...bindings(names),
    ...acknowledgements(names),
    ...transactions(names),
    ...limits(names),
    ...lifetimes(names),
  ].map(([what, ...methods]) => ({ what, methods }))
}

type Case = readonly [what: string, ...Method[]]

function expirations({ queues: [a] }: EdgeNames): readonly Case[] {
  const texts = ['soon', '-1', '', ' 5', '5 ', '1.5', '+500000', '-0', '0500000', '315360000000', '315360000001']
  return [
    ...texts.map((expiration): Case => [
      `expiration '${expiration}'`,
      queue(a),
      publish('', a, { expiration }),
      get(a),
    ]),
    ['expiration 0, mandatory', queue(a), select, publish('', a, { expiration: '0' }, true), get(a)],
  ]
}

function furtherKeys({ queues: [a, b] }: EdgeNames): readonly Case[] {
  const to = (headers: FieldTable, isMandatory = false): Method => publish('', a, { headers }, isMandatory)
  return [
    ['CC that is no list', queue(a), to({ CC: a })],
    ['BCC that is no list', queue(a), to({ BCC: 5 })],
    ['CC with a number in it', queue(a), to({ CC: [a, 5] }), get(a)],
    ['CC and BCC to others and to itself', queue(a), queue(b), to({ CC: [b, a, 'none'], BCC: [b] }), get(a), get(b)],
    ['CC and BCC to nobody', select, to({ CC: ['none'], BCC: ['nor'] }, true)],
    ['CC to one that is there', queue(b), select, to({ CC: [b] }, true), get(b)],
  ]
}

function emptyNames({ queues: [a], exchanges: [x] }: EdgeNames): readonly Case[] {
  const exchange = declare(x, 'direct')
  return [
    ['basic.get without a queue', get('')],
    ['the last queue, got from', queue(a), publish('', a), get('')],
    ['the last queue, consumed from', queue(a), publish('', a), consume('', 'c')],
    ['the last queue, purged', queue(a), publish('', a), { kind: 'purge', queue: '' }],
    ['the last queue, deleted', queue(a), publish('', a), remove('')],
    ['the last queue, bound', exchange, queue(a), bind(x, toQueue(''), ''), publish(x, a, {}, true)],
    ['the last queue, bound by a key', exchange, queue(a), bind(x, toQueue(''), 'k'), publish(x, 'k', {}, true)],
    ['the empty key', publish('', '', {}, true)],
  ]
}

function reservedNames({ queues: [a], exchanges: [x] }: EdgeNames): readonly Case[] {
  return [
    ['a reserved queue', queue('amq.mine')],
    ['a reserved exchange', declare('amq.mine', 'direct')],
    ['a predeclared exchange', { kind: 'declare-exchange', name: 'amq.direct', type: 'direct', durable: true }],
    ['a predeclared exchange of another type', declare('amq.direct', 'fanout')],
    ['the deletion of a predeclared exchange', { kind: 'delete-exchange', name: 'amq.direct' }],
    ['the deletion of the default exchange', { kind: 'delete-exchange', name: '' }],
    ['the default exchange', declare('', 'direct')],
    ['a look at the default exchange', { kind: 'declare-exchange', name: '', passive: true }],
    ['a binding to the default exchange', queue(a), bind('', toQueue(a), 'k')],
    ['a binding of the default exchange', declare(x, 'direct'), bind(x, { kind: 'exchange', name: '' }, 'k')],
    ['a publish to an internal exchange', publish('amq.rabbitmq.trace', 'k')],
    ['a publish to no exchange', publish(x, 'k')],
    ['replies with acknowledgements', consume('amq.rabbitmq.reply-to', 'c')],
    ['a request without a consumer of replies', queue(a), publish('', a, { replyTo: 'amq.rabbitmq.reply-to' })],
  ]
}

function queueArguments({ queues: [a] }: EdgeNames): readonly Case[] {
  const tables: readonly FieldTable[] = [
    { 'x-max-priority': 0 },
    { 'x-max-priority': 255 },
    { 'x-max-priority': 256 },
    { 'x-max-priority': -1 },
    { 'x-message-ttl': '5' },
    { 'x-message-ttl': -1 },
    { 'x-message-ttl': 315_360_000_000 },
    { 'x-message-ttl': 315_360_000_001 },
    { 'x-expires': 0 },
    { 'x-expires': 315_360_000_001 },
    { 'x-max-length': -1 },
    { 'x-max-length': 'many' },
    { 'x-overflow': 'odd' },
    { 'x-single-active-consumer': 'true' },
    { 'x-dead-letter-exchange': 4 },
    { 'x-dead-letter-routing-key': 'k' },
    { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 4 },
    { 'x-queue-mode': 'odd' },
    { 'x-queue-version': 3 },
    { 'x-delivery-limit': 4 },
    { 'x-max-age': '1D' },
    { 'x-odd': 4 },
  ]
  return [
    ...tables.map((table): Case => [`a queue with ${JSON.stringify(table)}`, queue(a, table)]),
    ['x-priority that is a text', queue(a), consume(a, 'c', { arguments: { 'x-priority': 'high' } })],
    [
      'an exclusive consumer beside the single active one',
      queue(a, { 'x-single-active-consumer': true }),
      consume(a, 'c', { exclusive: true }),
    ],
  ]
}

function redeclarations({ queues: [a] }: EdgeNames): readonly Case[] {
  const pairs: readonly (readonly [FieldTable, FieldTable])[] = [
    [{ 'x-message-ttl': 4 }, { 'x-message-ttl': 5 }],
    [{}, { 'x-message-ttl': 5 }],
    [{}, { 'x-queue-type': 'classic' }],
    [{ 'x-queue-type': 'classic' }, {}],
    [{}, { 'x-overflow': 'drop-head' }],
    [{ 'x-odd': 4 }, { 'x-odd': 5 }],
  ]
  const again = pairs.map(([one, other]): Case => [
    `${JSON.stringify(one)} again as ${JSON.stringify(other)}`,
    queue(a, one),
    queue(a, other),
  ])
  const declared = { kind: 'declare-queue', name: a, arguments: {} } as const
  return [
    ...again,
    ['durable again as transient', queue(a), { ...declared, durable: false }],
    ['shared again as exclusive', queue(a), { ...declared, durable: true, exclusive: true }],
  ]
}

function bindings({ queues: [a, b], exchanges: [x, y] }: EdgeNames): readonly Case[] {
  const bound = (type: string, key: string, table: FieldTable = {}): readonly Method[] => [
    declare(x, type),
    queue(a),
    bind(x, toQueue(a), key, table),
  ]
  const send = (key: string, headers: FieldTable = {}): Method => publish(x, key, { headers }, true)
  return [
    ['an odd x-match', ...bound('headers', '', { 'x-match': 'odd' })],
    ['x-match that is a number', ...bound('headers', '', { 'x-match': 5 })],
    ['a header whose value does not matter', ...bound('headers', '', { h: null }), send('', { h: 9 }), send('')],
    ['a header that is a table', ...bound('headers', '', { h: { a: 1 } }), send('', { h: { a: 1 } })],
    ['any of no headers', ...bound('headers', '', { 'x-match': 'any' }), send('')],
    ['# between words', ...bound('topic', 'a.#.b'), send('a.b'), send('a..b'), send('a')],
    ['* for an empty word', ...bound('topic', 'a.*'), send('a.'), send('')],
    ['# for nothing', ...bound('topic', '#'), send('')],
    ['the empty pattern', ...bound('topic', ''), send(''), send('a')],
    ['a binding twice', ...bound('direct', 'k'), bind(x, toQueue(a), 'k'), unbind(x, toQueue(a), 'k'), send('k')],
    [
      'a binding twice, with other arguments',
      ...bound('direct', 'k'),
      bind(x, toQueue(a), 'k', { z: 1 }),
      unbind(x, toQueue(a), 'k'),
      send('k'),
    ],
    ['an alternate exchange that is a number', declare(x, 'direct', { 'alternate-exchange': 4 })],
    ['an alternate exchange that is not there', declare(x, 'direct', { 'alternate-exchange': y }), send('k')],
    [
      'a dead end in place of the alternate exchange',
      declare(y, 'fanout'),
      declare(x, 'direct', { 'alternate-exchange': y }),
      queue(b),
      bind(y, toQueue(b), ''),
      bind(x, { kind: 'exchange', name: 'amq.topic' }, 'k'),
      send('k'),
      get(b),
    ],
  ]
}

function acknowledgements({ queues: [a, b, dead] }: EdgeNames): readonly Case[] {
  const out: readonly Method[] = [queue(a), publish('', a), get(a, false)]
  return [
    ['an acknowledgement of tag 0', acknowledge(0)],
    ['an acknowledgement of everything, which is nothing', acknowledge(0, true)],
    ['a rejection of everything', ...out, reject(0, true, true), get(a)],
    ['two acknowledgements', ...out, acknowledge(1), acknowledge(1)],
    ['an acknowledgement after the queue', ...out, remove(a), acknowledge(1)],
    ['a return to a queue that is another one now', ...out, remove(a), queue(a), reject(1, true), get(a)],
    [
      'a rejection by a queue that is another one now',
      queue(dead),
      queue(a, deadLettersTo(dead)),
      publish('', a),
      get(a, false),
      remove(a),
      queue(a, deadLettersTo(dead)),
      reject(1, false),
      get(dead),
    ],
    ['a purge with one outstanding', ...out, { kind: 'purge', queue: a }, reject(1, true), get(a)],
    ['the deletion of an empty queue with one outstanding', ...out, { ...remove(a), ifEmpty: true }],
    [
      'several at once, of two queues',
      ...[queue(a), queue(b), publish('', a), publish('', b), get(a, false), get(b, false)],
      acknowledge(2, true),
      acknowledge(1),
    ],
  ]
}

function transactions({ queues: [a] }: EdgeNames): readonly Case[] {
  return [
    ['confirms after transactions', begin, select],
    ['transactions after confirms', select, begin],
    ['transactions twice', begin, begin],
    ['a commit without any', commit],
    ['a rollback without any', rollBack],
    ['a commit to a full queue', begin, queue(a, refusing(0)), publish('', a), commit],
    ['a commit to a queue that went', begin, queue(a), publish('', a, {}, true), remove(a), commit],
    ['an acknowledgement twice', queue(a), publish('', a), begin, get(a, false), acknowledge(1), acknowledge(1)],
    [
      'a rejection before the commit',
      queue(a),
      publish('', a),
      begin,
      get(a, false),
      reject(1, true),
      get(a),
      commit,
      get(a),
    ],
    ['a rollback after automatic acknowledgement', queue(a), publish('', a), begin, get(a), rollBack, get(a)],
  ]
}

function limits({ queues: [a, b, dead], exchanges: [x] }: EdgeNames): readonly Case[] {
  const full = { 'x-max-length': 1 }
  return [
    [
      'a return to a full queue',
      queue(a, full),
      publish('', a),
      get(a, false),
      publish('', a),
      reject(1, true),
      get(a),
    ],
    [
      'a return to a full queue that refuses',
      ...[queue(a, refusing(1)), publish('', a), get(a, false), publish('', a)],
      reject(1, true),
      get(a),
      get(a),
    ],
    [
      'one of two that refuses',
      ...[queue(a, refusing(0)), queue(b), declare(x, 'fanout'), bind(x, toQueue(a), ''), bind(x, toQueue(b), '')],
      select,
      publish(x, ''),
      get(b),
    ],
    [
      'its own dead letters, for their age',
      queue(a, { ...deadLettersTo(a), 'x-message-ttl': 0 }),
      publish('', a),
      get(a),
    ],
    [
      'its own dead letters, for its length',
      queue(a, { ...deadLettersTo(a), ...full }),
      publish('', a),
      publish('', a),
      get(a),
    ],
    [
      'its own dead letters, for rejections',
      ...[queue(a, deadLettersTo(a)), publish('', a), get(a, false), reject(1, false), get(a, false), reject(2, false)],
      get(a),
    ],
    [
      'dead letters that were never taken',
      queue(dead),
      queue(a, { ...deadLettersTo(dead), 'x-max-length': 0, 'x-overflow': 'reject-publish-dlx' }),
      select,
      publish('', a, { expiration: '60000' }),
      get(dead),
    ],
    [
      'dead letters with priorities',
      ...[queue(dead, { 'x-max-priority': 5 }), queue(a, deadLettersTo(dead))],
      ...[publish('', a, { priority: 1 }), publish('', a, { priority: 4 }), get(a, false), get(a, false)],
      reject(2, false, true),
      get(dead),
      get(dead),
    ],
  ]
}

function lifetimes({ queues: [a], exchanges: [x, y] }: EdgeNames): readonly Case[] {
  const own = { ...queue(a), autoDelete: true }
  const look: Method = { kind: 'declare-queue', name: a, passive: true }
  const lookAt = (name: string): Method => ({ kind: 'declare-exchange', name, passive: true })
  const fleeting = (name: string): Method => ({ ...declare(name, 'direct'), autoDelete: true })
  return [
    ['the last of two consumers', own, consume(a, 'c'), consume(a, 'd'), cancel('c'), look, cancel('d'), look],
    ['a queue without consumers ever', own, publish('', a), get(a), look],
    ['a consumer after its queue', queue(a), consume(a, 'c'), remove(a), queue(a), publish('', a), get(a)],
    ['the tag of a consumer whose queue went', queue(a), consume(a, 'c'), remove(a), queue(a), consume(a, 'c')],
    ['an exchange after its last binding', fleeting(x), queue(a), bind(x, toQueue(a), 'k'), remove(a), lookAt(x)],
    [
      'an exchange after the exchange that it led to',
      ...[fleeting(x), fleeting(y), queue(a), bind(x, { kind: 'exchange', name: y }, 'k'), bind(y, toQueue(a), 'k')],
      remove(a),
      lookAt(x),
    ],
    [
      'the deletion of an exchange in use',
      ...[declare(x, 'direct'), queue(a), bind(x, toQueue(a), 'k')],
      { kind: 'delete-exchange', name: x, ifUnused: true },
    ],
    [
      'the deletion of an exchange that others lead to',
      ...[declare(x, 'direct'), declare(y, 'direct'), bind(x, { kind: 'exchange', name: y }, 'k')],
      { kind: 'delete-exchange', name: y, ifUnused: true },
    ],
  ]
}

const select: Method = { kind: 'confirm-select' }
const begin: Method = { kind: 'tx-select' }
const commit: Method = { kind: 'tx-commit' }
const rollBack: Method = { kind: 'tx-rollback' }

function queue(name: string, given: FieldTable = {}): Method & { readonly kind: 'declare-queue' } {
  return { kind: 'declare-queue', name, durable: true, arguments: given }
}

function remove(name: string): Method & { readonly kind: 'delete-queue' } {
  return { kind: 'delete-queue', name }
}

function declare(name: string, type: string, given: FieldTable = {}): Method & { readonly kind: 'declare-exchange' } {
  return { kind: 'declare-exchange', name, type, arguments: given }
}

/** All messages have the same number: a case has one or two, and tells them apart by their properties. */
function publish(exchange: string, routingKey: string, properties: Properties = {}, mandatory = false): Method {
  return { kind: 'publish', exchange, routingKey, mandatory, content: { id: 1, bytes: 8, properties } }
}

function get(name: string, noAck = true): Method {
  return { kind: 'get', queue: name, noAck }
}

function consume(name: string, tag: string, more: { exclusive?: boolean; arguments?: FieldTable } = {}): Method {
  return { kind: 'consume', queue: name, tag, ...more }
}

function cancel(tag: string): Method {
  return { kind: 'cancel', tag }
}

function acknowledge(tag: number, multiple = false): Method {
  return { kind: 'acknowledge', tag, multiple }
}

function reject(tag: number, requeue: boolean, multiple = false): Method {
  return { kind: 'reject', tag, requeue, multiple }
}

function bind(source: string, destination: Destination, key: string, given: FieldTable = {}): Method {
  return { kind: 'bind', source, destination, key, arguments: given }
}

function unbind(source: string, destination: Destination, key: string): Method {
  return { kind: 'unbind', source, destination, key, arguments: {} }
}

function toQueue(name: string): Destination {
  return { kind: 'queue', name }
}

function deadLettersTo(name: string): FieldTable {
  return { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': name }
}

function refusing(length: number): FieldTable {
  return { 'x-max-length': length, 'x-overflow': 'reject-publish' }
}
