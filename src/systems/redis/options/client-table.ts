import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import { listTable } from './list-table.ts'
import { pages } from './pages.ts'
import { streamTable } from './stream-table.ts'

/** What connections of both roles have in common. Names are those of ioredis, but for `client` and what stands in the other clients' own words. */
const connectionTable = {
  client: {
    type: 'choice',
    choices: ['ioredis', 'node-redis', 'lettuce', 'redis-py'],
    fallback: 'ioredis',
    summary:
      'Whose client it is. After a lost connection ioredis and lettuce write again what was not answered; redis-py does so for its one command at a time; node-redis takes it as failed and writes only what had not left.',
    page: pages.clients,
  },
  autoResendUnfulfilledCommands: {
    type: 'flag',
    fallback: true,
    summary: 'Whether ioredis writes again what was not answered; for the others their kind decides.',
    page: pages.ioredis,
  },
  enableOfflineQueue: {
    type: 'flag',
    fallback: true,
    summary:
      'Whether what is asked for without a connection waits for one, or fails at once (`disableOfflineQueue` of node-redis).',
    page: pages.ioredis,
  },
  maxRetriesPerRequest: {
    type: 'count',
    fallback: 20,
    minimum: 0,
    summary: 'Failed attempts to connect after which ioredis fails everything that waits.',
    page: pages.ioredis,
  },
  connectTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long the opening of a connection may take: 5 s for node-redis and 10 s for the others. A bare number is in ms.',
    page: pages.ioredis,
  },
  commandTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long a command may be without its answer, those that block aside; 60 s for lettuce and for ever for the others. A bare number is in ms.',
    page: pages.lettuce,
  },
  retries: {
    type: 'count',
    fallback: 3,
    minimum: 0,
    summary: 'How often redis-py tries a command again whose connection broke, or could not be opened.',
    page: pages.redisPy,
  },
} as const satisfies OptionTable

export const producerTable = {
  push: {
    type: 'choice',
    choices: ['LPUSH', 'RPUSH'],
    fallback: 'LPUSH',
    summary: 'At which end of a list it puts elements.',
    page: pages.lpush,
  },
  enqueue: {
    type: 'choice',
    choices: ['push', 'script'],
    fallback: 'push',
    summary:
      'How it puts an element into a list: by the command alone, or by a script that first notes the job under its id (`HSETNX`), with its time, and pushes it only if it was not noted before.',
    page: pages.jobQueue,
  },
  maxlen: {
    type: 'count',
    fallback: null,
    minimum: 0,
    summary: 'The length to which it trims a stream with each entry that it adds; by default it trims nothing.',
    page: pages.xadd,
  },
  trim: {
    type: 'choice',
    choices: ['~', '='],
    fallback: '=',
    summary: 'Whether it trims exactly, or only what fills whole nodes of the stream.',
    page: pages.xadd,
  },
  references: {
    type: 'choice',
    choices: ['KEEPREF', 'DELREF', 'ACKED'],
    fallback: 'KEEPREF',
    summary:
      'What trimming does about entries that groups know: leaves them pending there, takes them out, or trims only what every group has acknowledged. Since 8.2.',
    page: pages.xadd,
  },
  idempotency: {
    type: 'choice',
    choices: ['none', 'IDMP', 'IDMPAUTO'],
    fallback: 'none',
    summary:
      'Whether an entry bears an id by which the stream knows it when it comes again: one of its own (its operation), or one made of its content. Since 8.6.',
    page: pages.idempotency,
  },
  content: {
    type: 'choice',
    choices: ['message', 'key'],
    fallback: 'message',
    summary:
      'What is in the fields of an entry, for `IDMPAUTO`: something of each message, or what all messages of a key have in common.',
    page: pages.idempotency,
  },
  pid: {
    type: 'choice',
    choices: ['service', 'process'],
    fallback: 'service',
    summary:
      'By which name the producer is known to the stream: the same for ever, or a new one each time its process starts.',
    page: pages.idempotency,
  },
  'wait.numreplicas': {
    type: 'count',
    fallback: 0,
    minimum: 0,
    summary:
      'After each write it waits until so many replicas have it (`WAIT`); with fewer in time, the send is unknown.',
    page: pages.wait,
  },
  'waitaof.numlocal': {
    type: 'count',
    fallback: 0,
    minimum: 0,
    maximum: 1,
    summary:
      'With 1 it waits until the append-only file of the master has the write on its disk (`WAITAOF`). Since 7.2.',
    page: pages.waitaof,
  },
  'wait.timeout': {
    type: 'duration',
    unit: 'ms',
    fallback: second,
    minimum: millisecond,
    summary: 'How long it waits for either. A bare number is in ms.',
    page: pages.wait,
  },
  ...connectionTable,
} as const satisfies OptionTable

export const consumerTable = {
  ...listTable,
  ...streamTable,
  'retry-after': {
    type: 'duration',
    unit: 'ms',
    fallback: second,
    minimum: millisecond,
    summary:
      'How long it waits before it asks again after an error, and before it claims again what it gave up handling. A bare number is in ms.',
    page: pages.errors,
  },
  ...connectionTable,
} as const satisfies OptionTable

export type ConnectionValues = OptionValues<typeof connectionTable>
export type ProducerValues = OptionValues<typeof producerTable>
export type ConsumerValues = OptionValues<typeof consumerTable>
