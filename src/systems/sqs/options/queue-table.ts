import { hour, minute, second } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { pages } from './pages.ts'

const day = 24 * hour

/** A queue: its attributes by their own names, its quotas, and what an operator does with it. */
export const queueTable = {
  FifoQueue: {
    type: 'flag',
    fallback: false,
    summary: 'Whether it is a FIFO queue, whose name has to end in `.fifo`.',
    page: pages.createQueue,
  },
  VisibilityTimeout: {
    type: 'duration',
    unit: 's',
    fallback: 30 * second,
    minimum: 0,
    maximum: 12 * hour,
    summary: 'How long a message that was received is hidden from others. A bare number is in s.',
    page: pages.visibility,
  },
  MessageRetentionPeriod: {
    type: 'duration',
    unit: 's',
    fallback: 4 * day,
    minimum: minute,
    maximum: 14 * day,
    summary:
      'How long a message is kept; then it is deleted, whether or not anybody received it. A bare number is in s.',
    page: pages.createQueue,
  },
  DelaySeconds: {
    type: 'duration',
    unit: 's',
    fallback: 0,
    minimum: 0,
    maximum: 900 * second,
    summary: 'How long a new message is hidden. A bare number is in s.',
    page: pages.delay,
  },
  ReceiveMessageWaitTimeSeconds: {
    type: 'duration',
    unit: 's',
    fallback: 0,
    minimum: 0,
    maximum: 20 * second,
    summary:
      'How long a receive waits for a message, asking all servers; 0 is a short poll, which asks some of them. A bare number is in s.',
    page: pages.polling,
  },
  MaximumMessageSize: {
    type: 'size',
    fallback: 1_048_576,
    minimum: 1024,
    maximum: 1_048_576,
    summary: 'The largest message that is accepted.',
    page: pages.quotas,
  },
  RedrivePolicy: {
    type: 'group',
    of: {
      deadLetterTargetArn: {
        type: 'text',
        fallback: null,
        summary: 'The dead-letter queue, by its ARN or its name; without one a message comes back until it expires.',
        page: pages.deadLetters,
      },
      maxReceiveCount: {
        type: 'count',
        fallback: 10,
        minimum: 1,
        maximum: 1000,
        summary: 'How often a message may be received; when it is requested once more it is moved instead.',
        page: pages.deadLetters,
      },
    },
    summary: 'Where messages go that were received too often.',
    page: pages.deadLetters,
  },
  ContentBasedDeduplication: {
    type: 'flag',
    fallback: false,
    summary: 'Whether a FIFO queue takes the body of a message as its deduplication id where it has none of its own.',
    page: pages.deduplication,
  },
  DeduplicationScope: {
    type: 'choice',
    choices: ['queue', 'messageGroup'],
    fallback: 'queue',
    summary: 'Where a deduplication id of a FIFO queue counts.',
    page: pages.highThroughput,
  },
  FifoThroughputLimit: {
    type: 'choice',
    choices: ['perQueue', 'perMessageGroupId'],
    fallback: 'perQueue',
    summary: 'What the rate limit of a FIFO queue is for: the queue, or each message group (high throughput).',
    page: pages.highThroughput,
  },
  'calls-per-second': {
    type: 'count',
    fallback: 300,
    minimum: 1,
    summary:
      'How many calls of each action (send, receive, delete, change of visibility) a FIFO queue takes in a second; a batch is one call. Standard queues take as many as come.',
    page: pages.quotas,
  },
  'in-flight-limit': {
    type: 'count',
    fallback: 120_000,
    minimum: 1,
    summary:
      'How many messages may be received and not deleted: beyond that a short poll of a standard queue fails with OverLimit, and every other receive finds nothing.',
    page: pages.quotas,
  },
  'scan-window': {
    type: 'count',
    fallback: 120_000,
    minimum: 1,
    summary: 'How many of its first messages a FIFO queue looks at for message groups that are free.',
    page: pages.quotas,
  },
  'purged-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary: 'When an operator calls PurgeQueue, which takes effect within 60 s, also on what is sent meanwhile.',
    page: pages.purge,
  },
  'deleted-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary: 'When an operator calls DeleteQueue, which takes effect within 60 s; until then sends succeed.',
    page: pages.deleteQueue,
  },
  'attributes-set-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary: 'When an operator calls SetQueueAttributes with `new-DelaySeconds`, which takes effect within 60 s.',
    page: pages.setAttributes,
  },
  'new-DelaySeconds': {
    type: 'duration',
    unit: 's',
    fallback: null,
    minimum: 0,
    maximum: 900 * second,
    summary:
      'The delay that is set then: for new messages of a standard queue, and for all messages of a FIFO queue. A bare number is in s.',
    page: pages.delay,
  },
  'redriven-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary:
      'When an operator calls StartMessageMoveTask on this dead-letter queue, which moves its messages back to where they came from, as new messages.',
    page: pages.move,
  },
  MaxNumberOfMessagesPerSecond: {
    type: 'count',
    fallback: null,
    minimum: 1,
    maximum: 500,
    summary: 'How fast they are moved; without it the service decides, which is 500 a second here.',
    page: pages.move,
  },
} as const satisfies OptionTable
