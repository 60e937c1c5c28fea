import { defineFact } from '../../history/fact.ts'

/** A queue handed a message to a consumer, or to a `basic.get`. `consumer` is the node; `redelivered` is the flag that it sees. */
export const handedOut = defineFact(
  'handed-out',
  'broker',
  { copy: 'int', message: 'name', place: 'name', consumer: 'name', redelivered: 'flag' },
  '{node} delivered {message} from {place} to {consumer}',
  {
    statement: 'A queue pushes what it has to a consumer as long as that one may have more unacknowledged.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/consumer-prefetch',
    routine: true,
  },
)

/** A message that was handed out came back to its queue: `rejected`, `recovered`, `channel closed`, `connection closed`. */
export const requeued = defineFact(
  'requeued',
  'broker',
  { copy: 'int', message: 'name', place: 'name', reason: 'name' },
  '{node} put {message} back into {place}: {reason}',
  {
    statement: 'What a channel has not acknowledged goes back to its queue when the channel is gone, to its old place.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/confirms#automatic-requeueing',
  },
)

/** A message found no queue. `returned` says whether it went back to its publisher, who had asked for that with `mandatory`. */
export const unroutable = defineFact(
  'unroutable',
  'broker',
  { message: 'name', exchange: 'name', returned: 'flag' },
  '{node} found no queue for {message}, published to {exchange}',
  {
    statement:
      'A message without a queue is dropped and confirmed, unless it is published as mandatory: then it is returned first.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/publishers#unroutable',
  },
)

/** A full queue did not take a message. */
export const publishRefused = defineFact(
  'publish-refused',
  'broker',
  { message: 'name', place: 'name' },
  '{place} was full and refused {message}',
  {
    statement:
      'A queue that rejects publishes when it is full makes the broker answer with a nack; without confirms nobody hears of it.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/maxlength#overflow-behaviour',
  },
)

/** What a queue had written is safe on the disk. `writes` counts messages stored and removals. */
export const persisted = defineFact(
  'persisted',
  'broker',
  { place: 'name', writes: 'int' },
  '{node} has {writes} writes of {place} on its disk',
  {
    statement:
      'A persistent message is confirmed when the disk has it, or when a consumer has acknowledged it before that.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed',
    routine: true,
  },
)

/** A queue could not be written to the disk: `no-space`, `io-error`. Nothing is confirmed that is not written. */
export const writeFailed = defineFact(
  'write-failed',
  'broker',
  { place: 'name', reason: 'name' },
  '{node} could not write {place} to its disk: {reason}',
  {
    statement: 'What cannot be written is not confirmed.',
    evidence: 'inferred',
    page: 'https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed',
  },
)

/** A broker found a queue on its disk when it started. `redelivered` says that the end before was not an orderly one: every message bears the flag. */
export const queueRecovered = defineFact(
  'queue-recovered',
  'broker',
  { place: 'name', messages: 'int', redelivered: 'flag' },
  '{node} found {messages} messages of {place} on its disk',
  {
    statement: 'After a start that follows no orderly end, every message of a classic queue counts as redelivered.',
    evidence: 'source',
    page: 'https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_variable_queue.erl',
  },
)

/** A message that had been settled was back after a restart, because its removal had not reached the disk. */
export const resurrected = defineFact(
  'resurrected',
  'broker',
  { copy: 'int', message: 'name', place: 'name' },
  '{message} was back in {place}: its removal had not reached the disk',
  {
    statement: 'An acknowledgement that had not reached the disk is forgotten by a crash.',
    evidence: 'source',
    page: 'https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_classic_queue_index_v2.erl',
  },
)

/** A queue went: `deleted`, `auto-delete` (its last consumer went), `expired` (nobody used it), `owner-gone` (it was exclusive). */
export const queueDeleted = defineFact(
  'queue-deleted',
  'broker',
  { place: 'name', reason: 'name', messages: 'int' },
  '{node} deleted {place} with {messages} messages: {reason}',
  {
    statement: 'The messages of a queue go with it; they are not dead-lettered.',
    evidence: 'documented',
    until: 'copy-stored',
    page: 'https://www.rabbitmq.com/docs/ttl#queue-ttl',
  },
)

/** An error closed a channel: everything unacknowledged on it goes back. */
export const channelClosed = defineFact(
  'channel-closed',
  'broker',
  { client: 'name', channel: 'int', code: 'int', reason: 'name' },
  '{node} closed channel {channel} of {client}: {reason}',
  {
    statement: 'An error closes its channel, and what was unacknowledged on it is delivered again.',
    evidence: 'documented',
    until: 'delivered',
    page: 'https://www.rabbitmq.com/docs/channels#error-handling',
  },
)

/** The broker closed a connection: an error, a missing heartbeat, its own shutdown. */
export const connectionEnded = defineFact(
  'connection-ended',
  'broker',
  { client: 'name', code: 'int', reason: 'name' },
  '{node} closed the connection of {client}: {reason}',
  {
    statement:
      'Two time-outs without a heartbeat end a connection, and what was unacknowledged on it is delivered again.',
    evidence: 'documented',
    until: 'delivered',
    page: 'https://www.rabbitmq.com/docs/heartbeats',
  },
)

/** The broker stopped reading from a connection that publishes: `memory`, `disk`, `flow`. */
export const connectionBlocked = defineFact(
  'connection-blocked',
  'broker',
  { client: 'name', reason: 'name' },
  '{node} stopped reading from {client}: {reason}',
  {
    statement: 'While an alarm holds, nothing more is read from connections that publish, acknowledgements included.',
    evidence: 'documented',
    until: 'connection-unblocked',
    page: 'https://www.rabbitmq.com/docs/alarms',
  },
)

export const connectionUnblocked = defineFact(
  'connection-unblocked',
  'broker',
  { client: 'name' },
  '{node} read from {client} again',
  {
    statement: 'When all alarms are cleared the broker goes on reading from everybody.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/alarms',
  },
)

/** `memory` or `disk`. */
export const alarmRaised = defineFact('alarm-raised', 'broker', { alarm: 'name' }, '{node} raised the {alarm} alarm', {
  statement: 'A broker that runs out of memory or disk stops publishers, in the hope that consumers make room.',
  evidence: 'documented',
  until: 'alarm-cleared',
  page: 'https://www.rabbitmq.com/docs/alarms',
})
export const alarmCleared = defineFact(
  'alarm-cleared',
  'broker',
  { alarm: 'name' },
  '{node} cleared the {alarm} alarm',
  {
    statement: 'When all alarms are cleared the broker goes on reading from everybody.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/alarms',
  },
)

/** The broker cancelled a consumer because its queue is gone. `told` is false for a client that cannot be told. */
export const consumerCancelled = defineFact(
  'consumer-cancelled',
  'broker',
  { client: 'name', place: 'name', told: 'flag' },
  '{node} cancelled the consumer of {client} on {place}',
  {
    statement:
      'When a queue goes, its consumers are cancelled; a client that did not ask to hear of it waits for ever.',
    evidence: 'documented',
    until: 'node-started',
    page: 'https://www.rabbitmq.com/docs/consumer-cancel',
  },
)

/** A queue has a new single active consumer. */
export const consumerActivated = defineFact(
  'consumer-activated',
  'broker',
  { client: 'name', place: 'name' },
  '{client} became the active consumer of {place}',
  {
    statement: 'One consumer at a time gets the messages of the queue; the next one takes over when that is gone.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/consumers#single-active-consumer',
  },
)

/** An application published a message again that its handler had given up: to wait, or to rest. `count` is what it read in the header. */
export const retried = defineFact(
  'retried',
  'client',
  { message: 'name', place: 'name', counter: 'name', count: 'int' },
  '{node} publishes {message} to {place}: {counter} says {count}',
  {
    statement:
      'What the broker writes into x-death counts how often queues gave a message up; from 4.0 on it ignores the header in what clients publish.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/dlx#effects',
  },
)

/** A shovel publishes a message to another queue. */
export const shovelled = defineFact(
  'shovelled',
  'client',
  { message: 'name', place: 'name' },
  '{node} moves {message} to {place}',
  {
    statement: 'A shovel takes from one queue and publishes to another, and acknowledges when that is confirmed.',
    evidence: 'documented',
    page: 'https://www.rabbitmq.com/docs/shovel',
    routine: true,
  },
)

/** Facts of RabbitMQ, besides the neutral ones. */
export const rabbitFacts = [
  handedOut,
  requeued,
  unroutable,
  publishRefused,
  persisted,
  writeFailed,
  queueRecovered,
  resurrected,
  queueDeleted,
  channelClosed,
  connectionEnded,
  connectionBlocked,
  connectionUnblocked,
  alarmRaised,
  alarmCleared,
  consumerCancelled,
  consumerActivated,
  retried,
  shovelled,
] as const
