import { second } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { longestLife, longestTimer, pages } from './pages.ts'

/** What connections of both roles have in common. The names of the Java client's options are those of its `ConnectionFactory`. */
const connectionTable = {
  client: {
    type: 'choice',
    choices: ['java', 'amqplib'],
    fallback: 'java',
    summary:
      'Whose client it is: the Java client, which restores a lost connection by itself, or amqplib for Node.js, which does not.',
    page: pages.java,
  },
  connection: {
    type: 'text',
    fallback: null,
    summary:
      'The name of a connection that all parts of a process with the same name share, a channel each; by default each has a connection of its own.',
    page: pages.channels,
  },
  requestedHeartbeat: {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: 0,
    maximum: 65_535 * second,
    summary:
      'The heartbeat that the client wants, of which the shorter one holds; by default 60 s for java, and what the broker proposes for amqplib. 0 leaves it to the broker for java, and is no heartbeat at all for amqplib, since 2.0. A bare number is in s.',
    page: pages.heartbeats,
  },
  connectionTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: 60 * second,
    minimum: 1000,
    maximum: longestTimer,
    summary:
      'How long the opening of a connection may take, with amqplib its handshake as well; amqplib waits for ever unless it is told. A bare number is in ms.',
    page: pages.java,
  },
  handshakeTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: 10 * second,
    minimum: 1000,
    maximum: longestTimer,
    summary: 'How long the Java client waits for the broker to greet it on an open connection. A bare number is in ms.',
    page: pages.java,
  },
  automaticRecoveryEnabled: {
    type: 'flag',
    fallback: true,
    summary: 'Whether the Java client opens a lost connection and its channels again.',
    page: pages.java,
  },
  topologyRecoveryEnabled: {
    type: 'flag',
    fallback: true,
    summary: 'Whether it also declares again what this connection had declared, and subscribes its consumers.',
    page: pages.java,
  },
  networkRecoveryInterval: {
    type: 'duration',
    unit: 'ms',
    fallback: 5 * second,
    minimum: 1000,
    maximum: longestTimer,
    summary: 'How long the Java client waits before each attempt to do so. A bare number is in ms.',
    page: pages.java,
  },
  'on-closed': {
    type: 'choice',
    choices: ['reopen', 'exit', 'nothing'],
    fallback: 'reopen',
    summary:
      'What the application does about a channel that was closed on it, and about a connection that its client does not restore: opens another, ends its process so that a supervisor starts it again, or nothing.',
    page: pages.channels,
  },
  'reopen-after': {
    type: 'duration',
    fallback: second,
    minimum: 1000,
    summary: 'How long the application, or its supervisor, waits before that.',
  },
} as const satisfies OptionTable

export const producerTable = {
  confirms: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether the channel is in confirm mode (`confirm.select`), so that a send is over when the broker has answered for it; without that it is over when it is written.',
    page: pages.confirms,
  },
  'outstanding-confirms': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary: 'How many publishes the application lets wait for their confirms; 1 waits for each.',
    page: pages.publishers,
  },
  'confirm-timeout': {
    type: 'duration',
    fallback: null,
    minimum: 1000,
    summary: 'How long the application waits for a confirm before it takes the send as unknown; by default for ever.',
    page: pages.publishers,
  },
  'reads-confirms': {
    type: 'choice',
    choices: ['by-tag', 'in-order'],
    fallback: 'by-tag',
    summary:
      'How the application reads a confirm: for the publishes that it names, or, by a common mistake, for all that came before it as well.',
    page: pages.confirms,
  },
  republish: {
    type: 'count',
    fallback: 0,
    minimum: 0,
    summary:
      'How often the application publishes a message again, under the same id, that was not confirmed: because its connection went, the broker refused it, or a confirm took too long. No client does so by itself.',
    page: pages.publishers,
  },
  'republish-after': {
    type: 'duration',
    fallback: 100_000,
    minimum: 1000,
    summary: 'How long it waits before it does so for a message that was refused or whose confirm took too long.',
    page: pages.publishers,
  },
  tx: {
    type: 'flag',
    fallback: false,
    summary: 'Whether the channel is transactional (`tx.select`): each publish is committed, one after the other.',
    page: pages.semantics,
  },
  mandatory: {
    type: 'flag',
    fallback: false,
    summary: 'Whether a message that no queue takes comes back; otherwise it is gone, and confirmed all the same.',
    page: pages.publishers,
  },
  delivery_mode: {
    type: 'choice',
    choices: ['1', '2'],
    fallback: '1',
    summary: 'Whether a message is persistent (2) or transient (1): lost when its broker restarts.',
    page: pages.publishers,
  },
  priority: {
    type: 'count',
    fallback: null,
    minimum: 0,
    maximum: 255,
    summary: 'The priority of messages, for queues with `x-max-priority`.',
    page: pages.priority,
  },
  expiration: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 0,
    maximum: longestLife,
    summary: 'How long a message may wait in each queue; whole ms. A bare number is in ms.',
    page: pages.ttl,
  },
  headers: {
    type: 'list',
    fallback: [],
    summary: 'Headers of the messages, as `name=value`; whole numbers, true and false are taken as such.',
    page: pages.exchanges,
  },
  CC: {
    type: 'list',
    fallback: [],
    summary: 'Further routing keys.',
    page: pages.senderSelected,
  },
  BCC: {
    type: 'list',
    fallback: [],
    summary: 'Further routing keys that consumers do not get to see.',
    page: pages.senderSelected,
  },
  ...connectionTable,
} as const satisfies OptionTable

export const consumerTable = {
  mode: {
    type: 'choice',
    choices: ['consume', 'get'],
    fallback: 'consume',
    summary: 'Whether messages are pushed to it (`basic.consume`), or it asks for one at a time (`basic.get`).',
    page: pages.consumers,
  },
  'get-interval': {
    type: 'duration',
    fallback: second,
    minimum: 1000,
    summary: 'How long it waits after a `basic.get` that found nothing.',
    page: pages.consumers,
  },
  prefetch: {
    type: 'count',
    fallback: 0,
    minimum: 0,
    maximum: 65_535,
    summary: 'Deliveries that it may have unacknowledged (`basic.qos`); 0 for no limit.',
    page: pages.prefetch,
  },
  'prefetch-global': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether that is one limit for all consumers of the channel; from 4.3 on it is one for each all the same, unless the broker permits `global_qos`.',
    page: pages.prefetch,
  },
  noAck: {
    type: 'flag',
    fallback: false,
    summary: 'Whether a delivery counts as acknowledged when it is sent (automatic acknowledgement).',
    page: pages.confirms,
  },
  'ack-every': {
    type: 'count',
    fallback: 1,
    minimum: 1,
    summary:
      'How many deliveries the application acknowledges with one `basic.ack`; more than one with `multiple`, up to the oldest that is not done, and also when nothing else is there to handle.',
    page: pages.confirms,
  },
  'x-priority': {
    type: 'count',
    fallback: 0,
    minimum: -2_147_483_648,
    maximum: 2_147_483_647,
    summary: 'Consumers with a lower priority are served only when those with a higher one cannot take more.',
    page: pages.consumerPriority,
  },
  exclusive: {
    type: 'flag',
    fallback: false,
    summary: 'Whether it wants to be the only consumer of its queue; others are refused meanwhile.',
    page: pages.consumers,
  },
  declare: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether the application declares its queue, with its bindings, before it consumes, as tutorials do; it always does for an exclusive queue.',
    page: pages.queues,
  },
  'retry-to': {
    type: 'text',
    fallback: null,
    summary:
      'The queue that the application publishes a message to whose handling failed (`on-error: discard`), with the headers that it came with, and acknowledges it when that is confirmed; by default it rejects it.',
    page: pages.dlx,
  },
  'park-after': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary:
      'How often a message may come back before the application publishes it to `park-to` when it fails once more; by default for ever.',
    page: pages.dlx,
  },
  'park-to': {
    type: 'text',
    fallback: null,
    summary: 'The queue for what came back too often.',
    page: pages.dlx,
  },
  'retry-count': {
    type: 'choice',
    choices: ['x-death', 'x-retry'],
    fallback: 'x-death',
    summary:
      'Where the application reads how often a message came back: the highest count in the header of the broker, or a header of its own that it counts up in what it publishes to `retry-to`.',
    page: pages.dlx,
  },
  'shovel-to': {
    type: 'text',
    fallback: null,
    summary:
      'The queue that this consumer moves everything to, as a shovel does: it hands nothing to its service, publishes what it takes, and acknowledges it when that is confirmed.',
    page: 'https://www.rabbitmq.com/docs/shovel',
  },
  consumer_cancel_notify: {
    type: 'flag',
    fallback: true,
    summary: 'Whether the client is told that its queue is gone.',
    page: 'https://www.rabbitmq.com/docs/consumer-cancel',
  },
  ...connectionTable,
} as const satisfies OptionTable
