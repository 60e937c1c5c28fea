import { millisecond, second } from '../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../option.ts'

const queueOptions = {
  attempts: {
    type: 'count',
    fallback: 3,
    minimum: 0,
    summary: 'Deliveries of a message before it goes to the dead-letter queue; 0 for no cap.',
  },
  'dead-letter': {
    type: 'text',
    fallback: null,
    summary:
      'The queue for messages that were discarded or used their attempts up; by default a queue of its own, `<name>.dead`, which has no cap itself; `none` drops them.',
  },
  'visibility-timeout': {
    type: 'duration',
    fallback: null,
    minimum: millisecond,
    summary:
      'A message that is not acknowledged this long after its delivery goes back into the line, and its late acknowledgement is refused; without it, what a dead consumer had taken is in processing for ever.',
  },
  requeue: {
    type: 'choice',
    choices: ['tail', 'head'],
    fallback: 'tail',
    summary: 'Where a message goes that comes back: behind the others, or before them.',
  },
  capacity: {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary: 'Messages that it holds at most, those in processing included; sends beyond are rejected.',
  },
  'redrive-after': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary:
      'Time of the run at which an operator moves its dead letters back into it, each with all its attempts anew; by default nobody does.',
  },
} as const satisfies OptionTable

/** Nothing to set: the table of an entry that is only named. */
const topicOptions = {} as const satisfies OptionTable

export const memoryOptions = {
  queues: {
    type: 'map',
    of: queueOptions,
    summary: 'Queues by name: each message goes to one consumer, and stays until that one acknowledges it.',
  },
  topics: {
    type: 'map',
    of: topicOptions,
    summary:
      'Topics by name: each message goes to every subscriber that is connected at that moment and to nobody later. Every member of a service subscribes for itself and gets a copy of its own.',
  },
  'time-per-request': {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'Work of the broker for each request; it works on one at a time.',
  },
} as const satisfies OptionTable

const connectionOptions = {
  timeout: {
    type: 'duration',
    fallback: 5 * second,
    minimum: millisecond,
    summary: 'How long a request waits for a connection and its answer; after that nobody knows whether it was heard.',
  },
  'reconnect-after': {
    type: 'duration',
    fallback: 100 * millisecond,
    minimum: millisecond,
    summary: 'Pause before a lost connection is opened again; doubled after each failure, up to `reconnect-at-most`.',
  },
  'reconnect-at-most': {
    type: 'duration',
    fallback: 2 * second,
    minimum: millisecond,
    summary: 'Longest pause before a lost connection is opened again.',
  },
  'connection-timeout': {
    type: 'duration',
    fallback: 30 * second,
    minimum: second,
    summary: 'Silence of the other host after which the connection counts as lost.',
  },
} as const satisfies OptionTable

export const memoryProducerOptions = {
  confirm: {
    type: 'flag',
    fallback: true,
    summary:
      'Whether to wait for the word of the broker that it has the message; without it, a send is over when it is written.',
  },
  ...connectionOptions,
} as const satisfies OptionTable

export const memoryConsumerOptions = connectionOptions

export type QueueSettings = OptionValues<typeof queueOptions>
export type ConnectionSettings = OptionValues<typeof connectionOptions>
