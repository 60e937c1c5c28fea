import { millisecond, minute, second } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { pages } from './pages.ts'
import { queueTable } from './queue-table.ts'

/** The service: its queues, and what its documentation says of the servers behind them without numbers. */
export const serviceTable = {
  queues: {
    type: 'map',
    of: queueTable,
    summary: 'Queues by name. Attributes have their own names, as `aws sqs get-queue-attributes` prints them.',
    page: pages.createQueue,
  },
  servers: {
    type: 'count',
    fallback: 6,
    minimum: 1,
    maximum: 50,
    summary: 'On how many servers a queue is spread; the service does not say.',
    page: pages.polling,
  },
  copies: {
    type: 'count',
    fallback: 3,
    minimum: 1,
    maximum: 50,
    summary:
      'On how many servers a message of a standard queue is stored; it is confirmed when more than half of them have it. The service does not say.',
    page: pages.standard,
  },
  'short-poll-servers': {
    type: 'count',
    fallback: 2,
    minimum: 1,
    maximum: 50,
    summary: 'How many servers a short poll asks, chosen at random by weights; the service does not say.',
    page: pages.polling,
  },
  'repair-within': {
    type: 'duration',
    fallback: 2 * second,
    minimum: millisecond,
    maximum: 10 * minute,
    summary:
      'How long a server that was unavailable may go, once it is back, without the deletions and receives that it missed; the service does not say.',
    page: pages.deleteMessage,
  },
  'old-handle-deletes': {
    type: 'probability',
    fallback: 0.5,
    minimum: 0,
    maximum: 1,
    summary:
      'How often a standard queue deletes a message by a receipt handle that is not the latest; the call succeeds in any case.',
    page: pages.deleteMessage,
  },
  'internal-errors': {
    type: 'probability',
    fallback: 0,
    minimum: 0,
    maximum: 1,
    summary:
      'How often the service fails to send or delete one message with InternalError and does nothing: a call of its own, or one entry of a batch.',
    page: pages.batch,
  },
  'time-per-request': {
    type: 'duration',
    fallback: 2 * millisecond,
    minimum: 0,
    summary: 'Work of the service for each call, of which it does any number at a time; an order of magnitude.',
  },
} as const satisfies OptionTable
