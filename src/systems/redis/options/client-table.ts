import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import { pages } from './pages.ts'

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

const listTable = {
  take: {
    type: 'choice',
    choices: ['BRPOP', 'BLPOP', 'BLMOVE'],
    fallback: 'BRPOP',
    summary:
      'How it takes an element from a list: out of it, or into the list of those in processing until it is acknowledged.',
    page: pages.lmove,
  },
  processing: {
    type: 'text',
    fallback: null,
    summary: 'The list of those in processing; `<name>:processing` by default.',
    page: pages.lmove,
  },
  claims: {
    type: 'choice',
    choices: ['none', 'time', 'token'],
    fallback: 'time',
    summary:
      'What it notes about an element that it has moved there: nothing, the time, or the time and a token by which a script knows later whether the element is still its own.',
    page: pages.jobQueue,
  },
  'visibility-timeout': {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long an element may be in processing before a reaper puts it back; one without a noted time goes back after twice as long since it was put in, if its producer noted that. By default nobody puts anything back. A bare number is in ms.',
    page: pages.jobQueue,
  },
  reaper: {
    type: 'choice',
    choices: ['script', 'commands'],
    fallback: 'script',
    summary:
      'How the reaper, which each member runs, puts elements back: in one script, or by one command after another.',
    page: pages.jobQueue,
  },
  'reap-interval': {
    type: 'duration',
    unit: 'ms',
    fallback: 5 * second,
    minimum: millisecond,
    summary: 'How often the reaper looks. A bare number is in ms.',
    page: pages.jobQueue,
  },
} as const satisfies OptionTable

const streamTable = {
  read: {
    type: 'choice',
    choices: ['XREADGROUP', 'XREAD'],
    fallback: 'XREADGROUP',
    summary:
      'How it reads a stream: as a member of a group that the server keeps account of, or by itself from a position that it keeps.',
    page: pages.streams,
  },
  start: {
    type: 'choice',
    choices: ['0', '$'],
    fallback: '0',
    summary:
      'Where a new group begins, or a reader without a position: with the first entry that is there, or with what comes from then on. Redis has no default: the command says which.',
    page: pages.xgroupCreate,
  },
  position: {
    type: 'choice',
    choices: ['memory', 'file'],
    fallback: 'file',
    summary: 'Where a reader by itself keeps the id of the last entry that it is done with.',
    page: pages.xread,
  },
  'read-pending': {
    type: 'choice',
    choices: ['at-start', 'after-reconnect', 'never'],
    fallback: 'at-start',
    summary:
      'When it reads, before anything new, what it was given and has not acknowledged: when its process starts, also after each new connection, or never.',
    page: pages.streams,
  },
  noack: {
    type: 'flag',
    fallback: false,
    summary: 'Whether entries count as acknowledged when they are handed out (`NOACK`).',
    page: pages.xreadgroup,
  },
  block: {
    type: 'duration',
    unit: 'ms',
    fallback: 0,
    minimum: 0,
    summary: 'How long a command waits at the server when there is nothing; 0 for ever. A bare number is in ms.',
    page: pages.xread,
  },
  consumer: {
    type: 'choice',
    choices: ['member', 'process'],
    fallback: 'member',
    summary: 'By which name the group knows a member: the same after each start, or a new one each time.',
    page: pages.xreadgroup,
  },
  'min-idle-time': {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 0,
    summary:
      'How long an entry has to be pending before another member takes it over (`XAUTOCLAIM`); by default nobody does. A bare number is in ms.',
    page: pages.xautoclaim,
  },
  'claim-interval': {
    type: 'duration',
    unit: 'ms',
    fallback: second,
    minimum: millisecond,
    summary:
      'How often a member that has nothing to do looks for such entries; one that has does so before it reads on. A bare number is in ms.',
    page: pages.xautoclaim,
  },
  'claim-with': {
    type: 'choice',
    choices: ['XAUTOCLAIM', 'CLAIM'],
    fallback: 'XAUTOCLAIM',
    summary: 'How it takes over: by a command of its own, or with the next `XREADGROUP` (since 8.4).',
    page: pages.xreadgroup,
  },
  'keep-claimed': {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How often a member claims again, for itself, what it is working on (`XCLAIM JUSTID`), so that it does not become idle; by default it does not. A bare number is in ms.',
    page: pages.xclaim,
  },
  'check-owner': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether it acknowledges by a script that first looks whether the entry is still its own, which `XACK` does not.',
    page: pages.xack,
  },
  'max-deliveries': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary:
      'Deliveries after which an entry is given up: it goes to `dead-letter`, or is only acknowledged; by default it never is.',
    page: pages.streams,
  },
  'dead-letter': {
    type: 'text',
    fallback: null,
    summary: 'The stream that takes what is given up or discarded.',
    page: pages.streams,
  },
  nack: {
    type: 'choice',
    choices: ['none', 'SILENT', 'FAIL', 'FATAL'],
    fallback: 'none',
    summary:
      'How it gives an entry back: not at all, so that it claims it again itself, or by `XNACK`, so that anybody may take it over at once, with less, as much or the highest count of deliveries. Since 8.8.',
    page: pages.xnack,
  },
  'delete-on-close': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether a member that stops in order deletes itself from the group (`XGROUP DELCONSUMER`), with what it had pending.',
    page: pages.xdelconsumer,
  },
  'group-gone': {
    type: 'choice',
    choices: ['try-again', 'create'],
    fallback: 'try-again',
    summary:
      'What it does when its group is no longer there: ask again and again, or create it once more at the first entry.',
    page: pages.xgroupCreate,
  },
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
