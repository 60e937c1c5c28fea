import { hour, millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import { pages } from './pages.ts'

/** The client of the AWS SDK for JavaScript (version 3), under its own names. */
const sdkTable = {
  maxAttempts: {
    type: 'count',
    fallback: 3,
    minimum: 1,
    summary: 'How often the SDK tries a call in all, in its standard retry mode.',
    page: pages.retries,
  },
  requestTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long an attempt waits for its answer; by default as long as its connection lives. A long poll needs more than its WaitTimeSeconds. A bare number is in ms.',
    page: pages.timeouts,
  },
  connectionTimeout: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long an attempt waits for a connection; by default as long as the host tries. A bare number is in ms.',
    page: pages.timeouts,
  },
  maxSockets: {
    type: 'count',
    fallback: 50,
    minimum: 1,
    summary: 'How many connections the client opens; each carries one call at a time, and further calls wait.',
    page: pages.sdk,
  },
} as const satisfies OptionTable

export const producerTable = {
  MessageGroupId: {
    type: 'choice',
    choices: ['key', 'message', 'all'],
    fallback: 'key',
    summary:
      'What the application takes as message group in a FIFO queue: the key of the message, the message itself (no two are of one group), or one group for all.',
    page: pages.groups,
  },
  MessageDeduplicationId: {
    type: 'choice',
    choices: ['message', 'operation', 'call', 'none'],
    fallback: 'message',
    summary:
      'What the application takes as deduplication id in a FIFO queue: the id of the message, the operation that it is about, a new one for each call, or none, so that the queue takes the content. By default none where the queue has ContentBasedDeduplication.',
    page: pages.deduplication,
  },
  body: {
    type: 'choice',
    choices: ['operation', 'key'],
    fallback: 'operation',
    summary:
      'What a body without a text of its own says, which is what ContentBasedDeduplication looks at: the operation, or only the key, so that two orders of a customer read alike. Attributes of messages do not count.',
    page: pages.send,
  },
  DelaySeconds: {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: 0,
    maximum: 900 * second,
    summary: 'How long its messages are hidden, in place of the delay of a standard queue. A bare number is in s.',
    page: pages.send,
  },
  'batch-size': {
    type: 'count',
    fallback: 1,
    minimum: 1,
    maximum: 10,
    summary: 'How many messages the application puts into a SendMessageBatch; 1 sends each with SendMessage.',
    page: pages.batch,
  },
  'batch-wait': {
    type: 'duration',
    fallback: 200 * millisecond,
    minimum: 0,
    summary: 'How long it waits for a batch to be full.',
    page: pages.batch,
  },
  'failed-entries': {
    type: 'choice',
    choices: ['reported', 'sent-again', 'ignored'],
    fallback: 'reported',
    summary:
      'What the application does about the entries in `Failed` of a SendMessageBatch: tells whoever sent them, sends them again, or does not look and takes the answer 200 for success.',
    page: pages.batch,
  },
  ...sdkTable,
} as const satisfies OptionTable

export const consumerTable = {
  MaxNumberOfMessages: {
    type: 'count',
    fallback: 1,
    minimum: 1,
    maximum: 10,
    summary: 'How many messages a receive returns at most; they are handled one after the other.',
    page: pages.receive,
  },
  WaitTimeSeconds: {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: 0,
    maximum: 20 * second,
    summary: 'How long a receive waits for a message, in place of the attribute of the queue. A bare number is in s.',
    page: pages.polling,
  },
  VisibilityTimeout: {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: 0,
    maximum: 12 * hour,
    summary: 'How long what it receives is hidden, in place of the attribute of the queue. A bare number is in s.',
    page: pages.visibility,
  },
  ReceiveRequestAttemptId: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether each receive from a FIFO queue has an id which its retries repeat, so that they get what the first attempt got.',
    page: pages.attempts,
  },
  'pause-when-empty': {
    type: 'duration',
    fallback: second,
    minimum: millisecond,
    summary:
      'How long the loop of the application pauses after a short poll that found nothing, or a call that failed.',
    page: pages.polling,
  },
  heartbeatInterval: {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: millisecond,
    maximum: 12 * hour,
    summary:
      'How often the application extends the visibility timeout of what it has not settled, from then on by the whole of it; by default never. A bare number is in s.',
    page: pages.visibility,
  },
  terminateVisibilityTimeout: {
    type: 'flag',
    fallback: false,
    summary:
      'Whether the application makes a message visible at once that it failed to handle (ChangeMessageVisibility to 0); otherwise it comes back when its visibility timeout is over.',
    page: pages.changeVisibility,
  },
  'delete-batch-size': {
    type: 'count',
    fallback: 1,
    minimum: 1,
    maximum: 10,
    summary:
      'How many messages the application deletes with a DeleteMessageBatch, for which it does not wait; 1 deletes each with DeleteMessage, and waits.',
    page: pages.deleteBatch,
  },
  'failed-deletions': {
    type: 'choice',
    choices: ['deleted-again', 'ignored'],
    fallback: 'deleted-again',
    summary:
      'What the application does about the entries in `Failed` of a DeleteMessageBatch: deletes them again, or does not look.',
    page: pages.deleteBatch,
  },
  ...sdkTable,
} as const satisfies OptionTable

export type SdkValues = OptionValues<typeof sdkTable>
export type ProducerValues = OptionValues<typeof producerTable>
export type ConsumerValues = OptionValues<typeof consumerTable>
