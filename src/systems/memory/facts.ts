import { defineFact } from '../../history/fact.ts'
import type { NeutralRule } from '../system.ts'

/** A consumer was handed a message of a queue, which now waits for its acknowledgement. `attempt` counts the deliveries of this copy. */
export const processingBegan = defineFact(
  'processing-began',
  'broker',
  { copy: 'int', message: 'name', place: 'name', attempt: 'int', consumer: 'name' },
  '{node} handed {message} to {consumer} (attempt {attempt})',
  {
    statement: 'A message that was handed out stays in processing until it is acknowledged.',
    evidence: 'defined',
    page: '',
    routine: true,
  },
)

/** A message that was handed out went into the line again: `rejected`, or `visibility timeout`. */
export const putBack = defineFact(
  'put-back',
  'broker',
  { copy: 'int', message: 'name', place: 'name', attempt: 'int', reason: 'name' },
  '{node} put {message} back into {place}: {reason}',
)

/** Why neutral facts come about in this broker. */
export const memoryRules: readonly NeutralRule[] = [
  rule({ fate: 'acknowledged' }, 'An acknowledgement tells the broker to forget the message.'),
  rule({ fate: 'delivered' }, 'A topic hands each event to the subscribers of the moment and keeps nothing.'),
  rule({ fate: 'lost' }, 'Queues are in the memory of the broker and go with its process, confirmed or not.'),
  rule({ fate: 'dead-lettered' }, 'A message that was discarded, or used its attempts up, goes to the dead letters.'),
  rule({ fate: 'moved' }, 'A redrive puts dead letters at the end of the queue that they came from.'),
]

function rule(values: NeutralRule['values'], statement: string): NeutralRule {
  return { fact: 'copy-ended', values, rule: { statement, evidence: 'defined', page: '' } }
}
