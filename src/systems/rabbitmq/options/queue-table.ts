import type { OptionTable } from '../../option.ts'
import { longestLife, longestTimer, pages } from './pages.ts'

/** Limits that a queue's arguments and a policy set alike; the names of arguments begin with `x-`. */
const lifetimes = {
  ttl: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 0,
    maximum: longestLife,
    summary: 'How long a message may wait; what is expired leaves from the head of the queue. A bare number is in ms.',
    page: pages.ttl,
  },
  expires: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 1000,
    maximum: longestLife,
    summary: 'A queue that nobody has used for so long is deleted with what it holds. A bare number is in ms.',
    page: pages.ttl,
  },
  length: {
    type: 'count',
    fallback: null,
    minimum: 0,
    summary: 'How many messages may be ready.',
    page: pages.maxLength,
  },
  bytes: {
    type: 'size',
    fallback: null,
    minimum: 0,
    summary: 'How many bytes of messages may be ready.',
    page: pages.maxLength,
  },
  exchange: {
    type: 'text',
    fallback: null,
    summary: 'The exchange that gets what the queue gives up; without one that is gone.',
    page: pages.dlx,
  },
  key: {
    type: 'text',
    fallback: null,
    summary: 'The routing key of what the queue gives up; without one each keeps its own.',
    page: pages.dlx,
  },
  consumer: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 0,
    maximum: longestTimer,
    summary:
      'How long a delivery of this queue may stay unacknowledged, in place of `consumer_timeout`; from 3.12 on, and in 4.3 not for classic queues. A bare number is in ms.',
    page: pages.consumers,
  },
} as const satisfies OptionTable

/** What a full queue does. The first is what it does if nobody says anything. */
const overflowChoices = ['drop-head', 'reject-publish', 'reject-publish-dlx'] as const
const overflowSummary =
  'What a full queue does: it drops its oldest message, or takes no new one and says so to the publisher; `-dlx` also dead-letters that.'

/** A queue: how it is declared, and its arguments by their own names. */
export const queueTable = {
  durable: {
    type: 'flag',
    fallback: true,
    summary: 'Whether the queue outlives a restart of its broker; messages need `delivery_mode: 2` for that as well.',
    page: pages.queues,
  },
  auto_delete: {
    type: 'flag',
    fallback: false,
    summary: 'Whether it is deleted when the last of the consumers that it had goes.',
    page: pages.queues,
  },
  exclusive: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether it belongs to the connection that declares it and goes with it; its consumer declares it, which the administrator cannot.',
    page: pages.queues,
  },
  'x-queue-type': {
    type: 'choice',
    choices: ['classic', 'quorum', 'stream'],
    fallback: 'classic',
    summary: 'The type of the queue; quorum queues and streams are left out.',
    page: pages.queues,
  },
  'x-message-ttl': lifetimes.ttl,
  'x-expires': lifetimes.expires,
  'x-max-length': lifetimes.length,
  'x-max-length-bytes': lifetimes.bytes,
  'x-overflow': {
    type: 'choice',
    choices: overflowChoices,
    fallback: 'drop-head',
    summary: overflowSummary,
    page: pages.maxLength,
  },
  'x-dead-letter-exchange': lifetimes.exchange,
  'x-dead-letter-routing-key': lifetimes.key,
  'x-consumer-timeout': lifetimes.consumer,
  'x-max-priority': {
    type: 'count',
    fallback: null,
    minimum: 1,
    maximum: 255,
    summary: 'How many priorities the queue tells apart, strictly; without it messages go in their order.',
    page: pages.priority,
  },
  'x-single-active-consumer': {
    type: 'flag',
    fallback: false,
    summary: 'Whether one consumer at a time is served and the others wait for it to go.',
    page: pages.consumers,
  },
  'recreated-at': {
    type: 'duration',
    fallback: null,
    minimum: 1000,
    summary:
      'When an administrator deletes the queue with all that it holds, and declares it again at once with its bindings; not if the broker is down then.',
    page: pages.queues,
  },
} as const satisfies OptionTable

/** What a policy may say to the queues and exchanges that it applies to. */
export const policyDefinitionTable = {
  'message-ttl': lifetimes.ttl,
  expires: lifetimes.expires,
  'max-length': lifetimes.length,
  'max-length-bytes': lifetimes.bytes,
  overflow: {
    type: 'choice',
    choices: overflowChoices,
    fallback: 'drop-head',
    summary: overflowSummary,
    page: pages.maxLength,
  },
  'dead-letter-exchange': lifetimes.exchange,
  'dead-letter-routing-key': lifetimes.key,
  'consumer-timeout': lifetimes.consumer,
  'alternate-exchange': {
    type: 'text',
    fallback: null,
    summary: 'The exchange that gets what matches no binding of this one.',
    page: pages.alternate,
  },
} as const satisfies OptionTable
